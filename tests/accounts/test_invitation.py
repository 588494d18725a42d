"""Invited people are nobody until they accept, by a link that works once and for seven days."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from network.cases.policies import CasePolicy
from network.models import Holding
from network.services.people import close_account, invite_worker
from portal.access.roles import Role
from portal.access.services import start_role
from portal.accounts import invitations
from portal.accounts.models import Invitation, User
from portal.audit.models import AccessEvent
from portal.base.models import OutboxItem
from tests.accounts.test_sign_in import NEW, deliver, is_signed_in, link_in_letter, sign_in
from tests.cases.factories import LONG_AGO, Net, PositionFactory, auditor, join, open_case_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ADDRESS = "uus@naidis.example"
ACCEPT = "/konto/kutse/"
SAID = {"first_name": "Uku", "last_name": "Uustulnuk", "password1": NEW, "password2": NEW}


@pytest.fixture
def boss():
    user = UserFactory()
    start_role(user, Role.ADMINISTRATOR, valid_from=LONG_AGO)
    return user


@pytest.fixture
def position():
    return PositionFactory(role=Role.BASE_SUPPORT)


@pytest.fixture
def invited(boss, position):
    return invite_worker(email=ADDRESS, position=position, by=boss).user


def open_link(client):
    """Follow the link in the last letter; returns the page of the form."""
    deliver()
    link = link_in_letter()
    answer = client.get(link)
    assert answer["Location"] == ACCEPT  # the secret leaves the address before a page is shown
    return client.get(ACCEPT)


def test_before_accepting_one_is_nobody(client, boss):
    net = Net()
    anu = net.worker(Role.BASE_SUPPORT)
    case = open_case_of(anu)
    user = invite_worker(email=ADDRESS, position=anu.position, by=boss).user
    assert not user.is_active
    assert not user.has_usable_password()
    assert not CasePolicy.allows(user, "view", case, timezone.localdate())
    sign_in(client, email=ADDRESS, password="")
    assert not is_signed_in(client)


def test_accepting_opens_the_account_and_what_the_position_sees(client, boss):
    net = Net()
    anu, tiit = net.worker(Role.BASE_SUPPORT), net.worker(Role.ADDITIONAL_SUPPORT)
    case = open_case_of(anu)
    join(case, tiit, by=anu)
    invite_worker(email=ADDRESS, position=tiit.position, by=boss)
    assert open_link(client).status_code == 200
    assert client.post(ACCEPT, SAID)["Location"] == "/konto/sisse/"
    sign_in(client, email=ADDRESS, password=NEW)
    assert is_signed_in(client)
    user = User.objects.get(email=ADDRESS)
    assert user.get_full_name() == "Uku Uustulnuk"
    assert CasePolicy.allows(user, "view", case, timezone.localdate())


def test_the_page_after_says_that_the_account_is_ready(client, invited):
    open_link(client)
    page = client.post(ACCEPT, SAID, follow=True).content.decode()
    assert 'role="status"' in page


def test_a_link_works_once(client, invited):
    open_link(client)
    link = link_in_letter()
    client.post(ACCEPT, SAID)
    other = Client()
    other.get(link)
    assert other.get(ACCEPT).status_code == 404
    again = other.post(ACCEPT, SAID | {"password1": "hoopis teine salasõna", "password2": "x"})
    assert again.status_code == 404
    assert User.objects.get(email=ADDRESS).check_password(NEW)


def gone(client):
    answer = client.get(ACCEPT)
    assert answer.status_code == 404
    return answer.content


def test_strange_used_cancelled_and_old_links_get_the_same_page(client, boss, position, invited):
    deliver()
    link = link_in_letter()
    client.get("/konto/kutse/00000000000000000000000000000000/")
    strange = gone(client)
    client.get(link)
    with time_machine.travel(timezone.now() + dt.timedelta(days=7, seconds=1)):
        assert gone(client) == strange
    invite_worker(email=ADDRESS, position=position, by=boss)  # the first link is void from now on
    assert gone(client) == strange
    assert gone(Client()) == strange


def test_a_link_works_on_its_seventh_day(client, invited):
    deliver()
    with time_machine.travel(timezone.now() + dt.timedelta(days=6, hours=23)):
        client.get(link_in_letter())
        assert client.get(ACCEPT).status_code == 200


def test_a_second_letter_brings_a_link_that_works(client, boss, position, invited):
    invite_worker(email=ADDRESS, position=position, by=boss)
    assert open_link(client).status_code == 200
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]]  # of the void link nothing is sent
    assert Holding.objects.filter(user=invited).count() == 1


def test_looking_at_the_link_changes_nothing(client, invited):
    open_link(client)
    assert not User.objects.get(email=ADDRESS).is_active
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"password1": "lühike", "password2": "lühike"}, "password1"),
        ({"password2": "midagi muud, aga pikka"}, "password2"),
        ({"password1": "uustulnuk uku", "password2": "uustulnuk uku"}, "password1"),
    ],
)
def test_what_cannot_be_comes_back_with_its_error(client, invited, wrong, field):
    open_link(client)
    answer = client.post(ACCEPT, SAID | wrong)
    assert field in answer.context["form"].errors
    assert "Uustulnuk" in answer.content.decode()
    assert not User.objects.get(email=ADDRESS).is_active


def test_whoever_was_signed_in_here_is_signed_out(client, invited):
    client.force_login(UserFactory())
    open_link(client)
    client.post(ACCEPT, SAID)
    assert not is_signed_in(client)


def test_a_closed_account_is_not_opened_by_an_old_link(client, invited):
    deliver()
    close_account(invited)
    client.get(link_in_letter())
    assert client.get(ACCEPT).status_code == 404


def test_the_database_and_the_outbox_hold_no_link(invited):
    token = invitations.token_of(Invitation.objects.get())
    assert len(bytes.fromhex(token)) == 16  # 128 bits
    item = OutboxItem.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_invitation")
        assert token not in str(cursor.fetchall())
    assert token not in str(item.payload)
    assert ADDRESS not in str(item.payload)


def test_the_letter_names_nobody(boss, invited):
    deliver()
    letter = mail.outbox[0]
    assert letter.to == [ADDRESS]
    assert boss.first_name not in letter.subject + letter.body


def test_somebody_with_an_account_gets_the_position_and_a_letter_without_a_link(boss, position):
    worker = UserFactory(email=ADDRESS)
    holding = invite_worker(email=ADDRESS.upper(), position=position, by=boss)
    assert holding.user == worker
    assert not Invitation.objects.exists()
    deliver()
    letter = mail.outbox[0]
    assert letter.to == [ADDRESS]
    assert position.title in letter.body
    assert ACCEPT not in letter.body


def test_who_has_an_account_is_not_learnt_by_asking_again(boss, position):
    """Until somebody has signed in since, the answer is that of an address without an account."""
    worker = UserFactory(email=ADDRESS)
    for address in (ADDRESS, "teine@naidis.example"):
        first = invite_worker(email=address, position=position, by=boss)
        assert invite_worker(email=address, position=position, by=boss) == first
        assert not first.is_taken_up
    User.objects.filter(pk=worker.pk).update(last_login=timezone.now())
    with pytest.raises(ValidationError):
        invite_worker(email=ADDRESS, position=position, by=boss)


def test_only_the_administrator_invites(position):
    net = Net()
    for somebody in (
        UserFactory(is_superuser=True, is_staff=True),
        net.worker(Role.ORGANISATION_LEAD).user,
        net.seat().user,
        auditor(),
    ):
        with pytest.raises(PermissionDenied):
            invite_worker(email=ADDRESS, position=position, by=somebody)
    assert not User.objects.filter(email=ADDRESS).exists()


def test_a_former_administrator_invites_nobody(boss, position):
    boss.portal_roles.update(valid_until=timezone.localdate())
    with pytest.raises(PermissionDenied):
        invite_worker(email=ADDRESS, position=position, by=boss)


def test_the_log_keeps_who_let_whom_in(boss, invited):
    event = AccessEvent.objects.get()
    assert (event.actioncode, event.usercode) == ("worker_invite", str(boss.pk))
    assert event.subjects.get().subject == str(invited.holdings.get().pk)


def test_the_command_invites(boss, position):
    place = {"organisation": position.organisation.slug, "title": position.title}
    said = StringIO()
    call_command("invite_worker", ADDRESS, by=boss.email, stdout=said, **place)
    assert "letter" in said.getvalue()
    listed = StringIO()
    call_command("invite_worker", ADDRESS, stdout=listed)
    assert position.title in listed.getvalue()
    for wrong in (
        {**place, "by": "keegi@naidis.example"},
        {**place, "by": UserFactory().email},
        {**place, "title": "olematu", "by": boss.email},
    ):
        with pytest.raises(CommandError):
            call_command("invite_worker", "teine@naidis.example", stdout=said, **wrong)
    with pytest.raises(CommandError):
        call_command("invite_worker", "see pole aadress", by=boss.email, stdout=said, **place)


def test_the_first_administrator_is_made_at_the_machine():
    user = UserFactory()
    for _twice in range(2):
        call_command("give_role", user.email, "administrator", stdout=StringIO())
    assert user.portal_roles.get().role == Role.ADMINISTRATOR
    with pytest.raises(CommandError):
        call_command("give_role", "keegi@naidis.example", "auditor", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_accept_at_once_one_gets_in(boss, position):
    invite_worker(email=ADDRESS, position=position, by=boss)
    token = invitations.token_of(Invitation.objects.get())

    def accept(number):
        try:
            invitations.accept(
                token, first_name="Uku", last_name=str(number), password=f"pikk salasõna {number}"
            )
        except invitations.NotOpen:
            return None
        finally:
            connection.close()
        return number

    with ThreadPoolExecutor(10) as pool:
        won = [number for number in pool.map(accept, range(10)) if number is not None]
    assert len(won) == 1
    user = User.objects.get(email=ADDRESS)
    assert user.last_name == str(won[0])
    assert user.check_password(f"pikk salasõna {won[0]}")
