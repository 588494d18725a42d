"""What a representative tells at once, what waits, and who decides. REG-01."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from network.models import Offer, Organisation, Resource, ResourceChange, Seat
from portal.access.roles import Role
from tests.base.together import at_once
from tests.cases.factories import Net
from tests.network.factories import ComponentFactory, ResourceFactory
from tests.network.people import as_sent, new_key, offer_of, speaker, typed


@pytest.fixture
def here(db):
    return Net()


@pytest.fixture
def partner(here):
    return here.organisation(name="Kolme Käbi")


@pytest.fixture
def keeper(partner):
    return speaker(partner)


@pytest.fixture
def lead(here):
    return here.seat(Seat.Body.STEERING).user


@pytest.fixture
def offer(partner):
    return offer_of(partner, price="40.00", places=5, free_places=2, note="Enne.")


def change(client, user, resource, **fields):
    """Open the form as `user` and send it with `fields` changed."""
    client.force_login(user)
    form = typed(client, resource, **fields)
    return client.post(reverse("resource_change", args=[resource.pk]), form)


def decide(client, user, proposal, **fields):
    """Open the proposal as `user` and answer it."""
    client.force_login(user)
    url = reverse("proposal_decide", args=[proposal.pk])
    page = client.get(url)
    sent = {"key": new_key(), "sign": page.context["sign"], "answer": "approve"}
    return client.post(url, sent | fields)


def waiting():
    return ResourceChange.objects.get(state="waiting")


def test_a_proposal_changes_nothing_until_it_is_approved(client, keeper, lead, offer):
    answer = change(client, keeper, offer.resource, note="Pärast.", places="8")
    assert answer.status_code == 302
    offer.refresh_from_db()
    assert (offer.note, offer.places) == ("Enne.", 5)
    page = decide_page(client, lead)
    assert [one.part for one in page.context["differences"]] == ["places", "note"]
    assert "Enne." in page.text
    assert "Pärast." in page.text
    decide(client, lead, waiting())
    offer.refresh_from_db()
    assert (offer.note, offer.places) == ("Pärast.", 8)
    done = ResourceChange.objects.get()
    assert (done.state, done.by, done.decided_by) == ("approved", keeper, lead)


def decide_page(client, user):
    client.force_login(user)
    return client.get(reverse("proposal_decide", args=[waiting().pk]))


def test_what_waits_stands_first_on_the_list_of_whoever_decides(client, here, keeper, lead, offer):
    change(client, keeper, offer.resource, note="Pärast.")
    client.force_login(lead)
    page = client.get(reverse("resource_list"))
    assert [row.change for row in page.context["proposals"]] == [waiting()]
    client.force_login(here.seat(Seat.Body.NETWORK).user)
    assert client.get(reverse("resource_list")).context["proposals"] == []


def test_going_on_with_a_proposal_opens_what_was_asked_and_replaces_it(client, keeper, offer):
    change(client, keeper, offer.resource, note="Esimene mõte.", places="9")
    form = typed(client, offer.resource)
    assert (form["note"], str(form["places"])) == ("Esimene mõte.", "9")
    change(client, keeper, offer.resource, note="Teine mõte.")
    proposal = waiting()
    assert (proposal.after["note"], proposal.after["places"]) == ("Teine mõte.", 9)


def test_undoing_by_hand_leaves_nothing_to_decide(client, keeper, offer):
    change(client, keeper, offer.resource, note="Pärast.")
    change(client, keeper, offer.resource, note="Enne.")
    assert ResourceChange.objects.get().state == "declined"


def test_a_proposal_is_taken_back(client, keeper, offer):
    change(client, keeper, offer.resource, note="Pärast.")
    url = reverse("resource_change", args=[offer.pk])
    sent = {"key": new_key(), "take_back": "1"}
    for _ in range(2):
        assert client.post(url, sent).status_code == 302
    assert ResourceChange.objects.get().state == "declined"


def test_declining_needs_a_reason_and_the_keeper_reads_it(client, keeper, lead, offer):
    change(client, keeper, offer.resource, note="Pärast.")
    answer = decide(client, lead, waiting(), answer="decline", reason="  ")
    assert set(answer.context["form"].errors) == {"reason"}
    decide(client, lead, waiting(), answer="decline", reason="Leppige enne vallaga kokku.")
    offer.refresh_from_db()
    assert offer.note == "Enne."
    for name, args in (("own_offers", []), ("resource_detail", [offer.pk])):
        client.force_login(keeper)
        assert "Leppige enne vallaga kokku." in client.get(reverse(name, args=args)).text


def test_a_proposal_made_on_an_older_state_touches_only_what_it_is_about(
    client, keeper, lead, offer
):
    change(client, keeper, offer.resource, note="Pärast.")
    change(client, lead, offer.resource, places="7", address="Kesk 1")
    page = decide_page(client, lead)
    assert [one.part for one in page.context["differences"]] == ["note"]
    decide(client, lead, waiting())
    offer.refresh_from_db()
    assert (offer.note, offer.places, offer.resource.address) == ("Pärast.", 7, "Kesk 1")


def test_what_both_changed_is_marked(client, keeper, lead, offer):
    change(client, keeper, offer.resource, note="Pakkuja sõna.")
    change(client, lead, offer.resource, note="Juhtrühma sõna.")
    [one] = decide_page(client, lead).context["differences"]
    assert (one.before, one.after, one.is_stale) == ("Juhtrühma sõna.", "Pakkuja sõna.", True)


def test_nobody_approves_what_they_have_not_seen(client, keeper, lead, offer):
    change(client, keeper, offer.resource, note="Esimene.")
    sign = decide_page(client, lead).context["sign"]
    change(client, keeper, offer.resource, note="Teine.")
    answer = decide(client, lead, waiting(), sign=sign)
    assert answer.status_code == 409
    assert "Teine." in answer.text
    offer.refresh_from_db()
    assert offer.note == "Enne."
    again = {"key": new_key(), "sign": answer.context["sign"], "answer": "approve"}
    assert client.post(reverse("proposal_decide", args=[waiting().pk]), again).status_code == 302


def test_a_decision_sent_twice_is_one(client, keeper, lead, offer):
    change(client, keeper, offer.resource, note="Pärast.")
    proposal, key = waiting(), new_key()
    decide(client, lead, proposal, key=key)
    sent = {"key": key, "sign": "x", "answer": "approve"}
    again = client.post(reverse("proposal_decide", args=[proposal.pk]), sent)
    assert again.status_code == 302
    assert Resource.objects.get().version == 3


def test_who_proposed_cannot_approve(client, keeper, offer):
    change(client, keeper, offer.resource, note="Pärast.")
    url = reverse("proposal_decide", args=[waiting().pk])
    assert client.post(url, {"answer": "approve", "key": new_key()}).status_code == 403
    assert waiting()


def new_offer(client, user, **fields):
    client.force_login(user)
    component = ComponentFactory(name="Pereteraapia")
    form = typed(client, None, component=str(component.pk), kind="offer")
    if user.holdings.get().position.role == Role.STEERING:
        form["organisation"] = str(Organisation.objects.get(name="Kolme Käbi").pk)
    form |= {"municipality": fields.pop("municipality")} | fields
    return client.post(reverse("resource_add"), form)


def test_a_new_offer_waits_without_a_resource_and_is_published_with_the_approval(
    client, keeper, lead, partner
):
    place = partner.municipality.slug
    answer = new_offer(client, keeper, municipality=place, price_individual_gross="35")
    assert answer["Location"] == reverse("own_offers")
    assert not Resource.objects.exists()
    assert "Pereteraapia" in client.get(reverse("own_offers")).text
    page = decide_page(client, lead)
    assert "Pereteraapia" in page.text
    answer = decide(client, lead, waiting(), publish="on")
    offer = Offer.objects.get()
    assert answer["Location"] == reverse("resource_detail", args=[offer.pk])
    assert (offer.resource.state, offer.resource.organisation) == ("published", partner)
    assert offer.resource.confirmed_on == timezone.localdate()
    assert str(offer.prices.get().gross) == "35.00"


def test_a_new_offer_may_be_approved_as_a_draft(client, keeper, lead, partner):
    new_offer(client, keeper, municipality=partner.municipality.slug)
    decide(client, lead, waiting())
    assert Resource.objects.get().state == "draft"


def test_whoever_leads_adds_a_draft_at_once(client, lead, partner):
    answer = new_offer(client, lead, municipality=partner.municipality.slug, languages=["ru", "et"])
    resource = Resource.objects.get()
    assert answer["Location"] == reverse("resource_detail", args=[resource.pk])
    assert (resource.state, resource.offer.languages) == ("draft", "et, ru")
    assert ResourceChange.objects.get().what == "added"


def test_a_new_proposal_can_be_changed_and_taken_back_by_its_organisation_only(
    client, here, keeper, lead, partner
):
    new_offer(client, keeper, municipality=partner.municipality.slug)
    url = reverse("proposal_change", args=[waiting().pk])
    client.force_login(keeper)
    form = as_sent(client.get(url).context["form"])
    assert client.post(url, form | {"note": "Täpsustus."}).status_code == 302
    assert waiting().after["note"] == "Täpsustus."
    client.force_login(lead)
    assert client.get(url)["Location"] == reverse("proposal_decide", args=[waiting().pk])
    client.force_login(speaker(here.organisation()))
    assert client.get(url).status_code == 404
    assert client.post(url, {"take_back": "1", "key": new_key()}).status_code == 404
    client.force_login(keeper)
    key = new_key()
    for _ in range(2):
        assert client.post(url, {"take_back": "1", "key": key}).status_code == 302
    assert ResourceChange.objects.get().state == "declined"


@pytest.mark.parametrize("decision", ["approve", "decline"])
def test_what_somebody_writes_while_it_is_decided_is_not_lost(
    client, keeper, lead, partner, decision
):
    new_offer(client, keeper, municipality=partner.municipality.slug)
    proposal = waiting()
    url = reverse("proposal_change", args=[proposal.pk])
    client.force_login(keeper)
    form = as_sent(client.get(url).context["form"])
    decide(client, lead, proposal, answer=decision, reason="Ei sobi veel.")
    client.force_login(keeper)
    answer = client.post(url, form | {"note": "Vahepeal kirjutatud."})
    if decision == "approve":
        assert answer.status_code == 409
        assert "Vahepeal kirjutatud." in answer.text
    else:
        assert answer["Location"] == reverse("own_offers")
        assert waiting().after["note"] == "Vahepeal kirjutatud."


def test_a_resource_for_an_organisation_of_another_region_is_refused(client, lead, partner):
    stranger = Net().organisation()
    form = {
        "organisation": str(stranger.pk),
        "kind": "community",
        "name": "Võõras",
        "municipality": stranger.municipality.slug,
    }
    client.force_login(lead)
    answer = client.post(reverse("resource_add"), form)
    assert "organisation" in answer.context["form"].errors
    client.force_login(speaker(partner))
    # The only one of mine is taken, whatever the form says.
    client.post(reverse("resource_add"), form)
    assert waiting().organisation == partner


def test_who_leads_does_not_move_a_resource_out_of_sight(client, here, lead):
    outside = Net()
    resource = ResourceFactory(
        organisation=outside.organisation(),
        municipality=here.municipality,
        kind="community",
        name="Siinne klubi",
    )
    answer = change(client, lead, resource, municipality=outside.municipality.slug)
    assert set(answer.context["form"].errors) == {"municipality"}
    resource.refresh_from_db()
    assert resource.municipality == here.municipality


def test_the_second_of_two_gets_both_texts_and_decides(client, here, lead, offer):
    other = here.seat(Seat.Body.COORDINATOR).user
    client.force_login(lead)
    mine = typed(client, offer.resource, note="Minu sõna.", address="Minu 1")
    change(client, other, offer.resource, note="Teise sõna.", places="6")
    client.force_login(lead)
    url = reverse("resource_change", args=[offer.pk])
    answer = client.post(url, mine)
    assert answer.status_code == 409
    for words in ("Minu sõna.", "Teise sõna.", "Minu 1", str(other)):
        assert words in answer.text
    offer.refresh_from_db()
    assert (offer.note, offer.places) == ("Teise sõna.", 6)
    again = as_sent(answer.context["form"]) | {"note": "Mõlema sõna.", "places": "6"}
    assert client.post(url, again).status_code == 302
    offer.refresh_from_db()
    assert (offer.note, offer.places, offer.resource.address) == ("Mõlema sõna.", 6, "Minu 1")


def test_two_keepers_do_not_overwrite_each_others_proposal(client, partner, keeper, offer):
    other = speaker(partner)
    client.force_login(keeper)
    mine = typed(client, offer.resource, note="Minu ettepanek.")
    change(client, other, offer.resource, note="Teise ettepanek.")
    client.force_login(keeper)
    answer = client.post(reverse("resource_change", args=[offer.pk]), mine)
    assert answer.status_code == 409
    assert "Teise ettepanek." in answer.text
    assert waiting().after["note"] == "Teise ettepanek."


@pytest.mark.django_db(transaction=True)
def test_the_same_proposal_five_times_at_once_is_one(client, keeper, offer):
    from django.test import Client

    client.force_login(keeper)
    form = typed(client, offer.resource, note="Pärast.")
    url = reverse("resource_change", args=[offer.pk])

    def send():
        sender = Client()
        sender.force_login(keeper)
        return sender.post(url, form)

    assert {answer.status_code for answer in at_once(send, 5)} == {302}
    assert ResourceChange.objects.count() == 1


def test_a_price_proposed_for_yesterday_begins_with_the_approval(client, keeper, lead, offer):
    today = timezone.localdate()
    change(
        client,
        keeper,
        offer.resource,
        price_individual_net="45",
        price_individual_gross="45",
        price_individual_from=f"{today + dt.timedelta(days=1):%d.%m.%Y}",
    )
    proposal = waiting()
    earlier = (today - dt.timedelta(days=3)).isoformat()
    proposal.after["prices"]["individual"]["valid_from"] = earlier
    proposal.save()
    decide(client, lead, proposal)
    old, new = offer.prices.order_by("valid_from")
    assert (old.valid_until, new.valid_from, str(new.gross)) == (today, today, "45.00")


def test_what_cannot_be_stored_any_more_is_said_to_whoever_approves(client, keeper, lead, offer):
    change(client, keeper, offer.resource, places="3")
    client.force_login(keeper)
    version = Resource.objects.get().version
    sent = {"key": new_key(), "version": version, "free_places": "4", "waiting_weeks": ""}
    client.post(reverse("resource_availability", args=[offer.pk]), sent)
    answer = decide(client, lead, waiting())
    assert answer.status_code == 200
    assert answer.context["form"].errors
    offer.refresh_from_db()
    assert (offer.places, offer.free_places) == (5, 4)


BAD = {
    "swapped": ({"coordinates": "27.0194, 57.8339"}, "coordinates", "57.8339, 27.0194"),
    "abroad": ({"coordinates": "60.17, 24.94"}, "coordinates", "57.83389"),
    "half": ({"coordinates": "57.8"}, "coordinates", "57.83389"),
    "no municipality": ({"municipality": ""}, "municipality", ""),
    "an unknown municipality": ({"municipality": "atlantis"}, "municipality", ""),
    "an unknown one to come to": ({"serves": ["atlantis"]}, "serves", ""),
    "an unknown language": ({"languages": ["et", "klingon"]}, "languages", "klingon"),
    "no language": ({"languages": []}, "languages", ""),
    "places in words": ({"places": "kolm"}, "places", "3"),
    "fewer places than are free": ({"places": "1"}, "places", ""),
    "places without end": ({"places": "9" * 20}, "places", ""),
    "a long note": ({"note": "x" * 301}, "note", ""),
}


@pytest.mark.parametrize(("fields", "name", "words"), BAD.values(), ids=BAD.keys())
def test_bad_input_has_its_sentence_and_nothing_is_lost(client, lead, offer, fields, name, words):
    kept = {"address": "Kirjutatud aadress 5"}
    answer = change(client, lead, offer.resource, **(kept | fields))
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {name}
    assert words in " ".join(answer.context["form"].errors[name])
    assert "Kirjutatud aadress 5" in answer.text
    assert not ResourceChange.objects.exists()


def test_metres_become_degrees_and_it_is_said(client, lead, offer):
    answer = change(client, lead, offer.resource, coordinates="6413700 679300")
    assert "L-EST97" in client.get(answer["Location"]).text
    offer.resource.refresh_from_db()
    assert round(offer.resource.lat, 1) == 57.8


def test_a_text_with_a_nul_sign_is_stored_without_it(client, lead, offer):
    change(client, lead, offer.resource, note="Ter\0e.")
    offer.refresh_from_db()
    assert offer.note == "Tere."


def test_what_is_no_offer_needs_a_name(client, lead, partner):
    client.force_login(lead)
    form = {
        "organisation": str(partner.pk),
        "kind": "benefit",
        "municipality": partner.municipality.slug,
        "key": new_key(),
    }
    answer = client.post(reverse("resource_add"), form)
    assert set(answer.context["form"].errors) == {"name"}
    assert client.post(reverse("resource_add"), form | {"name": "Küttetoetus"}).status_code == 302
    assert Resource.objects.get().name == "Küttetoetus"
    assert not Offer.objects.exists()


@pytest.mark.parametrize(("answer", "words"), [("approve", "Kiitis heaks"), ("decline", "Liiga")])
def test_what_was_decided_already_says_so_and_is_not_decided_again(
    client, here, keeper, lead, offer, answer, words
):
    change(client, keeper, offer.resource, note="Pärast.")
    proposal = waiting()
    decide(client, lead, proposal, answer=answer, reason="Liiga palju.")
    url = reverse("proposal_decide", args=[proposal.pk])
    second = here.seat(Seat.Body.STEERING).user
    client.force_login(second)
    page = client.get(url)
    assert page.status_code == 200
    assert words in page.text
    assert str(lead) in page.text
    sent = {"key": new_key(), "sign": "x", "answer": "approve"}
    assert client.post(url, sent).status_code == 409
    assert ResourceChange.objects.get(pk=proposal.pk).decided_by == lead
    for stranger in (keeper, Net().seat(Seat.Body.STEERING).user):
        client.force_login(stranger)
        assert client.get(url).status_code == 404


def test_everything_that_is_missing_is_said_at_once_in_the_order_of_the_page(client, lead, partner):
    client.force_login(lead)
    place = partner.municipality
    form = typed(client, None, organisation=str(partner.pk), municipality=place.slug)
    form |= {"kind": "offer", "price_group_gross": "palju", "places": "mitu", "name": ""}
    page = client.post(reverse("resource_add"), form)
    assert list(page.context["form"].errors) == ["price_group_gross", "places", "component"]
    said = page.text[page.text.index("data-errors") :]
    at = [said.index(f'href="#id_{name}"') for name in ("component", "price_group_gross", "places")]
    assert at == sorted(at)


def test_the_own_county_is_open_before_a_municipality_is_chosen(client, lead, partner):
    client.force_login(lead)
    form = client.get(reverse("resource_add")).context["form"]
    county = partner.municipality.county.name
    assert county in [group["county"] for group in form.serves_groups()["near"]]


def test_the_municipality_is_not_said_twice(client, lead, offer):
    name = offer.resource.municipality.name
    assert change(client, lead, offer.resource, address=f"Kooli 1, {name}").status_code == 302
    offer.resource.refresh_from_db()
    assert offer.resource.address == "Kooli 1"
