"""Editors see what nothing answered, and make a synonym or a gap of it."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from home.models import Synonym, UnansweredQuestion
from home.privacy import questions_before
from network.models import Gap, Region
from portal.access.cms_groups import EDITORS, ensure_cms_groups
from portal.base import retention
from tests.factories import UserFactory
from tests.home.factories import SmallSite
from tests.network.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(site: SmallSite) -> Client:
    ensure_cms_groups()
    user = UserFactory()
    user.groups.add(Group.objects.get(name=EDITORS))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def question() -> UnansweredQuestion:
    return UnansweredQuestion.objects.create(month=dt.date(2026, 11, 1), words="saunapäev", count=4)


def of(model, name: str, *args) -> str:
    return reverse(model.snippet_viewset.get_url_name(name), args=args)


def test_an_editor_sees_the_questions_and_where_to_go_on(
    editor: Client, question: UnansweredQuestion
) -> None:
    page = editor.get(of(UnansweredQuestion, "list")).content.decode()
    assert "saunapäev" in page
    assert f"{of(Synonym, 'add')}?said=saunap%C3%A4ev" in page
    assert of(UnansweredQuestion, "edit", question.pk) in page


def test_a_question_becomes_a_synonym(editor: Client, question: UnansweredQuestion) -> None:
    page = editor.get(of(Synonym, "add"), {"said": question.words}).content.decode()
    assert 'value="saunapäev"' in page
    sent = {"said": "saunapäev, saun", "meant": "pesemine"}
    assert editor.post(of(Synonym, "add"), sent).status_code == 302
    assert Synonym.objects.get().meant == "pesemine"
    question.refresh_from_db()
    assert question.state == UnansweredQuestion.State.SYNONYM


def test_a_question_becomes_a_gap_of_the_region_once(
    editor: Client, question: UnansweredQuestion
) -> None:
    place = MunicipalityFactory()
    region = Region.objects.create(name="Meie kant")
    region.memberships.create(municipality=place, valid_from=dt.date(2020, 1, 1))
    address = of(UnansweredQuestion, "edit", question.pk)
    for _twice in range(2):
        assert editor.post(address, {"state": "gap", "municipality": place.pk}).status_code == 302
    gap = Gap.objects.get()
    assert (gap.region, gap.municipality, gap.text) == (region, place, "saunapäev")
    assert gap.month == timezone.localdate().replace(day=1)


def test_a_gap_is_somewhere(editor: Client, question: UnansweredQuestion) -> None:
    address = of(UnansweredQuestion, "edit", question.pk)
    nobody_there = MunicipalityFactory()
    for place in ("", str(nobody_there.pk)):
        assert editor.post(address, {"state": "gap", "municipality": place}).status_code == 200
    assert not Gap.objects.exists()


def test_whoever_is_no_editor_sees_none_of_it(site: SmallSite, client: Client) -> None:
    client.force_login(UserFactory())
    for model in (Synonym, UnansweredQuestion):
        assert client.get(of(model, "list")).status_code in (302, 403, 404)


def test_questions_are_kept_for_a_year(question: UnansweredQuestion) -> None:
    kind = retention.kind_of("home.question")
    assert kind is not None
    then = dt.datetime(2026, 12, 2, tzinfo=dt.UTC)
    assert list(questions_before(then)) == [question]
    assert not questions_before(then.replace(month=11)).exists()
