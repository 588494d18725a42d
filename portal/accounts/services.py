"""What people change about themselves."""

from django.db import transaction

from portal.accounts.models import User


@transaction.atomic
def change_profile(
    user: User, *, first_name: str, last_name: str, language: str, letters: str
) -> None:
    """Save what `user` says about themselves; nobody else has a say in it."""
    user.first_name, user.last_name = first_name, last_name
    user.language, user.letters = language, letters
    user.save(update_fields=["first_name", "last_name", "language", "letters"])
