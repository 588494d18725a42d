"""The letter about an invitation: to whom, when, and without a word of the case (rules.md 14)."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail as outgoing
from django.utils import timezone

from network.cases.letters import tell_waiting
from network.cases.services.team import answer_invitation
from network.services.people import end_holding
from portal.access.roles import Role
from portal.accounts.models import User
from portal.base import outbox
from tests.cases.factories import Net, Worker, invite, open_case_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Net:
    return Net()


def prefer(worker: Worker, letters: str) -> None:
    User.objects.filter(pk=worker.user.pk).update(letters=letters)


def delivered_to(worker: Worker) -> list[Any]:
    """Deliver what waits; the letters to this worker."""
    outbox.deliver_due(timezone.now() + dt.timedelta(seconds=1))
    return [letter for letter in outgoing.outbox if worker.user.email in letter.to]


def test_who_wants_letters_at_once_gets_one_without_a_word_of_the_case(here: Net) -> None:
    support, peer = here.worker(Role.BASE_SUPPORT), here.worker(Role.ADDITIONAL_SUPPORT)
    case = open_case_of(support)

    invite(case, peer, by=support, task="Salajane ülesanne")

    [letter] = delivered_to(peer)
    text = f"{letter.subject} {letter.body}"
    assert "/intranet/" in text
    person = case.person
    for secret in (case.number, str(case.pk), person.first_name, person.last_name, "Salajane"):
        assert secret not in text
    assert delivered_to(support) == []


def test_who_wants_one_letter_a_day_gets_one_whatever_the_number_of_invitations(here: Net) -> None:
    support, peer = here.worker(Role.BASE_SUPPORT), here.worker(Role.ADDITIONAL_SUPPORT)
    prefer(peer, "daily")
    for _ in range(3):
        invite(open_case_of(support), peer, by=support)
    assert delivered_to(peer) == []

    now = timezone.now()
    tell_waiting(now)
    tell_waiting(now)

    assert len(delivered_to(peer)) == 1


def test_who_wants_none_gets_none(here: Net) -> None:
    support, peer = here.worker(Role.BASE_SUPPORT), here.worker(Role.ADDITIONAL_SUPPORT)
    prefer(peer, "never")

    invite(open_case_of(support), peer, by=support)
    tell_waiting(timezone.now())

    assert delivered_to(peer) == []


def test_a_letter_that_has_become_untrue_is_not_sent(here: Net) -> None:
    support, peer = here.worker(Role.BASE_SUPPORT), here.worker(Role.ADDITIONAL_SUPPORT)
    member = invite(open_case_of(support), peer, by=support)

    answer_invitation(member, accept=False, by=peer.user)

    assert delivered_to(peer) == []


def test_a_former_holder_of_the_position_hears_nothing(here: Net) -> None:
    support, peer = here.worker(Role.BASE_SUPPORT), here.worker(Role.ADDITIONAL_SUPPORT)
    holding = peer.user.holdings.get()
    end_holding(holding, valid_until=timezone.localdate())

    invite(open_case_of(support), peer, by=support)

    assert delivered_to(peer) == []


def test_whoever_invited_gets_a_letter_of_a_decline_without_a_word_of_the_case(here: Net) -> None:
    support, peer = here.worker(Role.BASE_SUPPORT), here.worker(Role.ADDITIONAL_SUPPORT)
    case = open_case_of(support)
    answer_invitation(invite(case, peer, by=support), accept=False, by=peer.user)

    [letter] = delivered_to(support)
    text = f"{letter.subject} {letter.body}"
    assert "/intranet/" in text
    for secret in (case.number, case.person.last_name, peer.organisation.name):
        assert secret not in text
