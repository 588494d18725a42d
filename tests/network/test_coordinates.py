"""Coordinates as people type them: degrees, metres, and the usual slips."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.coordinates import NotCoordinates, as_typed, read_coordinates

# Võru, in both.
VORU = (57.8339, 27.0194)


@pytest.mark.parametrize(
    "text",
    [
        "57.8339, 27.0194",
        "57.8339,27.0194",
        "57.8339 27.0194",
        "57,8339 27,0194",
        "57,8339, 27,0194",
        "57.8339 N 27.0194 E",
        "57,8339° / 27,0194°",
    ],
)
def test_degrees_are_read_however_they_are_written(text):
    point = read_coordinates(text)
    assert (point.lat, point.lon) == VORU
    assert not point.was_metres


@pytest.mark.parametrize("text", ["6413700 679300", "679300/6413700", "6413700,0; 679300,0"])
def test_metres_of_estonian_maps_become_degrees(text):
    point = read_coordinates(text)
    assert point.was_metres
    assert (round(point.lat, 1), round(point.lon, 1)) == (57.8, 27.0)


def test_the_wrong_order_is_named_with_the_right_one():
    with pytest.raises(NotCoordinates) as error:
        read_coordinates("27.0194, 57.8339")
    assert (error.value.why, error.value.exchanged) == ("swapped", "57.8339, 27.0194")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("60.1699, 24.9384", "foreign"),  # Helsinki
        ("56.9496, 24.1052", "foreign"),  # Riia
        ("0, 0", "foreign"),
        ("-57.8, -27.0", "foreign"),
        ("57.8", "unreadable"),
        ("57 50 2, 27 1 10", "unreadable"),
        ("Jüri 12", "unreadable"),
        ("nan, inf", "unreadable"),
        ("9" * 400 + ", 27", "foreign"),
    ],
)
def test_what_is_no_place_here_says_why(text, why):
    with pytest.raises(NotCoordinates) as error:
        read_coordinates(text)
    assert error.value.why == why


@given(st.floats(57, 60), st.floats(21, 29))
def test_what_is_shown_is_read_again(lat, lon):
    point = read_coordinates(as_typed(lat, lon))
    assert abs(point.lat - lat) < 1e-6
    assert abs(point.lon - lon) < 1e-6


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    with contextlib.suppress(NotCoordinates):
        read_coordinates(text)
