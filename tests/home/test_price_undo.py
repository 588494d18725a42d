"""An import of prices taken back: everything as it was, or nothing. CAT-23."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from catalogue.importer import keeping
from catalogue.models import Price, PriceImport, Round
from network.models import OfferPrice, ResourceChange, Seat
from network.services.facts import facts_of
from network.services.proposals import decide_proposal, seen
from portal.access.cms_groups import ensure_cms_groups
from tests.cases.factories import Net
from tests.factories import UserFactory
from tests.home.price_lists import HEAD, act, fields_of, of, page_of, question, sent_to, take_back
from tests.network.factories import ComponentFactory, PriceFactory, RoundFactory
from tests.network.people import offer_of, speaker

pytestmark = pytest.mark.django_db

NEW = dt.date(2026, 1, 1)
ROW = ["", "Töötamise toetamine", "", "45", "0", "45"]


@pytest.fixture
def publisher(client):
    user = UserFactory()
    user.groups.set([ensure_cms_groups()["publishers"]])
    client.force_login(user)
    return user


@pytest.fixture
def round_():
    return RoundFactory()


@pytest.fixture
def components():
    peer = ComponentFactory(code="M4", name="Kogemusnõustamine", is_group=True)
    return peer, ComponentFactory(code="H2", name="Töötamise toetamine")


@pytest.fixture
def here():
    return Net()


def stored(model=Price):
    """Every price with all that it holds, but its number."""
    names = [f.attname for f in model._meta.concrete_fields if f.name != "id"]
    return sorted(map(str, model.objects.values_list(*names)))


def standing(round_, components):
    """Prices of every sort: running, to be overwritten, with another that begins later."""
    peer, work = components
    PriceFactory(component=work, round=round_, net="30.00", gross="30.00")
    PriceFactory(component=peer, round=round_, form="individual", valid_until=NEW, source="Otsus 1")
    later = dt.date(2026, 5, 1)
    PriceFactory(component=peer, round=round_, form="individual", valid_from=NEW, valid_until=later)
    PriceFactory(component=peer, round=round_, form="individual", valid_from=later)


ROWS = [
    HEAD,
    ["", "Kogemusnõustamine", "individuaalne ja grupis", "40", "0", "40"],
    ROW,
]


def taken_over(client, round_):
    """The list of ROWS, taken over with the overwriting that it needs."""
    kept = sent_to(client, of(round_), ROWS)
    act(client, kept, "answer", **{question(page_of(client, kept), "clash"): "yes"})
    assert act(client, kept).status_code == 302
    kept.refresh_from_db()
    assert kept.applied == 3
    return kept


def test_what_was_added_goes_and_what_was_ended_or_overwritten_comes_back(
    client, publisher, round_, components
):
    standing(round_, components)
    before = stored()
    kept = taken_over(client, round_)
    during = stored()
    assert during != before
    assert take_back(client, kept).status_code == 302
    assert stored() == before
    kept.refresh_from_db()
    assert (kept.applied_at, kept.applied, kept.outcome) == (None, 0, {})
    assert kept.taken_back_at
    # It is a form again, and can be taken over once more.
    assert 'value="apply"' in page_of(client, kept).text
    assert act(client, kept).status_code == 302
    assert stored() == during
    kept.refresh_from_db()
    assert kept.taken_back_at is None


def test_taking_back_tells_whoever_has_the_table_of_the_round_open(
    client, publisher, round_, components
):
    kept = sent_to(client, of(round_), [HEAD, ROW])
    act(client, kept)
    version = Round.objects.get(pk=round_.pk).version
    take_back(client, kept)
    assert Round.objects.get(pk=round_.pk).version > version


def test_pressing_twice_takes_back_once(client, publisher, round_, components):
    kept = sent_to(client, of(round_), [HEAD, ROW])
    act(client, kept)
    url = reverse("price_import_undo", args=[kept.pk])
    fields = fields_of(client.get(url))
    assert [client.post(url, fields).status_code for _ in range(2)] == [302, 302]
    assert stored() == []
    act(client, kept)
    # A page of before, with another key: it is another taking over by now.
    assert client.post(url, fields | {"key": str(uuid.uuid4())}).status_code == 409
    assert len(stored()) == 1


def test_a_price_that_was_set_since_is_named_and_nothing_is_taken_back(
    client, publisher, round_, components
):
    standing(round_, components)
    kept = taken_over(client, round_)
    changed = Price.objects.get(component=components[1], form="individual", valid_from=NEW)
    changed.net = changed.gross = 50
    changed.save()
    during = stored()
    page = page_of(client, kept)
    assert "H2 Töötamise toetamine" in page.context["hinders"]
    assert "M4" not in page.context["hinders"]
    assert reverse("price_import_undo", args=[kept.pk]) not in page.text
    answer = take_back(client, kept, key=str(uuid.uuid4()), version=str(kept.version))
    assert answer.status_code == 200
    assert "H2 Töötamise toetamine" in answer.text
    assert stored() == during
    kept.refresh_from_db()
    assert kept.applied == 3


def test_an_import_of_before_says_that_it_cannot_be_taken_back(
    client, publisher, round_, components
):
    kept = sent_to(client, of(round_), [HEAD, ROW])
    act(client, kept)
    PriceImport.objects.update(outcome={})
    page = page_of(client, kept)
    assert page.context["hinders"]
    assert reverse("price_import_undo", args=[kept.pk]) not in page.text
    kept.refresh_from_db()
    again = take_back(client, kept, key=str(uuid.uuid4()), version=str(kept.version))
    assert again.status_code == 200
    assert len(stored()) == 1


def test_half_of_it_is_never_taken_back(client, publisher, round_, components, monkeypatch):
    standing(round_, components)
    kept = taken_over(client, round_)
    during = stored()
    monkeypatch.setattr(Price, "delete", lambda row: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take_back(client, kept)
    assert stored() == during
    kept.refresh_from_db()
    assert kept.applied_at


def test_another_cannot_take_it_back_and_who_publishes_no_more_neither(
    client, publisher, round_, components
):
    kept = sent_to(client, of(round_), [HEAD, ROW])
    act(client, kept)
    url = reverse("price_import_undo", args=[kept.pk])
    fields = fields_of(client.get(url))
    colleague = UserFactory()
    colleague.groups.set(publisher.groups.all())
    client.force_login(colleague)
    assert [client.get(url).status_code, client.post(url, fields).status_code] == [404, 404]
    publisher.groups.clear()
    client.force_login(publisher)
    assert client.post(url, fields).status_code == 404
    assert len(stored()) == 1


def test_what_was_taken_back_waits_for_another_month(client, publisher, round_, components):
    kept = sent_to(client, of(round_), [HEAD, ROW])
    act(client, kept)
    PriceImport.objects.update(at=timezone.now() - dt.timedelta(days=90))
    take_back(client, kept)
    keeping.prune(timezone.now() + dt.timedelta(days=29))
    assert PriceImport.objects.exists()
    keeping.prune(timezone.now() + dt.timedelta(days=31))
    assert not PriceImport.objects.exists()


def test_after_a_year_it_is_told_what_was_done_but_not_taken_back(
    client, publisher, round_, components
):
    kept = sent_to(client, of(round_), [HEAD, ROW])
    act(client, kept)
    keeping.prune(timezone.now() + dt.timedelta(days=366))
    page = page_of(client, kept)
    assert page.status_code == 200
    assert page.context["hinders"]


# --- An organisation's own offers --------------------------------------------------------------


def today():
    return f"{timezone.localdate():%d.%m.%Y}"


def test_prices_of_offers_come_back_as_they_were_and_the_history_says_so(client, here, components):
    provider = here.organisation()
    offer = offer_of(provider, price="40.00", component=components[1])
    before = stored(OfferPrice)
    client.force_login(here.seat(Seat.Body.STEERING).user)
    kept = sent_to(client, f"organisation:{provider.pk}", [HEAD, ROW], day=today())
    act(client, kept)
    assert stored(OfferPrice) != before
    assert take_back(client, kept).status_code == 302
    assert stored(OfferPrice) == before
    note = ResourceChange.objects.filter(resource=offer.resource).order_by("at").last()
    assert note.before["prices"]["individual"]["gross"] == "45.00"
    assert note.after["prices"]["individual"]["gross"] == "40.00"


def test_a_price_of_an_offer_that_was_to_begin_comes_back_too(client, here, components):
    provider = here.organisation()
    day = timezone.localdate()
    soon = day + dt.timedelta(days=20)
    offer = offer_of(provider, price="40.00", component=components[1])
    OfferPrice.objects.filter(offer=offer).update(valid_until=soon)
    old = OfferPrice.objects.get(offer=offer)
    OfferPrice.objects.create(
        offer=offer, form="individual", net=41, gross=41, valid_from=soon, vat_rate=old.vat_rate
    )
    before = stored(OfferPrice)
    client.force_login(here.seat(Seat.Body.STEERING).user)
    kept = sent_to(client, f"organisation:{provider.pk}", [HEAD, ROW], day=today())
    act(client, kept)
    assert len(stored(OfferPrice)) == 2
    assert stored(OfferPrice) != before
    take_back(client, kept)
    assert stored(OfferPrice) == before


def proposed(client, here, components):
    provider = here.organisation()
    offer = offer_of(provider, price="40.00", component=components[1])
    client.force_login(speaker(provider))
    kept = sent_to(client, f"organisation:{provider.pk}", [HEAD, ROW], day=today())
    act(client, kept)
    return kept, offer, ResourceChange.objects.get(resource=offer.resource, state="waiting")


def test_a_proposal_of_an_import_waits_no_more_once_it_is_taken_back(client, here, components):
    kept, offer, proposal = proposed(client, here, components)
    assert page_of(client, kept).context["waits"] == 1
    assert take_back(client, kept).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "declined"
    assert [str(one.gross) for one in OfferPrice.objects.filter(offer=offer)] == ["40.00"]


def test_what_was_asked_before_the_import_is_asked_again(client, here, components):
    kept, _offer, proposal = proposed(client, here, components)
    second = [HEAD, [*ROW[:3], "48", "0", "48"]]
    again = sent_to(client, kept.target, second, day=today())
    act(client, again)
    take_back(client, again)
    proposal.refresh_from_db()
    assert proposal.state == "waiting"
    assert proposal.after["prices"]["individual"]["gross"] == "45.00"


def test_what_was_approved_meanwhile_is_not_taken_back(client, here, components):
    kept, offer, proposal = proposed(client, here, components)
    sign = seen(facts_of(offer.resource), proposal.after)
    decide_proposal(
        proposal,
        approve=True,
        by=here.seat(Seat.Body.STEERING).user,
        key=uuid.uuid4(),
        sign=sign,
    )
    after = stored(OfferPrice)
    assert "H2" in page_of(client, kept).context["hinders"]
    kept.refresh_from_db()
    answer = take_back(client, kept, key=str(uuid.uuid4()), version=str(kept.version))
    assert answer.status_code == 200
    assert stored(OfferPrice) == after
