"""What a partner does on a phone: free places, one tap to confirm. And withdrawing. REG-01."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from network.models import Resource, ResourceChange, Seat
from network.policies import OfferingPolicy
from network.reports.resources import offers_to_confirm
from network.services.resources import Told, tell_and_confirm
from tests.cases.factories import Net
from tests.factories import UserFactory
from tests.network.factories import ResourceFactory
from tests.network.people import new_key, offer_of, speaker

pytestmark = pytest.mark.django_db

LONG = dt.timedelta(days=200)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def partner(here):
    return here.organisation(name="Kolme Käbi")


@pytest.fixture
def keeper(client, partner):
    user = speaker(partner)
    client.force_login(user)
    return user


def confirm(client, *offers, **fields):
    ids = [str(offer.pk) for offer in offers]
    sent = {"key": new_key(), "resource": ids} | fields
    return client.post(reverse("own_offers_confirm"), sent)


def test_mine_stand_on_the_page_and_confirming_one_moves_none(client, here, partner, keeper, today):
    for confirmed_on in (today - LONG, None, today, today - LONG):
        offer_of(partner, resource__confirmed_on=confirmed_on)
    offer_of(partner, resource__state="withdrawn")
    offer_of(here.organisation())
    first = ids_on(client.get(reverse("own_offers")))
    assert len(first) == 4
    for pk in first:
        client.post(reverse("own_offers_confirm"), {"key": new_key(), "one": pk})
        assert ids_on(client.get(reverse("own_offers"))) == first


def ids_on(page):
    return [one["row"].id for one in page.context["rows"]]


def sent_by(client, **typed):
    """What a browser sends of the page, with what was typed: `r5_free_places="2"`."""
    page = client.get(reverse("own_offers"))
    sent = {"key": str(page.context["key"]), "page": "1", "resource": []}
    for one in page.context["rows"]:
        row, form = one["row"], one["form"]
        sent[f"r{row.id}-version"] = str(row.version)
        for name in ("free_places", "waiting_weeks"):
            shown = form[name].value()
            shown = "" if shown is None else str(shown)
            sent[f"r{row.id}-{name}"] = sent[f"initial-r{row.id}-{name}"] = shown
        if not row.is_confirmed_today:
            sent["resource"].append(str(row.id))
    return sent | {name.replace("_", "-", 1): value for name, value in typed.items()}


def figures(*offers):
    return [Resource.objects.get(pk=offer.pk).offer.free_places for offer in offers]


def test_confirming_all_saves_every_figure_that_was_typed(client, partner, keeper, today):
    offers = [
        offer_of(partner, free_places=1, resource__confirmed_on=today - LONG) for _ in range(3)
    ]
    first, second, third = offers
    sent = sent_by(client, **{f"r{first.pk}_free_places": "4", f"r{third.pk}_free_places": "0"})
    for _ in range(2):
        assert client.post(reverse("own_offers_confirm"), sent).status_code == 302
    assert figures(*offers) == [4, 1, 0]
    assert Resource.objects.filter(confirmed_on=today).count() == 3
    whats = ResourceChange.objects.order_by("what").values_list("what", flat=True)
    assert list(whats) == ["availability", "availability", "confirmed"]


@pytest.mark.parametrize("button", ["save", "one"])
def test_the_button_of_a_row_saves_the_figures_of_all(client, partner, keeper, today, button):
    offers = [
        offer_of(partner, free_places=1, resource__confirmed_on=today - LONG) for _ in range(3)
    ]
    first, second, third = offers
    sent = sent_by(client, **{f"r{second.pk}_free_places": "2", f"r{third.pk}_free_places": "3"})
    answer = client.post(reverse("own_offers_confirm"), sent | {button: str(second.pk)})
    assert answer["Location"] == f"{reverse('own_offers')}#rida-{second.pk}"
    assert figures(*offers) == [1, 2, 3]
    first.resource.refresh_from_db()
    assert first.resource.confirmed_on == today - LONG


def test_one_wrong_figure_saves_nothing_and_keeps_all_that_was_typed(client, partner, keeper):
    offers = [offer_of(partner, places=5, free_places=1) for _ in range(2)]
    first, second = offers
    for wrong in ("kolm", "9"):
        typed = {f"r{first.pk}_free_places": "2", f"r{second.pk}_free_places": wrong}
        answer = client.post(reverse("own_offers_confirm"), sent_by(client, **typed))
        assert answer.status_code == 200
        assert figures(*offers) == [1, 1]
        assert f'id="r{second.pk}-free_places_error"' in answer.text
        assert f'value="{wrong}"' in answer.text
        assert 'value="2"' in answer.text
        assert not ResourceChange.objects.exists()


def test_a_figure_that_another_one_told_meanwhile_is_shown_first(client, partner, keeper):
    offers = [offer_of(partner, places=9, free_places=4) for _ in range(2)]
    first, second = offers
    typed = {f"r{first.pk}_free_places": "1", f"r{second.pk}_free_places": "2"}
    sent = sent_by(client, **typed)
    tell(client, first, free_places="6")
    answer = client.post(reverse("own_offers_confirm"), sent)
    assert answer.status_code == 409
    assert figures(*offers) == [6, 4]
    form = next(one["form"] for one in answer.context["rows"] if one["row"].id == first.pk)
    assert form["free_places"].value() == "1"
    assert "6" in form.non_field_errors()[0]
    again = sent | {f"r{first.pk}-version": form["version"].value()}
    assert client.post(reverse("own_offers_confirm"), again).status_code == 302
    assert figures(*offers) == [1, 2]


def test_nobody_confirms_what_they_have_not_seen(client, partner, keeper, today):
    offer = offer_of(partner, places=9, free_places=4, resource__confirmed_on=today - LONG)
    sent = sent_by(client)
    tell(client, offer, free_places="6")
    Resource.objects.filter(pk=offer.pk).update(confirmed_on=today - LONG)
    assert client.post(reverse("own_offers_confirm"), sent).status_code == 409
    offer.resource.refresh_from_db()
    assert offer.resource.confirmed_on == today - LONG


def test_figures_of_others_are_left_out(client, here, partner, keeper):
    foreign = offer_of(here.organisation(), free_places=3)
    sent = {"key": new_key(), f"r{foreign.pk}-version": "1", f"r{foreign.pk}-free_places": "0"}
    for button in ({}, {"save": foreign.pk}, {"one": foreign.pk}, {"resource": foreign.pk}):
        assert client.post(reverse("own_offers_confirm"), sent | button).status_code == 302
    assert figures(foreign) == [3]
    assert not ResourceChange.objects.exists()


def test_the_service_leaves_out_what_is_not_mine_whoever_calls_it(here, keeper):
    foreign = offer_of(here.organisation(), free_places=3)
    done = tell_and_confirm(
        [Told(foreign.pk, 0, None)],
        [foreign.pk],
        versions={foreign.pk: foreign.resource.version},
        by=keeper,
        key=uuid.uuid4(),
    )
    assert done == (0, 0)
    assert figures(foreign) == [3]


def test_all_that_are_ticked_are_confirmed_once(client, partner, keeper, today):
    ticked = [offer_of(partner) for _ in range(3)]
    left = offer_of(partner, resource__confirmed_on=today - LONG)
    key = new_key()
    for _ in range(2):
        assert confirm(client, *ticked, key=key).status_code == 302
    confirm(client, *ticked)
    fresh = Resource.objects.filter(confirmed_on=today)
    assert {row.pk for row in fresh} == {offer.pk for offer in ticked}
    assert ResourceChange.objects.filter(what="confirmed", by=keeper).count() == 3
    left.resource.refresh_from_db()
    assert left.resource.confirmed_on == today - LONG


def test_ids_of_others_among_the_ticked_confirm_nothing(client, here, partner, keeper, today):
    mine = offer_of(partner)
    foreign = offer_of(here.organisation(), resource__confirmed_on=today - LONG)
    confirm(client, mine, foreign)
    foreign.resource.refresh_from_db()
    assert foreign.resource.confirmed_on == today - LONG
    assert confirm(client, foreign).status_code == 302
    assert ResourceChange.objects.count() == 1


@pytest.mark.parametrize("ids", [[], ["abc"], ["-1"], ["9" * 40], ["1e5", "٣"]])
def test_nothing_ticked_is_said(client, partner, keeper, ids):
    offer_of(partner)
    answer = client.post(reverse("own_offers_confirm"), {"resource": ids}, follow=True)
    assert answer.status_code == 200
    assert not ResourceChange.objects.exists()


def test_confirming_by_a_link_does_nothing(client, partner, keeper, today):
    offer = offer_of(partner, resource__confirmed_on=today - LONG)
    for name, args in (("own_offers_confirm", []), ("resource_confirm", [offer.pk])):
        assert client.get(reverse(name, args=args)).status_code == 405
    offer.resource.refresh_from_db()
    assert offer.resource.confirmed_on == today - LONG


def tell(client, offer, **fields):
    sent = {
        "key": new_key(),
        "version": Resource.objects.get(pk=offer.pk).version,
        "free_places": "2",
        "waiting_weeks": "",
    }
    return client.post(reverse("resource_availability", args=[offer.pk]), sent | fields)


def test_free_places_hold_at_once_and_confirm_the_offer(client, partner, keeper, today):
    offer = offer_of(partner, places=5, free_places=0, waiting_weeks=9)
    answer = tell(client, offer, free_places="3", waiting_weeks="")
    assert answer["Location"] == reverse("resource_detail", args=[offer.pk])
    offer.refresh_from_db()
    assert (offer.free_places, offer.waiting_weeks) == (3, None)
    assert offer.resource.confirmed_on == today
    change = ResourceChange.objects.get()
    assert (change.what, change.state, change.by) == ("availability", "done", keeper)
    assert (change.before["free_places"], change.after["free_places"]) == (0, 3)


WRONG = [
    ({"free_places": "9"}, "free_places"),
    ({"free_places": "-1"}, "free_places"),
    ({"free_places": "kolm"}, "free_places"),
    ({"free_places": "2.5"}, "free_places"),
    ({"waiting_weeks": "9999"}, "waiting_weeks"),
    ({"waiting_weeks": "9" * 30}, "waiting_weeks"),
]


@pytest.mark.parametrize(("fields", "name"), WRONG)
def test_a_wrong_number_is_said_in_its_row_and_kept(client, partner, keeper, fields, name):
    offer = offer_of(partner, places=5, free_places=2)
    offer_of(partner, places=5)
    answer = tell(client, offer, **fields)
    assert answer.status_code == 200
    assert f'id="r{offer.pk}_{name}_error"' in answer.text
    assert f'value="{fields[name]}"' in answer.text
    offer.refresh_from_db()
    assert offer.free_places == 2


def test_two_who_tell_free_places_at_once_see_both_numbers(client, partner, keeper):
    offer = offer_of(partner, places=9, free_places=4)
    version = Resource.objects.get(pk=offer.pk).version
    tell(client, offer, free_places="6")
    answer = tell(client, offer, free_places="1", version=version)
    assert answer.status_code == 409
    offer.refresh_from_db()
    assert offer.free_places == 6
    form = answer.context["form"]
    assert (form["free_places"].value(), answer.context["fields"][0]["stored"]) == (1, 6)
    assert tell(client, offer, free_places="1", version=form["version"].value()).status_code == 302


def test_what_is_no_offer_has_no_free_places(client, partner, keeper):
    club = ResourceFactory(organisation=partner, kind="community", name="Külaselts")
    sent = {"key": new_key(), "version": "1", "free_places": "1"}
    url = reverse("resource_availability", args=[club.pk])
    assert client.post(url, sent).status_code == 404
    assert "Külaselts" in client.get(reverse("own_offers")).text
    confirm(client, club)
    assert ResourceChange.objects.get().what == "confirmed"


def test_what_is_withdrawn_is_not_confirmed(client, partner, keeper):
    offer = offer_of(partner, resource__state="withdrawn")
    client.post(reverse("resource_confirm", args=[offer.pk]), {"key": new_key()})
    assert not ResourceChange.objects.exists()


def test_the_desk_counts_what_waits_for_a_word(partner, keeper, here, today):
    for _ in range(5):
        offer_of(partner, resource__confirmed_on=today - LONG)
    offer_of(partner)
    offer_of(partner, resource__confirmed_on=None, resource__state="draft")
    offer_of(here.organisation(), resource__confirmed_on=None)
    count, rows = offers_to_confirm(OfferingPolicy.rows(keeper, "own", today), today)
    assert (count, len(rows)) == (5, 3)
    nobody = OfferingPolicy.rows(UserFactory(), "own", today)
    assert offers_to_confirm(nobody, today) == (0, [])


def test_publishing_and_withdrawing_ask_first_and_are_done_once(client, here, partner):
    client.force_login(here.seat(Seat.Body.STEERING).user)
    offer = offer_of(partner, resource__state="draft")
    key = new_key()
    for name, state in (("resource_publish", "published"), ("resource_withdraw", "withdrawn")):
        url = reverse(name, args=[offer.pk])
        before = Resource.objects.get(pk=offer.pk).state
        assert client.get(url).status_code == 200
        assert Resource.objects.get(pk=offer.pk).state == before
        for _ in range(2):
            answer = client.post(url, {"key": key, "reason": "Lõpetas töö."})
            assert answer["Location"] == reverse("resource_detail", args=[offer.pk])
        assert Resource.objects.get(pk=offer.pk).state == state
    steps = ResourceChange.objects.order_by("at").values_list("what", "reason")
    assert list(steps) == [("published", ""), ("withdrawn", "Lõpetas töö.")]


def test_what_cannot_stand_on_the_public_site_says_why(client, here, partner):
    client.force_login(here.seat(Seat.Body.STEERING).user)
    club = ResourceFactory(organisation=partner, kind="community", name="", state="draft")
    answer = client.post(reverse("resource_publish", args=[club.pk]), {"key": new_key()})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert Resource.objects.get(pk=club.pk).state == "draft"
