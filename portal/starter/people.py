"""Who can sign in to the demo: invented people, one password, a line of story each."""

from dataclasses import dataclass

from django.contrib.auth.models import Group

from portal.access.cms_groups import ensure_cms_groups
from portal.accounts.models import User


@dataclass(frozen=True)
class Person:
    email: str
    first_name: str
    last_name: str
    group: str
    is_administrator: bool = False


PEOPLE = (
    Person("toimetaja@tugivork.example", "Triin", "Näidis", "publishers"),
    Person("kirjutaja@tugivork.example", "Priit", "Näidis", "editors"),
    Person("haldur@tugivork.example", "Helve", "Näidis", "", is_administrator=True),
)


def load_people(password: str) -> None:
    """Create the sign-ins of the demo that are not there yet; all share `password`."""
    groups: dict[str, Group] = ensure_cms_groups()
    for person in PEOPLE:
        if User.objects.filter(email=person.email).exists():
            continue
        user = User.objects.create_user(
            person.email,
            password,
            first_name=person.first_name,
            last_name=person.last_name,
            is_staff=person.is_administrator,
            is_superuser=person.is_administrator,
        )
        if person.group:
            user.groups.add(groups[person.group])
