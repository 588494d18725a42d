"""Points and boxes as people and machines write them, and distances between places."""

import math

import pytest

from network.geo import ESTONIA, BadCoordinates, Box, box_around, box_from, distance_km, point_from
from network.geojson import cell, placed, with_distance
from network.models import Resource
from tests.network.factories import ResourceFactory

TALLINN, VORU = (59.437, 24.7536), (57.8337, 27.0195)


def test_a_box_is_read_as_it_is_written() -> None:
    box = box_from("26.05, 57.5,27,58.12345")

    assert box.edges == (26.05, 57.5, 27.0, 58.12345)
    assert str(box) == "26.05,57.5,27,58.12345"
    assert box_from(str(box)) == box


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,2,3",
        "1,2,3,4,5",
        "a,b,c,d",
        "27,57,26,58",
        "26,58,27,57",
        "26,57,26,58",
        "nan,57,27,58",
        "26,57,inf,58",
        "26,57,1e400,58",
        "57,26,58,27",
        "-181,57,27,58",
        "26,57,27,91",
        "26;57;27;58",
    ],
)
def test_what_is_no_box_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadCoordinates) as error:
        box_from(text)
    assert str(error.value).endswith(".")


def test_a_box_elsewhere_in_the_world_is_a_box_and_meets_nothing_here() -> None:
    assert not box_from("2,48,3,49").meets(ESTONIA)
    assert Box(20, 56, 22, 58).within(ESTONIA) == Box(21, 57, 22, 58)


@pytest.mark.parametrize(
    ("lat", "lon"), [("26.5", "57.8"), ("48", "2"), ("", "26"), ("57.8", "NaN")]
)
def test_a_point_that_is_swapped_foreign_or_no_number_is_refused(lat: str, lon: str) -> None:
    with pytest.raises(BadCoordinates):
        point_from(lat, lon)
    assert point_from("57.8", " 26.5 ") == (57.8, 26.5)


def test_squares_are_never_too_many_for_an_answer() -> None:
    for box in (ESTONIA, Box(21, 58, 29, 58.001), Box(26, 57, 26.001, 60)):
        for zoom in (0, 7, 22):
            width, height = cell(box, zoom)
            assert (box.east - box.west) / width <= 16.001
            assert (box.north - box.south) / height <= 16.001


@pytest.mark.django_db
def test_the_distance_of_the_database_is_that_of_the_globe() -> None:
    points = [TALLINN, VORU, (58.0, 21.9), (59.4, 28.2), (57.6, 26.4)]
    for lat, lon in points:
        ResourceFactory(lat=lat, lon=lon)

    for here in points:
        for row in with_distance(placed(Resource.objects.all()), *here):
            real = distance_km(*here, row.lat, row.lon)
            assert math.sqrt(row.km2) == pytest.approx(real, rel=0.002, abs=0.01)


@pytest.mark.django_db
def test_a_place_that_is_confidential_or_unknown_stands_at_the_seat() -> None:
    hidden = ResourceFactory(lat=59.0, lon=25.0, is_confidential=True)
    ResourceFactory(municipality=hidden.municipality)

    spots = placed(Resource.objects.all()).values_list("map_lat", "map_lon")

    assert set(spots) == {(hidden.municipality.lat, hidden.municipality.lon)}


def test_a_box_around_points_holds_them_all() -> None:
    box = box_around([TALLINN, VORU])

    assert box == Box(24.7536, 57.8337, 27.0195, 59.437)
    assert box.holds(*TALLINN)
    assert not box.holds(57.0, 25.0)
