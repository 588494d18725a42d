"""Counts over many public rows are asked once, until something public changes."""

import pytest
from django.db.models import Count

from catalogue.models import LifeDomain
from portal.base import content_version
from portal.base.memo import MOST_ANSWERS, per_statement

pytestmark = pytest.mark.django_db


def counted(*also: object, slug: str = "") -> int:
    rows = LifeDomain.objects.filter(slug__startswith=slug) if slug else LifeDomain.objects.all()
    return per_statement(rows, lambda: rows.aggregate(n=Count("pk"))["n"], *also)


def test_the_same_question_is_asked_once_until_the_public_content_changes(
    django_assert_num_queries,
):
    LifeDomain.objects.create(slug="memo-eluase", name="Eluase")
    content_version.move_on()
    first = counted()
    with django_assert_num_queries(0):
        assert counted() == first
    LifeDomain.objects.create(slug="memo-too", name="Töö")
    content_version.move_on()
    assert counted() == first + 1


def test_another_question_has_an_answer_of_its_own(django_assert_num_queries):
    LifeDomain.objects.create(slug="memo-eluase", name="Eluase")
    content_version.move_on()
    assert counted(slug="memo-") == 1
    assert counted(slug="memo-puudub") == 0
    with django_assert_num_queries(1):
        counted("near", slug="memo-")
    with django_assert_num_queries(0):
        assert (counted(slug="memo-"), counted("near", slug="memo-")) == (1, 1)


def test_a_question_that_nothing_can_answer_needs_no_statement(django_assert_num_queries):
    rows = LifeDomain.objects.filter(pk__in=[])
    content_version.current()
    with django_assert_num_queries(0):
        assert per_statement(rows, lambda: list(rows)) == []


def test_what_was_asked_longest_ago_is_forgotten_first(django_assert_num_queries):
    content_version.move_on()
    counted("first")
    for number in range(MOST_ANSWERS):
        counted(number)
    with django_assert_num_queries(1):
        counted("first")
