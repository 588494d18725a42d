"""Days as people write them, in every field that takes one."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from portal.base.form_fields import TypedDay


@pytest.mark.parametrize(
    "typed",
    [
        "1.3.2027",
        "01.03.27",
        "01,03,2027",
        "1. 3. 2027.",
        "2027-03-01",
        "1. märts 2027",
        "1 märts 2027",
        "1.märts.2027",
        "1. MÄRTS 2027. a",
        "1. märtsil 2027",
    ],
)
def test_a_day_is_read_as_it_is_written(typed):
    assert TypedDay().clean(typed) == dt.date(2027, 3, 1)


@pytest.mark.parametrize("typed", ["31.02.2027", "31.11.2026", "31. november 2026", "2026-13-01"])
def test_a_day_that_never_comes_is_said_to_be_none(typed):
    with pytest.raises(ValidationError) as refused:
        TypedDay().clean(typed)
    assert refused.value.code == "no_such_day"


@pytest.mark.parametrize("typed", ["eile", "1. juu 2027", "1. märts", "12", "1.3", "\0"])
def test_what_is_no_day_asks_for_one(typed):
    with pytest.raises(ValidationError) as refused:
        TypedDay().clean(typed)
    assert refused.value.code == "invalid"
