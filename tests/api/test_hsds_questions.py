"""What may be asked of the lists, what comes of it, and sentences about what cannot be."""

import datetime as dt

import pytest
from django.utils import timezone
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from network.hsds import ids
from network.models import OfferPrice, ResourceChange
from portal.base import content_version
from tests.factories import UserFactory
from tests.home.factories import SmallSite
from tests.network.factories import OfferFactory, OrganisationFactory, ResourceFactory

pytestmark = pytest.mark.django_db


def _ids(client, name, **asked):
    answer = client.get(f"/api/hsds/{name}", asked)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["contents"]]


def _service(resource):
    return ids.id_of(ids.SERVICE, resource.pk)


@pytest.mark.parametrize(
    "question",
    [
        *("page=0", "page=-1", "page=a", "page=1.5", "page=99999999", "per_page=0", "per_page=x"),
        *("full=jah", "modified_after=eile", "modified_after=2026-13-01", "format=xml"),
        *("modified_after=0001-01-01T00:00:00%2B14:00", "postcode=68206", "proximity=5"),
        *("modified_after=9999-12-31T23:59:59-14:00", "page=%D9%A1"),
    ],
)
def test_what_cannot_be_asked_gets_a_sentence_and_no_fault(client, question):
    answer = client.get(f"/api/hsds/services?{question}")
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "question",
    [
        *("", "page=", "per_page=", "full=TRUE", "full=0", "search='%22%00%25_", "mis=see"),
        *("modified_after=2026-11-22", "modified_after=2026-11-22T10:00:00Z"),
        *("modified_after=2026-11-22T10:00:00+02:00", "taxonomy_term_id=ei-ole"),
        *("organization_id=ei-ole", "taxonomy_id=ei-ole", "page=9999999"),
    ],
)
def test_what_can_be_asked_gets_an_answer(client, question):
    assert client.get(f"/api/hsds/services?{question}").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        *("services", "service_at_locations", "locations", "organizations"),
        *("taxonomies", "taxonomy_terms"),
    ],
)
def test_an_unknown_id_is_an_answer_in_json(client, name):
    for id in ("ei-ole", "00000000-0000-0000-0000-000000000000", "%00", "{1}"):
        answer = client.get(f"/api/hsds/{name}/{id}")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")


def test_hidden_and_unknown_get_the_same_answer(client):
    draft = ResourceFactory(state="draft")
    hidden = ResourceFactory(organisation=OrganisationFactory(is_public=False))
    shown = ResourceFactory()
    kinds = ((ids.SERVICE, "services"), (ids.LOCATION, "locations"))
    for kind, name in (*kinds, (ids.SERVICE_AT_LOCATION, "service_at_locations")):
        unknown = client.get(f"/api/hsds/{name}/{ids.id_of(kind, 999_999)}")
        assert unknown.status_code == 404
        for row in (draft, hidden):
            answer = client.get(f"/api/hsds/{name}/{ids.id_of(kind, row.pk)}")
            assert (answer.status_code, answer.content) == (404, unknown.content)
        assert client.get(f"/api/hsds/{name}/{ids.id_of(kind, shown.pk)}").status_code == 200
    gone = client.get(
        f"/api/hsds/organizations/{ids.id_of(ids.ORGANIZATION, hidden.organisation_id)}"
    )
    assert (gone.status_code, gone.content) == (404, unknown.content)


def test_rows_of_a_term_and_of_an_organisation(client):
    one = OfferFactory(price="40.00", at_home=True)
    other = OfferFactory(component__kind="base", component__domain=None, price__group="20.00")
    benefit = ResourceFactory(kind="benefit")
    mine, its, help_ = _service(one.resource), _service(other.resource), _service(benefit)
    terms = {
        row["name"]: row["id"]
        for row in client.get("/api/hsds/taxonomy_terms?per_page=100").json()["contents"]
    }
    of = {
        ids.id_of(ids.COMPONENT_TERM, one.component_id): [mine],
        ids.id_of(ids.DOMAIN_TERM, one.component.domain_id): [mine],
        ids.id_named("components", "base"): [its],
        ids.id_named("ways", "at_home"): [mine],
        ids.id_named("ways", "group"): [its],
        ids.id_named("kinds", "benefit"): [help_],
    }
    assert set(of) <= set(terms.values())
    for term, rows in of.items():
        assert _ids(client, "services", taxonomy_term_id=term) == rows
    assert _ids(client, "services", taxonomy_id=ids.id_named("components")) == [mine, its]
    owner = ids.id_of(ids.ORGANIZATION, other.resource.organisation_id)
    assert _ids(client, "services", organization_id=owner) == [its]
    assert _ids(client, "organizations", taxonomy_term_id=ids.id_named("ways", "group")) == [owner]
    assert _ids(client, "services", search=other.component.name) == [its]


def _change(resource, at, **more):
    row = ResourceChange.objects.create(
        resource=resource,
        organisation=resource.organisation,
        what="changed",
        by=UserFactory(),
        **more,
    )
    ResourceChange.objects.filter(pk=row.pk).update(at=at)


def test_modified_after_finds_what_says_that_it_is_newer_and_nothing_else(client):
    now = timezone.now()
    day = timezone.localdate()
    quiet = ResourceFactory(confirmed_on=None)
    for days in (1, 2, 5, 9):
        _change(ResourceFactory(confirmed_on=None), now - dt.timedelta(days=days))
        ResourceFactory(confirmed_on=day - dt.timedelta(days=days))
    begun = OfferFactory(resource__confirmed_on=None, price="40.00")
    OfferPrice.objects.filter(offer=begun).update(
        valid_from=day - dt.timedelta(days=3), valid_until=day + dt.timedelta(days=3)
    )
    site = SmallSite()
    told = OfferFactory(resource__confirmed_on=None, component=site.component().component)

    everything = client.get("/api/hsds/services?per_page=100").json()["contents"]
    dated = {
        row["id"]: dt.datetime.fromisoformat(row["last_modified"])
        for row in everything
        if "last_modified" in row
    }
    assert _service(quiet) not in dated
    assert {_service(begun.resource), _service(told.resource)} <= set(dated)
    moments = [*dated.values(), *(moment + dt.timedelta(seconds=1) for moment in dated.values())]
    for moment in moments:
        asked = moment.astimezone(dt.UTC).isoformat()
        wanted = {id for id, changed in dated.items() if changed >= moment}
        assert set(_ids(client, "services", per_page=100, modified_after=asked)) == wanted


def test_a_proposal_that_waits_changes_no_date(client):
    resource = ResourceFactory(confirmed_on=None)
    change = ResourceChange.objects.create(
        resource=resource,
        organisation=resource.organisation,
        what="proposed",
        state="waiting",
        by=UserFactory(),
    )
    row = client.get("/api/hsds/services").json()["contents"][0]
    assert "last_modified" not in row
    ResourceChange.objects.filter(pk=change.pk).update(state="approved", decided_at=timezone.now())
    content_version.move_on()
    assert "last_modified" in client.get("/api/hsds/services").json()["contents"][0]


def test_a_price_has_its_currency_period_and_tax(client):
    offer = OfferFactory(price="40.00")
    OfferPrice.objects.filter(offer=offer).update(
        net="50.00", vat_rate="24.0", gross="62.00", valid_until=dt.date(2099, 1, 1)
    )
    record = client.get(f"/api/hsds/services/{_service(offer.resource)}").json()
    (price,) = record["cost_options"]
    assert (price["amount"], price["currency"]) == (62.0, "EUR")
    assert (price["valid_from"], price["valid_to"]) == ("2026-01-01", "2098-12-31")
    assert "50,00" in price["amount_description"]
    assert "24" in price["amount_description"]


def test_minimal_rows_have_four_words(client):
    resource = ResourceFactory()
    (row,) = client.get("/api/hsds/services?minimal=true").json()["contents"]
    assert set(row) == {"id", "name", "status", "last_modified"}
    assert row["id"] == _service(resource)


def test_the_description_is_openapi_and_every_answer_has_the_shape_it_promises(client):
    description = client.get("/api/openapi.json").json()
    validate_schema(description)
    assert all(path.startswith("/api/hsds/") for path in description["paths"])
    OfferFactory(price="40.00", at_home=True, free_places=1, resource__address="Tänav 1")
    schemas = {"components": description["components"]}
    for path, methods in description["paths"].items():
        if "{id}" in path:
            listed = client.get(path.removesuffix("/{id}")).json()["contents"]
            path = path.replace("{id}", listed[-1]["id"])
        answer = client.get(path)
        content = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        Draft202012Validator({**content, **schemas}).validate(answer.json())
        assert answer.status_code == 200


def test_the_page_names_every_address_of_the_description(client):
    SmallSite()
    for prefix in ("/", "/en/", "/ru/"):
        page = client.get(f"{prefix}api/").content.decode()
        for path in client.get("/api/openapi.json").json()["paths"]:
            assert f"<code>{path}</code>" in page
