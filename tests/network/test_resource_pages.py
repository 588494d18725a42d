"""Who finds which resources, and what each of them may do with them. REG-01, REG-02."""

import csv
import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.models import Resource, ResourceChange, Seat
from portal.access.models import PortalRole
from portal.access.roles import Role
from tests.cases.factories import LONG_AGO, Net
from tests.factories import UserFactory
from tests.network.factories import ComponentFactory, ResourceFactory
from tests.network.people import new_key, offer_of, speaker, typed

pytestmark = pytest.mark.django_db

KEPT, SEEN, HIDDEN = "kept", "seen", "hidden"


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def partner(here):
    return here.organisation(name="Kolme Käbi")


@pytest.fixture
def offer(partner):
    return offer_of(partner, price="40.00", places=5, free_places=2)


def proposal_for(resource, by):
    return ResourceChange.objects.create(
        resource=resource,
        organisation=resource.organisation,
        what="proposed",
        state="waiting",
        by=by,
    )


def people(here, partner):
    """Everybody who may meet a resource of `partner`, and somebody who may not."""
    there = Net()
    admin = UserFactory(is_superuser=True, is_staff=True)
    PortalRole.objects.create(user=admin, role=Role.ADMINISTRATOR, valid_from=LONG_AGO)
    former_seat = here.seat(Seat.Body.STEERING)
    today = timezone.localdate()
    former_seat.position.seats.update(valid_until=today)
    return {
        "keeper": speaker(partner),
        "lead of the organisation": speaker(partner, Role.ORGANISATION_LEAD),
        "steering": here.seat(Seat.Body.STEERING).user,
        "coordinator": here.seat(Seat.Body.COORDINATOR).user,
        "network": here.seat(Seat.Body.NETWORK).user,
        "former keeper": speaker(partner, until=today),
        "former steering": former_seat.user,
        "worker of the organisation": here.worker(organisation=partner).user,
        "keeper elsewhere": speaker(here.organisation()),
        "steering elsewhere": there.seat(Seat.Body.STEERING).user,
        "administrator": admin,
        "nobody": UserFactory(),
    }


MANAGES = {"steering", "coordinator"}
SPEAKS = {"keeper", "lead of the organisation"}
SEES = MANAGES | SPEAKS | {"network"}


def expected(who, action):
    """GET or POST of a page about a published resource with a proposal that waits."""
    allowed = {
        "view": SEES,
        "edit": MANAGES | SPEAKS,
        "manage": MANAGES,
        # Only who leads or speaks knows that something waits.
        "decide": MANAGES,
    }[action]
    if who in allowed:
        return 200
    knows = MANAGES | SPEAKS if action == "decide" else SEES
    return 403 if who in knows else 404


PAGES = {
    "resource_detail": "view",
    "resource_change": "edit",
    "resource_publish": "manage",
    "resource_withdraw": "manage",
}


def test_who_opens_which_page_of_a_resource(client, here, partner, offer):
    everybody = people(here, partner)
    proposal = proposal_for(offer.resource, everybody["keeper"])
    answers, wanted = {}, {}
    for who, user in everybody.items():
        client.force_login(user)
        for name, action in PAGES.items():
            answers[who, name] = client.get(reverse(name, args=[offer.pk])).status_code
            wanted[who, name] = expected(who, action)
        decide = reverse("proposal_decide", args=[proposal.pk])
        answers[who, "decide"] = client.get(decide).status_code
        wanted[who, "decide"] = expected(who, "decide")
    assert answers == wanted


def test_who_writes_what(client, here, partner, offer):
    everybody = people(here, partner)
    answers, wanted = {}, {}
    for who, user in everybody.items():
        client.force_login(user)
        for name in ("resource_confirm", "resource_availability"):
            sent = {"key": new_key(), "version": Resource.objects.get(pk=offer.pk).version}
            answers[who, name] = client.post(reverse(name, args=[offer.pk]), sent).status_code
            wanted[who, name] = 302 if expected(who, "edit") == 200 else expected(who, "edit")
        withdraw = reverse("resource_withdraw", args=[offer.pk])
        answers[who, "withdraw"] = client.post(withdraw, {"key": new_key()}).status_code
        wanted[who, "withdraw"] = 302 if who in MANAGES else expected(who, "manage")
        Resource.objects.filter(pk=offer.pk).update(state="published")
        add = client.get(reverse("resource_add")).status_code
        answers[who, "add"] = add
        knows_an_organisation = who in MANAGES | SPEAKS | {"keeper elsewhere", "steering elsewhere"}
        wanted[who, "add"] = 200 if knows_an_organisation else 403
    assert answers == wanted


def test_foreign_and_unknown_are_the_same_page(client, partner, offer):
    stranger = Net().seat(Seat.Body.STEERING).user
    client.force_login(stranger)
    proposal = proposal_for(offer.resource, speaker(partner))
    for name in PAGES:
        foreign = client.get(reverse(name, args=[offer.pk]))
        unknown = client.get(reverse(name, args=[offer.pk + 999]))
        assert foreign.status_code == unknown.status_code == 404
        assert foreign.content == unknown.content
    foreign = client.get(reverse("proposal_decide", args=[proposal.pk]))
    unknown = client.get(reverse("proposal_decide", args=[uuid.uuid4()]))
    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)


def test_signed_out_visitors_are_led_to_the_sign_in(client, offer):
    one = [offer.pk]
    pages = [reverse(name, args=one) for name in PAGES]
    pages += [
        reverse(name) for name in ("resource_list", "resource_export", "own_offers", "resource_add")
    ]
    for url in pages:
        answer = client.get(url)
        assert answer.status_code == 302
        assert "/konto/sisse/" in answer["Location"]
    confirm = client.post(reverse("resource_confirm", args=one))
    assert confirm.status_code == 403
    assert not ResourceChange.objects.exists()


def test_the_list_holds_the_region_and_nothing_of_another(client, here, partner, offer):
    there = Net()
    foreign = offer_of(there.organisation(name="Kauge Asutus"))
    # It stands in another region, but works in our network (REG-02).
    outside = there.organisation(name="Piiriülene")
    here.region.organisation_memberships.create(organisation=outside, valid_from=LONG_AGO)
    reaching = offer_of(outside)
    client.force_login(here.seat(Seat.Body.NETWORK).user)
    page = client.get(reverse("resource_list"))
    shown = {row.id for row in page.context["rows"]}
    assert shown == {offer.pk, reaching.pk}
    assert foreign.resource.organisation.name not in page.text
    client.force_login(UserFactory())
    assert client.get(reverse("resource_list")).context["rows"] == []


def found(client, **asked):
    page = client.get(reverse("resource_list"), asked)
    assert page.status_code == 200
    return {row.id for row in page.context["rows"]}, page


def test_the_list_is_searched_narrowed_and_sorted(client, here, partner, offer):
    lead = here.seat(Seat.Body.STEERING).user
    client.force_login(lead)
    offer.component.name = "Kogemusnõustamine"
    offer.component.save()
    other = offer_of(
        here.organisation(name="Õunapuu OÜ"),
        resource__state="draft",
        resource__confirmed_on=None,
        component=ComponentFactory(name="Tugirühm"),
    )
    club = ResourceFactory(
        organisation=partner, kind="community", name="Külaselts", state="withdrawn"
    )
    proposal_for(offer.resource, lead)
    assert found(client)[0] == {offer.pk, other.pk}
    assert found(client, state="all")[0] == {offer.pk, other.pk, club.pk}
    assert found(client, state="withdrawn")[0] == {club.pk}
    assert found(client, q="kogemusnõustamist")[0] == {offer.pk}
    assert found(client, q="KÄBI kogemus")[0] == {offer.pk}
    assert found(client, q="õunapuu")[0] == {other.pk}
    assert found(client, q="külaselts", state="all")[0] == {club.pk}
    assert found(client, q="Õunapuu kogemus")[0] == set()
    assert found(client, component=other.component.slug)[0] == {other.pk}
    assert found(client, municipality=partner.municipality.slug)[0] == {offer.pk, other.pk}
    assert found(client, kind="community", state="all")[0] == {club.pk}
    assert found(client, look="stale")[0] == {other.pk}
    assert found(client, look="waiting")[0] == {offer.pk}
    names = [row.title for row in found(client, sort="name")[1].context["rows"]]
    assert names == ["Kogemusnõustamine", "Tugirühm"]
    oldest = [row.id for row in found(client, sort="oldest")[1].context["rows"]]
    assert oldest == [other.pk, offer.pk]


def test_of_too_many_components_only_the_one_asked_for_stands_in_the_list(
    client, here, partner, offer, monkeypatch
):
    monkeypatch.setattr("network.filters.MOST_LISTED", 1)
    client.force_login(here.seat(Seat.Body.STEERING).user)
    other = offer_of(here.organisation(), component=ComponentFactory())

    def listed(page):
        form = page.context["filters"].form
        return [value for value, _label in form.fields["component"].choices]

    rows, page = found(client)
    assert (rows, listed(page)) == ({offer.pk, other.pk}, [""])
    rows, page = found(client, component=other.component.slug)
    assert (rows, listed(page)) == ({other.pk}, ["", other.component.slug])


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "olematu"},
        {"component": "x'; drop table"},
        {"sort": "organisation__registry_code"},
        {"page": "-7"},
        {"page": "abc"},
        {"q": '"'},
        {"q": "\0"},
        {"q": "x" * 5000},
        {"kind": ["offer", "benefit"]},
    ],
)
def test_what_is_on_no_list_is_named_and_never_an_error(client, here, offer, asked):
    client.force_login(here.seat(Seat.Body.STEERING).user)
    page = client.get(reverse("resource_list"), asked)
    assert page.status_code == 200
    if "state" in asked:
        assert "olematu" in page.text
    assert client.get(reverse("resource_export"), asked).status_code == 200


def test_the_table_holds_what_the_list_shows_on_all_its_pages(client, here, partner, offer):
    for n in range(35):
        offer_of(partner, component=ComponentFactory(name=f"=Komponent {n}"))
    client.force_login(here.seat(Seat.Body.STEERING).user)
    page = client.get(reverse("resource_list"), {"q": "komponent"})
    assert page.context["page"].paginator.num_pages == 2
    answer = client.get(reverse("resource_export"), {"q": "komponent"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + page.context["page"].paginator.count
    assert sum(row[0].startswith("'=") for row in rows) == 35
    assert not any(row[0].startswith("=") for row in rows)


def count_queries(client, url, **asked):
    client.get(url, asked)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, asked).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", ["resource_list", "resource_export", "own_offers"])
def test_a_list_asks_as_much_for_three_rows_as_for_thirty(client, here, partner, name):
    user = speaker(partner)
    client.force_login(user)
    url = reverse(name)

    def more(n):
        for _ in range(n):
            offer = offer_of(partner, price="40.00", price__group="20.00")
            proposal_for(offer.resource, user)

    more(3)
    few = count_queries(client, url, q="asutus")
    more(25)
    assert count_queries(client, url, q="asutus") == few


def test_the_history_asks_as_much_for_two_steps_as_for_twenty(client, here, partner, offer):
    client.force_login(here.seat(Seat.Body.STEERING).user)
    url = reverse("resource_detail", args=[offer.pk])

    def more(n):
        for _ in range(n):
            ResourceChange.objects.create(
                resource=offer.resource,
                organisation=partner,
                what="changed",
                by=speaker(partner),
                before={"component": offer.component_id, "note": "enne"},
                after={"component": offer.component_id, "note": "pärast"},
            )

    more(2)
    few = count_queries(client, url)
    more(17)
    assert count_queries(client, url) == few
    assert "pärast" in client.get(url).text


def test_every_form_opens_and_says_nothing_is_different_if_nothing_was(client, here, partner):
    full = offer_of(partner, price="40.00", price__group="20.00", languages="et, ru, la")
    full.serves.add(here.another_municipality())
    club = ResourceFactory(organisation=partner, kind="community", name="Külaselts")
    for user in (here.seat(Seat.Body.STEERING).user, speaker(partner)):
        client.force_login(user)
        for resource in (full.resource, club):
            url = reverse("resource_change", args=[resource.pk])
            answer = client.post(url, typed(client, resource))
            assert answer.status_code == 302, answer.context["form"].errors
    assert not ResourceChange.objects.exists()
    full.refresh_from_db()
    assert full.languages == "et, ru, la"


def test_pages_speak_to_whoever_has_nothing(client, here):
    client.force_login(UserFactory())
    for name in ("resource_list", "own_offers"):
        page = client.get(reverse(name))
        assert page.status_code == 200
        assert 'class="empty"' in page.text
