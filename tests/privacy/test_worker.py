"""A worker who is erased is nobody; what was written about people stays with them."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from network.cases.models import CaseNote
from network.meetings.models import Attendance, CalendarFeed, Group
from network.meetings.services.feeds import make_feed
from network.models import Holding, JoinRequest
from network.services.people import close_account
from portal.access.grants import differences
from portal.accounts import invitations
from portal.accounts.models import User
from portal.audit.log import Actor
from portal.base import mail, personal
from portal.base.models import OutboxItem
from portal.privacy.erasing import Refused, erase
from portal.privacy.models import Erasure
from tests.cases.factories import join, write_note
from tests.meetings.factories import planned_meeting
from tests.privacy.everywhere import where
from tests.privacy.factories import new_key, somebody

pytestmark = pytest.mark.django_db
BY = Actor("", "test")
NAME = "Rukkirääk"


@pytest.fixture
def left(net):
    """Somebody who did everything and has left; and the case on whose team they were."""
    made = somebody(net, "Kanaarik")
    worker = net.worker("additional_support")
    user = worker.user
    user.first_name, user.last_name, user.email = "Õie", NAME, f"{NAME}@naidis.example".lower()
    user.save()
    other = made.anu.user
    join(made.case, worker, by=made.anu)
    note = write_note(made.case, by=worker, text="Käisin külas.")
    browser = Client()
    browser.force_login(user)
    UserSession.objects.create(
        user=user, ip="10.1.2.3", session_key=browser.session.session_key, user_agent=NAME
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    Authenticator.objects.create(user=user, type="totp", data={"secret": NAME})
    SocialAccount.objects.create(user=user, provider="tara", uid="EE60001019906")
    UserProfile.objects.create(user=user, preferred_language="et")
    ModelLogEntry.objects.log_action(user, "wagtail.edit", user=other)
    with transaction.atomic():
        mail.send("second_factor", {"user": str(user.pk), "what": "added"})
    make_feed(by=user, key=new_key())
    group = Group.objects.get_or_create(region=net.region, body=Group.Body.STEERING)[0]
    meeting = planned_meeting(group)
    Attendance.objects.create(meeting=meeting, guest_name=f"Õie {NAME}, Näidisküla", is_guest=True)
    JoinRequest.objects.create(
        region=net.region,
        name="Uus asutus",
        kind="provider",
        municipality=net.municipality,
        lead_email=user.email.upper(),
        asked_by=other,
    )
    invitations.invite("uus@naidis.example", by=user)
    close_account(user)
    return user, note, made


def of(user):
    return personal.find("worker", user.email)


def test_nothing_says_whose_account_it_was(left):
    user, note, made = left
    assert where(NAME)
    done = erase(of(user), reason="Lahkus.", by=BY)
    # The log says who looked, for its own time: its chain would break without it.
    assert where(NAME, "EE60001019906", "10.1.2.3") == {"audit.AccessEvent", "audit_accessevent"}
    assert done.counts["accounts.User"] == 1
    user.refresh_from_db()
    assert str(user) == "Kustutatud töötaja"
    assert not user.is_active
    assert not user.has_usable_password()
    rows = (EmailAddress, Authenticator, SocialAccount, UserSession, CalendarFeed, UserProfile)
    assert [model.objects.filter(user=user).count() for model in rows] == [0] * 6
    assert not [s for s in Session.objects.all() if str(user.pk) in str(s.get_decoded())]
    assert not OutboxItem.objects.filter(payload__user=str(user.pk)).exists()
    assert Erasure.objects.get().kind == "worker"


def test_what_they_wrote_stays_and_says_which_organisation_it_was(client, left):
    user, note, made = left
    erase(of(user), reason="Lahkus.", by=BY)
    kept = CaseNote.objects.get(pk=note.pk)
    assert (kept.text, kept.author_id) == ("Käisin külas.", user.pk)
    client.force_login(made.anu.user)
    page = client.get(reverse("case_note_list", args=[made.case.pk])).content.decode()
    assert "Käisin külas." in page
    assert NAME not in page
    assert Holding.objects.filter(user=user).exists()
    assert differences() == []


def test_the_guest_and_the_asked_lead_lose_their_names(left):
    user, _note, _made = left
    erase(of(user), reason="Lahkus.", by=BY)
    assert Attendance.objects.get(guest_name="külaline").is_guest
    assert JoinRequest.objects.get().lead_email == ""


def test_an_open_account_is_refused_whatever_is_said(net):
    worker = net.worker()
    with pytest.raises(Refused, match="(?i)konto"):
        erase(of(worker.user), reason="Lahkus.", by=BY, although_open=True)
    assert User.objects.get(pk=worker.user.pk).is_active


def test_after_an_old_backup_an_open_account_is_closed_and_erased(net):
    worker = net.worker()
    assert Holding.objects.not_over(timezone.localdate()).filter(user=worker.user).exists()
    erase(of(worker.user), reason="uuesti", by=BY, is_again=True)
    worker.user.refresh_from_db()
    assert not worker.user.is_active
    assert not Holding.objects.not_over(timezone.localdate()).filter(user=worker.user).exists()
    assert personal.find("worker", str(worker.user.pk)) is None


def test_erased_once_is_erased(left):
    user, _note, _made = left
    address = user.email
    call_command("erase_subject", "--worker", address, "--reason", "Lahkus.", "--yes")
    assert personal.find("worker", address) is None
    assert personal.find("worker", str(user.pk)) is None
