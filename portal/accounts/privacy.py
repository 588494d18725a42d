"""Whose data accounts, sessions and second factors hold (portal/base/personal.py)."""

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Invitation, User
from portal.base import personal, retention
from portal.base.personal import Column, Path, Subject

# What is read where a name stood. Kept in the row, so in one language.
DELETED = ("Kustutatud", "töötaja")
# A name that no mail server will ever have (RFC 2606).
NOWHERE = "kustutatud.invalid"
DAY = dt.timedelta(days=1)


def register() -> None:
    """Called once, when the app is ready."""
    _of_django()
    _of_sign_in()
    personal.declare(
        Invitation,
        _("Invitations to open the account"),
        worker=Path(
            personal.by_account(Invitation),
            show=("created_at", "expires_at", "accepted_at", "cancelled_at"),
        ),
        excepted={"token_hash": "a hash of the link"},
    )
    personal.declare(
        User,
        _("The account"),
        worker=Path(
            lambda subject: User.objects.filter(pk__in=subject.ids),
            show=(
                "email",
                "first_name",
                "last_name",
                "language",
                "letters",
                "is_active",
                "is_staff",
                "date_joined",
                "last_login",
            ),
            erase=_forget_account,
        ),
        excepted={"password": "a hash of the password: whoever knows it needs no copy"},
    )
    personal.register_finder("worker", find_worker)
    personal.before_erasing(personal.WORKER, _hold)
    retention.register(
        retention.Kind(
            "accounts.invitation",
            _("Invitations that were used, cancelled or are too old, with their links"),
            _("the link stopped working"),
            due=_ended_invitations,
            act=retention.delete_rows,
        )
    )
    retention.register(
        retention.Kind(
            "accounts.session",
            _("Records of signing in: browser, network address, time"),
            _("the session was last used"),
            due=lambda cut: UserSession.objects.filter(last_seen_at__lt=cut).exclude(
                session_key__in=Session.objects.filter(expire_date__gt=timezone.now()).values(
                    "session_key"
                )
            ),
            act=retention.delete_rows,
            longest=30 * DAY,
        )
    )


def find_worker(value: str) -> Subject | None:
    """The account with this id or e-mail."""
    user = User.objects.filter(email__iexact=value).first()
    if user is None and personal.UUID.fullmatch(value):
        user = User.objects.filter(pk=value).first()
    if user is None or is_erased(user):
        return None
    obstacles = (_("The account is open: close it first."),) if user.is_active else ()
    return Subject(
        personal.WORKER,
        frozenset({str(user.pk)}),
        obstacles=obstacles,
        traces=tuple(filter(None, (user.get_full_name(), user.last_name, user.email))),
    )


def is_erased(user: User) -> bool:
    """Has this account been made nobody's?"""
    return user.email.endswith(f"@{NOWHERE}")


def _hold(subject: Subject) -> None:
    """Whoever changes the account meanwhile waits, and then finds it closed."""
    list(User.objects.select_for_update().filter(pk__in=subject.ids).order_by("pk"))


def _forget_account(subject: Subject, rows: QuerySet[Any]) -> int:
    """The row stays, because records point at it; whose it was does not."""
    done = 0
    for user in rows:
        user.groups.clear()
        user.user_permissions.clear()
        user.email = f"{user.pk.hex}@{NOWHERE}"
        user.first_name, user.last_name = DELETED
        user.is_active = user.is_staff = user.is_superuser = False
        user.language, user.letters = User.Language.ESTONIAN, User.Letters.NEVER
        user.last_login = user.last_code_step = None
        user.date_joined = timezone.now()
        user.set_unusable_password()
        user.save()
        done += 1
    return done


def _of_django() -> None:
    personal.holds_nobody(ContentType, "names of models")
    personal.holds_nobody(Permission, "names of permissions")
    personal.holds_nobody(Group, "groups of the CMS, named by the portal")
    personal.holds_nobody(Group.permissions.through, "which permissions a group has")
    personal.declare(
        User.groups.through,
        _("Groups of the CMS"),
        worker=Path(
            personal.by_account(User.groups.through),
            show=(Column("group", _("group"), lambda row: row.group.name),),
        ),
    )
    personal.declare(
        User.user_permissions.through,
        _("Permissions"),
        worker=Path(
            personal.by_account(User.user_permissions.through),
            show=(Column("permission", _("permission"), lambda row: row.permission.codename),),
        ),
    )
    personal.declare(
        Session,
        _("Sessions"),
        worker=Path(_sessions_of),
        excepted={"session_key": "opens the session", "session_data": "the account's id and times"},
    )


def _of_sign_in() -> None:
    personal.holds_nobody(SocialApp, "settings of the state's sign-in")
    personal.declare(
        EmailConfirmation,
        _("E-mail addresses asked to be confirmed"),
        worker=Path(
            lambda subject: EmailConfirmation.objects.filter(
                email_address__user_id__in=subject.ids
            ),
            show=("created", "sent"),
        ),
        excepted={"key": "opens the confirmation"},
    )
    personal.declare(
        EmailAddress,
        _("E-mail addresses"),
        worker=Path(
            personal.by_account(EmailAddress),
            show=("email", "verified", "primary"),
        ),
    )
    personal.declare(
        Authenticator,
        _("Second factors"),
        worker=Path(
            personal.by_account(Authenticator),
            show=("type", "created_at", "last_used_at"),
        ),
        excepted={"data": "the secret itself"},
    )
    personal.declare(
        SocialToken,
        _("Keys of the state's sign-in"),
        worker=Path(lambda subject: SocialToken.objects.filter(account__user_id__in=subject.ids)),
        excepted={"token": "a secret; none is kept", "token_secret": "a secret; none is kept"},
    )
    personal.declare(
        SocialAccount,
        _("The state's sign-in"),
        worker=Path(
            personal.by_account(SocialAccount),
            show=("provider", "uid", "last_login", "date_joined", "extra_data"),
        ),
    )
    personal.declare(
        UserSession,
        _("Where I have signed in"),
        worker=Path(
            personal.by_account(UserSession),
            show=("created_at", "last_seen_at", "ip", "user_agent"),
        ),
        excepted={"session_key": "opens the session", "data": "empty"},
    )


def _sessions_of(subject: Subject) -> QuerySet[Any]:
    """Sessions that are opened for the account, also those without a row beside them."""
    found = [
        session.session_key
        for session in Session.objects.iterator()
        if session.get_decoded().get(SESSION_KEY) in subject.ids
    ]
    listed = UserSession.objects.filter(user_id__in=subject.ids).values("session_key")
    return Session.objects.filter(Q(session_key__in=found) | Q(session_key__in=listed))


def _ended_invitations(cut: dt.datetime) -> QuerySet[Any]:
    return Invitation.objects.filter(
        Q(accepted_at__lt=cut) | Q(cancelled_at__lt=cut) | Q(expires_at__lt=cut)
    )
