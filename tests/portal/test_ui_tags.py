"""Numbers, days and links as Estonian writes them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from portal.templatetags import ui

S = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Decimal("1234.5"), f"1{S}234,50{S}€"),
        (Decimal("0"), f"0,00{S}€"),
        (Decimal("2.345"), f"2,35{S}€"),
        (Decimal("1234567.891"), f"1{S}234{S}567,89{S}€"),
        (Decimal("-5"), f"\N{MINUS SIGN}5,00{S}€"),
        ("35", f"35,00{S}€"),
    ],
)
def test_euros_are_written_with_a_comma_and_never_broken_over_lines(amount, written):
    assert ui.euro(amount) == written


@pytest.mark.parametrize(
    "write", [ui.euro, ui.number, ui.km, ui.hours, ui.minutes, ui.day, ui.day_time, ui.weekday]
)
def test_a_missing_value_is_written_as_nothing(write):
    assert write(None) == ""


@pytest.mark.parametrize("broken", ["", "palju", "NaN", "Infinity"])
def test_what_is_not_a_number_is_written_as_nothing(broken):
    assert [ui.euro(broken), ui.number(broken), ui.km(broken), ui.hours(broken)] == [""] * 4


@pytest.mark.parametrize(
    ("value", "written"),
    [("24.0", "24"), ("22.5", "22,5"), ("100", "100"), ("12345", f"12{S}345"), ("0", "0")],
)
def test_a_number_loses_only_the_zeros_that_say_nothing(value, written):
    assert ui.number(Decimal(value)) == written


@pytest.mark.parametrize(
    ("distance", "written"), [(36.4, f"36{S}km"), (1, f"1{S}km"), (1250, f"1{S}250{S}km")]
)
def test_distances_are_whole_kilometres(distance, written):
    assert ui.km(distance) == written


def test_less_than_a_kilometre_is_said_in_words():
    with translation.override("en"):
        assert ui.km(0.4) == f"under 1{S}km"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1.5"), f"1{S}h{S}30{S}min"),
        (Decimal("4"), f"4{S}h"),
        (Decimal("0.75"), f"45{S}min"),
        (Decimal("0"), f"0{S}h"),
        (Decimal("1200"), f"1{S}200{S}h"),
    ],
)
def test_hours_are_written_as_hours_and_minutes(value, written):
    assert ui.hours(value) == written


def test_minutes_alone_stay_minutes():
    assert ui.minutes(45) == f"45{S}min"
    assert ui.minutes(90) == f"1{S}h{S}30{S}min"


def test_a_day_is_day_month_year():
    assert ui.day(dt.date(2026, 3, 4)) == "04.03.2026"


@pytest.mark.parametrize(
    ("language", "words"),
    [("et", "oktoobris 2027"), ("en", "in October 2027"), ("ru", "в октябре 2027")],
)
def test_a_month_stands_in_the_middle_of_a_sentence(language, words):
    with translation.override(language):
        assert words in ui.in_month(dt.date(2027, 10, 1))


def test_a_moment_is_shown_in_local_time():
    late_in_utc = dt.datetime(2026, 3, 24, 22, 5, tzinfo=dt.UTC)
    assert ui.day(late_in_utc) == "25.03.2026"
    assert ui.time_of_day(late_in_utc) == "0.05"
    with translation.override("en"):
        assert ui.day_time(late_in_utc) == f"25.03.2026{S}at{S}0.05"


def test_the_weekday_of_a_moment_is_that_of_local_time():
    with translation.override("en"):
        assert ui.weekday(dt.datetime(2026, 3, 24, 22, 5, tzinfo=dt.UTC)) == "Wednesday"
        assert ui.weekday(timezone.make_aware(dt.datetime(2026, 3, 24, 9, 0))) == "Tuesday"


def test_a_telephone_link_keeps_only_what_can_be_dialled():
    assert ui.tel("+372 5555 (123)") == "+3725555123"
    assert ui.tel(None) == ""


def test_each_form_has_words_and_an_unknown_one_stays_as_it_is():
    with translation.override("en"):
        assert ui.form_name("group") == "in a group"
    assert ui.form_name("muu") == "muu"
    assert ui.form_name(None) == ""


@pytest.mark.parametrize(
    ("part", "whole", "per_cent"), [(27, 111, 24), (5, 0, 0), (30, 20, 100), (0, 12, 0), (-1, 5, 0)]
)
def test_the_drawn_share_stays_between_nothing_and_all(part, whole, per_cent):
    assert ui.share(part, whole) == per_cent


def test_an_icon_is_hidden_from_screen_readers_and_an_unknown_name_gets_a_plain_one():
    assert '#phone"' in ui.icon("phone")
    assert 'aria-hidden="true"' in ui.icon("phone")
    assert '#circle"' in ui.icon('"><script>')


@pytest.mark.parametrize(
    ("reading", "content", "attribute"),
    [("en", "et", ' lang="et"'), ("et", "et", ""), ("ru", "ru", ""), ("en", None, "")],
)
def test_estonian_text_inside_another_language_says_so(reading, content, attribute):
    with translation.override(reading):
        page = Template("{% load ui %}<p{% content_lang %}>")
        assert page.render(Context({"content_language": content})) == f"<p{attribute}>"


def meter(**amounts):
    page = Template("{% load ui %}{% ceiling_meter used=u planned=p ceiling=c forecast=f %}")
    with translation.override("en"):
        return page.render(Context(amounts))


def test_the_ceiling_is_said_in_a_sentence_while_the_plan_fits():
    text = meter(u=Decimal("513"), p=Decimal("1596"), c=Decimal("2280"), f=Decimal("2256"))
    assert f"171,00{S}€ is left" in text
    assert "over the ceiling" not in text


def test_a_plan_over_the_ceiling_is_said_and_drawn_inside_the_picture():
    text = meter(u=Decimal("2000"), p=Decimal("400"), c=Decimal("2280"), f=None)
    assert f"120,00{S}€ over the ceiling" in text
    assert 'class="m-plan" y="14" width="300.0"' in text


def test_a_pace_that_leads_over_the_ceiling_is_said():
    text = meter(u=Decimal("2000"), p=Decimal("100"), c=Decimal("2280"), f=Decimal("2600"))
    assert "would end over the ceiling" in text
