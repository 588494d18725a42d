"""Every page of every list over a thousand services, held against the schemas of HSDS 3.1."""

import pytest

from network.hsds import ids
from network.models import Organisation, Resource
from tests.api.hsds_schemas import PAGE, unknown_words, validator
from tests.api.town import DRAFT, HIDDEN, MANY, SECRET_STREET, build_town

LISTS = {
    "services": ("service_list", "service"),
    "service_at_locations": ("service_at_location_list", "service_at_location"),
    "locations": ("location", "location"),
    "organizations": ("organization_list", "organization"),
    "taxonomies": ("taxonomy", "taxonomy"),
    "taxonomy_terms": ("taxonomy_term", "taxonomy_term"),
}
# Words of the compiled schemas alone: what a record names of the other side.
ALSO = {"organization.services", "service_at_location.service", "taxonomy_term.term_uri"}

pytestmark = pytest.mark.django_db


def walk(client, name, **asked):
    """All records of a list, page by page, as a program would fetch them."""
    found, page = [], 1
    while True:
        answer = client.get(f"/api/hsds/{name}", {"page": page, "per_page": 100, **asked}).json()
        PAGE.validate(answer)
        assert answer["page_number"] == page
        assert answer["size"] == len(answer["contents"]) <= 100
        assert answer["first_page"] == (page == 1)
        found += answer["contents"]
        if answer["last_page"]:
            assert answer["total_pages"] == max(page, answer["total_pages"])
            assert answer["total_items"] == len(found)
            return found
        page += 1


def problems(records, schema, word):
    """What the schema finds, and words that the standard does not have."""
    check = validator(schema)
    found = [
        f"{error.json_path}: {error.message}" for row in records for error in check.iter_errors(row)
    ]
    strange = set().union(*(unknown_words(row, word) for row in records)) - ALSO
    return found[:5], strange


def test_all_pages_of_all_lists_over_a_thousand_services_keep_to_the_standard(client):
    build_town(MANY)
    for name, (schema, word) in LISTS.items():
        records = walk(client, name)
        assert problems(records, schema, word) == ([], set()), name
        keys = [row["id"] for row in records]
        assert len(set(keys)) == len(keys), name
        if name in ("services", "service_at_locations", "locations"):
            assert len(keys) == MANY + 2


def test_whole_records_of_all_pages_keep_to_the_standard_and_lead_to_each_other(client):
    build_town(MANY)
    services = walk(client, "services", full="true")
    organisations = walk(client, "organizations", full="true")
    # The same services once more, seen from their places: those of one organisation will do.
    at_places = walk(
        client, "service_at_locations", full="true", organization_id=organisations[0]["id"]
    )
    assert (len(services), len(organisations)) == (MANY + 2, 16)
    assert len(at_places) > 60
    assert problems(services, "service", "service") == ([], set())
    assert problems(organisations, "organization", "organization") == ([], set())
    assert problems(at_places, "service_at_location", "service_at_location") == ([], set())
    terms = {row["id"] for row in walk(client, "taxonomy_terms")}
    places = {row["id"] for row in walk(client, "locations")}
    owners = {row["id"] for row in organisations}
    for service in services:
        assert {one["taxonomy_term"]["id"] for one in service["attributes"]} <= terms
        assert {one["location"]["id"] for one in service["service_at_locations"]} <= places
        assert service["organization"]["id"] in owners


def test_nothing_hidden_and_no_place_of_a_confidential_one_is_told(client):
    build_town(60)
    for name in LISTS:
        full = {"full": "true"} if name not in ("taxonomies", "taxonomy_terms") else {}
        text = str(walk(client, name, **full))
        assert SECRET_STREET not in text
        assert HIDDEN not in text
        assert DRAFT not in text
    hidden = {
        ids.id_of(ids.LOCATION, pk)
        for pk in Resource.objects.published()
        .filter(is_confidential=True)
        .values_list("pk", flat=True)
    }
    bare = [row for row in walk(client, "locations") if row["id"] in hidden]
    assert len(bare) == 6
    assert not any({"latitude", "longitude", "addresses"} & set(row) for row in bare)


def test_a_page_costs_the_same_statements_however_many_rows_it_has(
    client, django_assert_max_num_queries
):
    build_town(110)
    most = {
        "services?full=true": 6,
        "service_at_locations?full=true": 6,
        "locations?": 4,
        "organizations?full=true": 5,
        "taxonomy_terms?": 6,
    }
    for question, statements in most.items():
        for rows in (1, 100):
            with django_assert_max_num_queries(statements):
                client.get(f"/api/hsds/{question}&per_page={rows}&search=&x={rows}")
    assert Organisation.objects.count() == 17
