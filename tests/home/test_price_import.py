"""Bringing in a price list, from the file to the prices that stand. CAT-06, CAT-23."""

import csv
import datetime as dt
import io
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from catalogue.importer import keeping
from catalogue.models import Price, PriceImport
from home.services import price_import as service
from network.models import OfferPrice, ResourceChange, Seat
from portal.access.cms_groups import ensure_cms_groups
from tests.cases.factories import Net
from tests.factories import UserFactory
from tests.home.price_lists import (
    HEAD,
    act,
    fields_of,
    of,
    page_of,
    question,
    send,
    sent_to,
    take_back,
)
from tests.network.factories import (
    ComponentFactory,
    LifeDomainFactory,
    PriceFactory,
    RoundFactory,
)
from tests.network.people import offer_of, speaker

pytestmark = pytest.mark.django_db

SINCE = dt.date(2025, 1, 1)


@pytest.fixture
def publisher():
    user = UserFactory()
    user.groups.set([ensure_cms_groups()["publishers"]])
    return user


@pytest.fixture
def round_():
    return RoundFactory()


@pytest.fixture
def components():
    domain = LifeDomainFactory(slug="vaimne-tervis", name="Vaimne tervis")
    peer = ComponentFactory(code="M4", name="Kogemusnõustamine", domain=domain, is_group=True)
    work = ComponentFactory(code="H2", name="Töötamise toetamine", domain=domain)
    return peer, work


def prices():
    """Component, form, gross, from, until of every reference price."""
    rows = Price.objects.order_by("component__code", "form", "valid_from")
    return [
        (row.component.code, row.form, str(row.gross), row.valid_from, row.valid_until)
        for row in rows
    ]


# --- A round -----------------------------------------------------------------------------------


def test_a_list_becomes_reference_prices_and_the_one_before_ends(
    client, publisher, round_, components
):
    PriceFactory(component=components[1], round=round_, net="30.00", gross="30.00")
    client.force_login(publisher)
    rows = [
        HEAD,
        ["Vaimne tervis", "Kogemusnõustamine", "individuaalne ja grupis", "40", "0", "40"],
        ["", "Töötamise toetamine", "", "35,50", "0", "35,50"],
    ]
    kept = sent_to(client, of(round_), rows)
    assert len(prices()) == 1
    answer = act(client, kept)
    assert answer.status_code == 302
    new = dt.date(2026, 1, 1)
    assert prices() == [
        ("H2", "individual", "30.00", SINCE, new),
        ("H2", "individual", "35.50", new, None),
        ("M4", "group", "40.00", new, None),
        ("M4", "individual", "40.00", new, None),
    ]
    kept.refresh_from_db()
    assert kept.applied == 3
    assert kept.applied_at


def test_the_same_file_twice_changes_nothing(client, publisher, round_, components):
    client.force_login(publisher)
    rows = [HEAD, ["", "Kogemusnõustamine", "grupis", "20", "0", "20"]]
    act(client, sent_to(client, of(round_), rows))
    before = prices()
    again = sent_to(client, of(round_), rows)
    page = page_of(client, again)
    assert 'value="apply"' not in page.text
    assert act(client, again).status_code == 409
    assert prices() == before


def test_pressing_twice_takes_over_once(client, publisher, round_, components):
    client.force_login(publisher)
    kept = sent_to(client, of(round_), [HEAD, ["", "Kogemusnõustamine", "grupis", "20", "0", "20"]])
    fields = fields_of(page_of(client, kept)) | {"do": "apply"}
    url = reverse("price_import_detail", args=[kept.pk])
    assert [client.post(url, fields).status_code for _ in range(2)] == [302, 302]
    kept.refresh_from_db()
    assert (kept.applied, len(prices())) == (1, 1)


def test_what_is_unclear_is_asked_and_left_out_until_it_is_answered(
    client, publisher, round_, components
):
    client.force_login(publisher)
    rows = [
        ["Teenus", "Vorm", "Tunni hind"],
        ["Kogemusnoustamine isikule", "üksi", "40"],
        ["Töötamise toetamine", "", "35"],
    ]
    kept = sent_to(client, of(round_), rows)
    page = page_of(client, kept)
    assert 'value="apply"' not in page.text
    act(client, kept, "answer", **{question(page, "vat"): "24"})
    page = page_of(client, kept)
    act(client, kept, "answer", **{question(page, "price_kind"): "gross"})
    page = page_of(client, kept)
    component = question(page, "component")
    assert act(client, kept).status_code == 302
    assert prices() == [("H2", "individual", "35.00", dt.date(2026, 1, 1), None)]
    assert Price.objects.get().vat_rate == Decimal("24.0")
    take_back(client, kept)
    act(client, kept, "answer", **{component: str(components[0].pk)})
    act(client, kept)
    assert [row[:3] for row in prices()] == [
        ("H2", "individual", "35.00"),
        ("M4", "individual", "40.00"),
    ]


def test_answers_changed_together_with_taking_over_are_shown_first(
    client, publisher, round_, components
):
    client.force_login(publisher)
    rows = [["Teenus", "Tunni hind"], ["Töötamise toetamine", "35"]]
    kept = sent_to(client, of(round_), rows)
    vat = question(page_of(client, kept), "vat")
    act(client, kept, "answer", **{vat: "exempt"})
    assert act(client, kept, "apply", **{vat: "24"}).status_code == 302
    assert prices() == []


def test_prices_that_changed_meanwhile_are_looked_at_again(client, publisher, round_, components):
    client.force_login(publisher)
    kept = sent_to(client, of(round_), [HEAD, ["", "Töötamise toetamine", "", "35", "0", "35"]])
    fields = fields_of(page_of(client, kept)) | {"do": "apply"}
    PriceFactory(component=components[1], round=round_, net="30.00", gross="30.00")
    answer = client.post(reverse("price_import_detail", args=[kept.pk]), fields)
    assert answer.status_code == 409
    assert "30,00" in answer.text
    assert len(prices()) == 1


def test_answers_from_a_page_that_is_old_are_not_kept(client, publisher, round_, components):
    client.force_login(publisher)
    kept = sent_to(client, of(round_), [["Teenus", "Hind"], ["Töötamise toetamine", "35"]])
    old = fields_of(page_of(client, kept))
    vat = question(page_of(client, kept), "vat")
    act(client, kept, "answer", **{vat: "exempt"})
    url = reverse("price_import_detail", args=[kept.pk])
    assert client.post(url, old | {vat: "24", "do": "answer"}).status_code == 409
    kept.refresh_from_db()
    assert kept.answers == {"vat": "exempt"}


def test_a_day_outside_the_round_and_bad_rows_come_back_as_a_file(
    client, publisher, round_, components
):
    client.force_login(publisher)
    rows = [
        ["Hinnakiri 2026"],
        HEAD,
        ["", "Kogemusnõustamine", "grupis", "=2*10", "0", "20"],
        ["", "Töötamise toetamine", "", "-35", "0", "-35"],
        ["", "Kogemusnõustamine", "üksi", "20", "0", "20"],
    ]
    kept = sent_to(client, of(round_), rows)
    # The round has been moved since.
    PriceImport.objects.filter(pk=kept.pk).update(valid_from=dt.date(2024, 1, 1))
    url = reverse("price_import_refused", args=[kept.pk])
    book = load_workbook(io.BytesIO(client.get(url).content))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    known = ["Eluvaldkond", "Teenuskomponent", "Vorm", "Hind km-ta", "Käibemaks", "Hind km-ga"]
    assert cells[0][:6] == known
    assert [row[6] for row in cells[1:]] == ["3", "4", "5"]
    assert all(row[7] for row in cells[1:])
    table_of = list(csv.reader(io.StringIO(client.get(url, {"format": "csv"}).text)))
    assert len(table_of) == 4
    assert table_of[1][3] == "'=2*10"
    assert act(client, kept).status_code == 409
    assert prices() == []


def test_a_day_outside_the_round_is_told_beside_the_field(client, publisher, round_, components):
    client.force_login(publisher)
    rows = [HEAD, ["", "Kogemusnõustamine", "grupis", "20", "0", "20"]]
    answer = send(client, of(round_), rows, day="01.01.2022")
    assert answer.status_code == 200
    (sentence,) = answer.context["form"].errors["valid_from"]
    assert round_.name in sentence
    assert not PriceImport.objects.exists()
    assert send(client, of(round_), rows).status_code == 302


def test_a_unit_that_is_no_hour_is_never_taken_and_comes_back_to_be_mended(
    client, publisher, round_, components
):
    client.force_login(publisher)
    rows = [
        ["Teenus", "Viis", "Mõõt", "Mis päeval", "Hind km-ga", "KM", "Märkused"],
        ["Kogemusnõustamine", "üksi", "45 min", "", "20", "0", "nädalavahetusel 150 €"],
        ["Kogemusnõustamine", "grupis", "tund", "tööpäev", "15", "0", ""],
        ["Kogemusnõustamine", "grupis", "tund", "nädalavahetus", "25", "0", ""],
        ["Töötamise toetamine", "", "kord", "", "hind kokkuleppel", "", ""],
    ]
    kept = sent_to(client, of(round_), rows)
    page = page_of(client, kept)
    for words in ("45 min", "nädalavahetus", "hind kokkuleppel", "nädalavahetusel 150 €"):
        assert words in page.text
    assert act(client, kept).status_code == 302
    assert [price[:3] for price in prices()] == [("M4", "group", "15.00")]
    url = reverse("price_import_refused", args=[kept.pk])
    file = client.get(url).content
    book = load_workbook(io.BytesIO(file))
    assert [row[0].value for row in book.active.iter_rows(min_row=2)] == [
        *("Kogemusnõustamine", "Kogemusnõustamine", "Töötamise toetamine"),
    ]
    book.active["C2"] = "tund"
    out = io.BytesIO()
    book.save(out)
    again = sent_to(client, of(round_), None, name="tagasi.xlsx", data=out.getvalue())
    act(client, again)
    assert [price[:3] for price in prices()] == [
        ("M4", "group", "15.00"),
        ("M4", "individual", "20.00"),
    ]


def test_all_or_nothing(client, publisher, round_, components, monkeypatch):
    client.force_login(publisher)
    rows = [
        HEAD,
        ["", "Kogemusnõustamine", "grupis", "20", "0", "20"],
        ["", "Töötamise toetamine", "", "35", "0", "35"],
    ]
    kept = sent_to(client, of(round_), rows)
    real, done = service.set_price, []

    def breaks_at_the_second(**given):
        if done:
            raise ValidationError("Ei saa.")
        done.append(given)
        return real(**given)

    monkeypatch.setattr(service, "set_price", breaks_at_the_second)
    answer = act(client, kept)
    assert answer.status_code == 200
    assert "Ei saa." in answer.text
    assert prices() == []
    kept.refresh_from_db()
    assert kept.applied_at is None


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_the_export_can_be_brought_in_again_and_nothing_changes(
    client, publisher, round_, components, suffix
):
    peer, work = components
    PriceFactory(component=work, round=round_, valid_until=dt.date(2025, 7, 1))
    PriceFactory(
        component=work,
        round=round_,
        net="40.00",
        vat_rate="24.0",
        gross="49.60",
        valid_from=dt.date(2025, 7, 1),
    )
    PriceFactory(component=peer, round=round_, form="group", net="10.00", gross="10.00")
    client.force_login(publisher)
    asked = {"siht": of(round_)} | ({"format": "csv"} if suffix == "csv" else {})
    file = client.get(reverse("price_list_export"), asked)
    kept = sent_to(client, of(round_), None, name=f"h.{suffix}", data=file.content)
    page = page_of(client, kept)
    assert [one[0] for one in page.context["states"]] == ["same"]
    assert page.context["look"].plan.questions == []


def test_the_empty_form_holds_every_component_and_says_nothing(client, publisher, components):
    RoundFactory()
    client.force_login(publisher)
    file = client.get(reverse("price_list_export"))
    book = load_workbook(io.BytesIO(file.content))
    named = [row[0].value for row in book.active.iter_rows(min_row=2)]
    assert named == ["M4", "M4", "H2"]


# --- An organisation's own offers --------------------------------------------------------------


@pytest.fixture
def here():
    return Net()


def test_who_leads_the_region_sets_prices_of_offers_and_who_speaks_for_them_proposes(
    client, here, components
):
    today = timezone.localdate()
    provider = here.organisation()
    offer = offer_of(provider, price="40.00", component=components[1])
    target = f"organisation:{provider.pk}"
    rows = [HEAD, ["", "Töötamise toetamine", "", "45", "0", "45"]]
    day = f"{today:%d.%m.%Y}"

    client.force_login(speaker(provider))
    kept = sent_to(client, target, rows, day=day)
    assert act(client, kept).status_code == 302
    assert [str(p.gross) for p in OfferPrice.objects.filter(offer=offer)] == ["40.00"]
    proposal = ResourceChange.objects.get(resource=offer.resource)
    assert proposal.after["prices"]["individual"]["gross"] == "45.00"
    again = page_of(client, sent_to(client, target, rows, day=day))
    assert [one[0] for one in again.context["states"]] == ["same"]

    client.force_login(here.seat(Seat.Body.STEERING).user)
    kept = sent_to(client, target, rows, day=day)
    assert act(client, kept).status_code == 302
    running = OfferPrice.objects.get(offer=offer, valid_until__isnull=True)
    assert (str(running.gross), running.valid_from) == ("45.00", today)


def test_of_several_offers_of_one_component_it_is_asked_which(client, here, components):
    provider = here.organisation()
    for place in (here.municipality, here.another_municipality()):
        offer_of(provider, component=components[1], resource__municipality=place)
    client.force_login(here.seat(Seat.Body.STEERING).user)
    rows = [HEAD, ["", "Töötamise toetamine", "", "45", "0", "45"]]
    day = f"{timezone.localdate():%d.%m.%Y}"
    kept = sent_to(client, f"organisation:{provider.pk}", rows, day=day)
    name = question(page_of(client, kept), "offer")
    act(client, kept, "answer", **{name: "all"})
    assert page_of(client, kept).context["taken"] == 2


def test_a_component_that_the_organisation_does_not_offer_is_refused(client, here, components):
    provider = here.organisation()
    client.force_login(speaker(provider))
    rows = [HEAD, ["", "Töötamise toetamine", "", "45", "0", "45"]]
    page = page_of(client, sent_to(client, f"organisation:{provider.pk}", rows))
    assert [one[0] for one in page.context["states"]] == ["refused"]


def test_the_export_of_an_organisation_comes_back_unchanged(client, here, components):
    provider = here.organisation()
    for place in (here.municipality, here.another_municipality()):
        offer_of(provider, price="40.00", component=components[1], resource__municipality=place)
    offer_of(provider, component=components[0])
    client.force_login(speaker(provider))
    target = f"organisation:{provider.pk}"
    file = client.get(reverse("price_list_export"), {"siht": target})
    page = page_of(client, sent_to(client, target, None, name="h.xlsx", data=file.content))
    assert page.context["look"].plan.questions == []
    assert {one[0] for one in page.context["states"]} == {"same", "no_price"}


# --- Who may, and bad input --------------------------------------------------------------------


def test_who_may_set_prices_nowhere_finds_no_such_page(client, here, round_):
    addresses = [reverse("price_import"), reverse("price_list_export")]
    editor = UserFactory()
    editor.groups.set([ensure_cms_groups()["editors"]])
    former = speaker(here.organisation(), until=timezone.localdate())
    for user in (UserFactory(), editor, former, UserFactory(is_superuser=True)):
        client.force_login(user)
        assert [client.get(address).status_code for address in addresses] == [404, 404]
        assert send(client, of(round_), [HEAD]).status_code == 404
    client.logout()
    assert [client.get(address).status_code for address in addresses] == [302, 302]


def test_another_organisation_is_as_unknown_as_none(client, here, components):
    mine, theirs = here.organisation(), Net().organisation()
    client.force_login(speaker(mine))
    rows = [HEAD, ["", "Töötamise toetamine", "", "45", "0", "45"]]
    for target in (f"organisation:{theirs.pk}", "organisation:999999999", "round:1", "x", ""):
        assert send(client, target, rows).status_code == 200
        if target:
            url = reverse("price_list_export")
            assert client.get(url, {"siht": target}).status_code == 404
    assert not PriceImport.objects.exists()


def test_the_list_of_another_is_as_unknown_as_none(client, publisher, round_, components):
    client.force_login(publisher)
    kept = sent_to(client, of(round_), [HEAD, ["", "Töötamise toetamine", "", "35", "0", "35"]])
    colleague = UserFactory()
    colleague.groups.set(publisher.groups.all())
    client.force_login(colleague)
    for pk in (kept.pk, uuid.uuid4()):
        for name in ("price_import_detail", "price_import_refused"):
            assert client.get(reverse(name, args=[pk])).status_code == 404
        url = reverse("price_import_detail", args=[pk])
        assert client.post(url, {"do": "apply"}).status_code == 404
    assert kept.file_name not in client.get(reverse("price_import")).text


def test_who_no_longer_publishes_cannot_take_over_what_was_sent(
    client, publisher, round_, components
):
    client.force_login(publisher)
    kept = sent_to(client, of(round_), [HEAD, ["", "Töötamise toetamine", "", "35", "0", "35"]])
    fields = fields_of(page_of(client, kept)) | {"do": "apply"}
    publisher.groups.clear()
    url = reverse("price_import_detail", args=[kept.pk])
    assert client.post(url, fields).status_code == 404
    assert prices() == []


def test_a_file_that_is_none_and_a_day_that_is_none_have_their_sentences(client, publisher, round_):
    client.force_login(publisher)
    answer = send(client, of(round_), None, data=b"%PDF-1.7", day="kunagi")
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"file", "valid_from"}
    large = send(client, of(round_), None, data=b"a;b\n" * 5_000_000)
    assert set(large.context["form"].errors) == {"file"}
    assert not PriceImport.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "apply", "sign": "x" * 9000, "version": "²", "key": "?"},
        {"do": "answer", "q-vat": "<b>", "c-0-0": "price:x+y", "version": "1"},
        {"do": "columns", "c-0-0": "offer", "c-0-1": "nonsense", "version": "1"},
        {},
    ],
)
def test_nonsense_in_the_form_of_the_preview_is_no_fault(
    client, publisher, round_, components, fields
):
    client.force_login(publisher)
    kept = sent_to(client, of(round_), [["Teenus", "Hind"], ["Töötamise toetamine", "35"]])
    url = reverse("price_import_detail", args=[kept.pk])
    assert client.post(url, fields).status_code in (200, 302, 409)
    kept.refresh_from_db()
    assert (kept.answers, kept.columns) == ({}, {})
    assert page_of(client, kept).status_code == 200
    assert prices() == []


def test_columns_without_headings_are_told_by_hand(client, publisher, round_, components):
    client.force_login(publisher)
    kept = sent_to(client, of(round_), [["Töötamise toetamine", "35"], ["Kogemusnõustamine", "40"]])
    assert "c-0-1" in fields_of(page_of(client, kept))
    act(client, kept, "columns", **{"c-0-0": "component", "c-0-1": "gross:individual"})
    act(client, kept, "answer", **{question(page_of(client, kept), "vat"): "exempt"})
    act(client, kept)
    assert [row[:3] for row in prices()] == [
        ("H2", "individual", "35.00"),
        ("M4", "individual", "40.00"),
    ]


def test_text_of_a_file_stays_text(client, publisher, round_, components):
    client.force_login(publisher)
    rows = [HEAD, ["<script>1</script>", "<b>Kogemus</b>", "grupis", "35", "0", "35"]]
    kept = sent_to(client, of(round_), rows, name="<i>.csv")
    page = page_of(client, kept)
    assert "<script>1" not in page.text
    assert "<b>Kogemus" not in page.text


def test_ten_rows_cost_as_many_statements_as_sixty(client, publisher, round_):
    def statements(n):
        names = [ComponentFactory(name=f"Teenus {uuid.uuid4().hex}").name for _ in range(n)]
        rows = [HEAD] + [["", name, "", "35", "0", "35"] for name in names]
        kept = sent_to(client, of(round_), rows)
        page_of(client, kept)
        with CaptureQueriesContext(
            connection,
        ) as found:
            page_of(client, kept)
        return len(found)

    client.force_login(publisher)
    assert statements(10) == statements(60)


def test_what_nobody_takes_over_goes_after_a_month(client, publisher, round_, components):
    client.force_login(publisher)
    kept = sent_to(client, of(round_), [HEAD, ["", "Töötamise toetamine", "", "35", "0", "35"]])
    done = sent_to(client, of(round_), [HEAD, ["", "Kogemusnõustamine", "grupis", "9", "0", "9"]])
    act(client, done)
    keeping.prune(timezone.now() + dt.timedelta(days=29))
    assert PriceImport.objects.filter(pk=kept.pk).exists()
    keeping.prune(timezone.now() + dt.timedelta(days=31))
    assert list(PriceImport.objects.values_list("pk", flat=True)) == [done.pk]
    keeping.prune(timezone.now() + dt.timedelta(days=366))
    assert PriceImport.objects.get().sheets == []
    assert page_of(client, done).status_code == 200
