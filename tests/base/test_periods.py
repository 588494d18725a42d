import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from catalogue.models import Round

DAY = dt.date(2026, 3, 1)
NEXT = dt.timedelta(days=1)


def a_round(first, until=None, **fields):
    return Round(valid_from=first, valid_until=until, name=f"{first}", **fields)


@pytest.mark.parametrize(
    ("until", "day", "expected"),
    [
        (None, DAY - NEXT, False),
        (None, DAY, True),
        (None, DAY + 1000 * NEXT, True),
        (DAY + NEXT, DAY, True),
        (DAY + NEXT, DAY + NEXT, False),
    ],
)
@pytest.mark.django_db
def test_first_day_counts_and_the_end_no_longer(until, day, expected):
    period = a_round(DAY, until)
    assert period.is_valid_on(day) is expected
    Round.objects.all().delete()
    period.save()
    # The question to one row and the question to the table have one answer.
    assert Round.objects.valid_on(day).exists() is expected


def test_people_are_told_the_last_day_that_counts():
    assert a_round(DAY, DAY + 2 * NEXT).last_day == DAY + NEXT
    assert a_round(DAY).last_day is None


@pytest.mark.django_db
@pytest.mark.parametrize("until", [DAY, DAY - NEXT])
def test_period_ends_after_it_began(until):
    with pytest.raises(IntegrityError):
        a_round(DAY, until).save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "until", "overlaps"),
    [
        (DAY - 5 * NEXT, DAY, False),
        (DAY - 5 * NEXT, DAY + NEXT, True),
        (DAY + 10 * NEXT, None, False),
        (DAY + 9 * NEXT, None, True),
        (DAY - 5 * NEXT, None, True),
        (DAY + 2 * NEXT, DAY + 3 * NEXT, True),
    ],
)
def test_no_day_may_belong_to_two_periods(first, until, overlaps):
    Round.objects.all().delete()
    a_round(DAY, DAY + 10 * NEXT).save()
    period = a_round(first, until)
    if overlaps:
        with pytest.raises(ValidationError):
            period.clean_no_overlap(Round.objects.all())
    else:
        period.clean_no_overlap(Round.objects.all())


@pytest.mark.django_db
def test_period_does_not_overlap_itself():
    Round.objects.all().delete()
    period = a_round(DAY)
    period.save()
    period.clean_no_overlap(Round.objects.all())
