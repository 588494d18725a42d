"""The menu leads to cases only those who have anything to do with them."""

import pytest
from django.urls import reverse

from network.models import Seat
from portal.access.roles import Role
from tests.cases.factories import Net

pytestmark = pytest.mark.django_db
LINK = '<a href="/intranet/juhtumid/"'


@pytest.mark.parametrize(
    ("role", "is_there"),
    [(Role.BASE_SUPPORT, True), (Role.CASE_MANAGER, True), (Role.OFFER_EDITOR, False)],
)
def test_the_menu_has_cases_for_whoever_opens_them(client, role, is_there):
    client.force_login(Net().worker(role=role).user)
    assert (LINK in client.get(reverse("resource_list")).text) is is_there


def test_a_seat_in_the_region_alone_has_no_cases_in_its_menu(client):
    client.force_login(Net().seat(Seat.Body.STEERING).user)
    assert LINK not in client.get(reverse("meeting_list")).text
    page = client.get(reverse("case_list"))
    assert page.status_code == 200
    assert LINK in page.text
