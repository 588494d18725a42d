"""The first day: seats, editors and the auditor are given at the machine."""

from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from network.models import RegionMembership, Seat
from network.policies import regions_of
from network.services.people import start_holding
from portal.access.roles import Role
from portal.access.services import start_role
from portal.accounts.models import Invitation, User
from tests.cases.factories import Net
from tests.factories import UserFactory
from tests.network.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
TITLE = "Piirkonna koordinaator"


def run(*arguments, **options):
    said = StringIO()
    call_command(*arguments, stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def net():
    return Net()


def test_a_first_seat_brings_the_position_and_the_membership(net):
    organisation = OrganisationFactory(municipality=net.municipality)
    for _twice in range(2):
        run("give_seat", net.region.slug, organisation.slug, TITLE, "coordinator")
    seat = Seat.objects.get(region=net.region, position__organisation=organisation)
    assert (seat.body, seat.position.role) == (Seat.Body.COORDINATOR, Role.COORDINATOR)
    assert RegionMembership.objects.get(organisation=organisation).region == net.region

    today = timezone.localdate()
    user = UserFactory()
    start_holding(position=seat.position, user=user, valid_from=today)
    assert list(regions_of(user, today, (Seat.Body.COORDINATOR,))) == [net.region]


@pytest.mark.parametrize("wrong", ["region", "organisation"])
def test_a_name_that_nothing_has_is_told(net, wrong):
    organisation = OrganisationFactory(municipality=net.municipality)
    names = {"region": net.region.slug, "organisation": organisation.slug} | {wrong: "olematu"}
    with pytest.raises(CommandError, match="There is no"):
        run("give_seat", names["region"], names["organisation"], TITLE, "steering")
    assert not Seat.objects.filter(position__title=TITLE).exists()


@pytest.fixture
def boss():
    user = UserFactory(is_staff=True, is_superuser=True)
    start_role(user, Role.ADMINISTRATOR, valid_from=timezone.localdate())
    return user


@pytest.mark.parametrize(("publishes", "group"), [(False, "Toimetajad"), (True, "Avaldajad")])
def test_an_editor_who_has_no_account_gets_a_letter(boss, publishes, group):
    said = run(
        *("give_role", "kirjutaja@naidis.example", "content_editor"),
        by=boss.email,
        publishes=publishes,
    )
    user = User.objects.get(email="kirjutaja@naidis.example")
    assert "letter" in said
    assert not user.is_active
    assert Invitation.objects.filter(user=user).exists()
    assert [one.name for one in user.groups.all()] == [group]


def test_an_editor_who_may_publish_later_is_in_one_group(boss):
    user = UserFactory()
    run("give_role", user.email, "content_editor")
    run("give_role", user.email, "content_editor", publishes=True)
    assert [one.name for one in user.groups.all()] == ["Avaldajad"]
    assert user.portal_roles.count() == 1


@pytest.mark.parametrize("by", ["", "keegi@naidis.example", "editor"])
def test_nobody_but_an_administrator_invites(boss, by):
    editor = UserFactory(email="editor@naidis.example")
    with pytest.raises(CommandError):
        run("give_role", "uus@naidis.example", "auditor", by=editor.email if by == "editor" else by)
    assert not User.objects.filter(email="uus@naidis.example").exists()


def test_whoever_administered_until_yesterday_invites_nobody(boss):
    with time_machine.travel("2030-01-01T10:00:00+02:00", tick=False):
        boss.portal_roles.update(valid_until=timezone.localdate())
        with pytest.raises(CommandError):
            run("give_role", "uus@naidis.example", "auditor", by=boss.email)
