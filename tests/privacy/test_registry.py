"""Every model says whose data it holds; a new model, or a new text in one, fails here."""

import uuid

import pytest
from django.apps import apps
from django.db import connection, models

from portal.base import personal
from portal.base.personal import Keep, Path, Subject
from tests.base.models import Diary

OURS = frozenset(
    {
        *("portal", "network", "cases", "meetings", "monitoring", "catalogue", "home"),
        *("search", "audit", "access", "accounts", "base", "privacy", "backup"),
    }
)
TEXTS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.GenericIPAddressField,
)


def undeclared(known) -> list[str]:
    """Models that nobody has spoken for."""
    return [model._meta.label for model in known if personal.declaration_of(model) is None]


def unspoken(declaration) -> list[str]:
    """Columns of text that are neither copied nor named as an exception."""
    fields = [f for f in declaration.model._meta.local_concrete_fields if isinstance(f, TEXTS)]
    if declaration.nobody:
        if declaration.model._meta.app_label not in OURS:
            return []
        return [f.name for f in fields if not f.choices and f.name not in declaration.texts]
    spoken = set(declaration.excepted)
    for path in declaration.paths.values():
        spoken |= {column.name for column in path.columns} | set(path.files)
    return [f.name for f in fields if f.name not in spoken]


def test_every_model_says_whose_data_it_holds():
    known = list(apps.get_models(include_auto_created=True))
    assert len(known) > 90
    assert undeclared(known) == []


def test_a_model_that_says_nothing_is_found():
    assert undeclared([Diary]) == ["base.Diary"]


def test_every_column_of_text_is_copied_or_named_as_an_exception():
    found = {one.label: unspoken(one) for one in personal.declarations() if unspoken(one)}
    assert found == {}


@pytest.mark.parametrize("label", ["cases.CaseNote", "network.Gap", "accounts.User"])
def test_a_new_column_of_text_is_found(label):
    model = apps.get_model(label)
    declaration = personal.declaration_of(model)
    bare = personal.Declaration(model, paths={}, nobody=declaration.nobody)
    assert unspoken(bare)


def test_whatever_a_declaration_names_is_there():
    for one in personal.declarations():
        fields = {field.name for field in one.model._meta.get_fields()}
        named = {*one.texts, *one.excepted, *(name for p in one.paths.values() for name in p.files)}
        for path in one.paths.values():
            named |= {column.name for column in path.columns if column.value is None}
        assert named <= fields, one.label


def test_every_reason_is_a_reason():
    for one in personal.declarations():
        reasons = [one.nobody] if one.nobody else list(one.excepted.values())
        reasons += [p.erase.why for p in one.paths.values() if isinstance(p.erase, Keep)]
        assert all(len(reason.split()) > 1 or reason in {"ids", "empty"} for reason in reasons), one


@pytest.mark.django_db
def test_every_path_can_be_asked_for_somebody_who_is_not_there():
    for kind in personal.KINDS:
        nobody = Subject(kind, frozenset({str(uuid.uuid4())}), cases=frozenset({str(uuid.uuid4())}))
        for one in personal.declarations():
            if path := one.paths.get(kind):
                assert list(path.rows(nobody)) == []
                assert path.erase(nobody, path.rows(nobody)) == 0


def test_who_points_goes_before_what_it_points_at():
    """Rows are deleted in the order of the declarations; a protected row must not come first."""
    place = {one.model: number for number, one in enumerate(personal.declarations())}
    for one in personal.declarations():
        for kind, path in one.paths.items():
            if path.erase is not personal.delete:
                continue
            for field in one.model._meta.local_concrete_fields:
                target = (
                    personal.declaration_of(field.related_model) if field.related_model else None
                )
                other = target and target.paths.get(kind)
                if other and other.erase is personal.delete and target.model is not one.model:
                    assert place[one.model] < place[target.model], (one.label, target.label)


def test_one_word_a_model():
    with pytest.raises(ValueError, match="has said already"):
        personal.holds_nobody(apps.get_model("base.DueJob"), "again")
    with pytest.raises(ValueError, match="holds_nobody"):
        personal.declare(Diary, "Diaries")


@pytest.fixture
def diary_tables(db):
    tables = (Diary, Diary.history.model)
    with connection.schema_editor() as editor:
        for table in tables:
            editor.create_model(table)
    yield
    with connection.schema_editor() as editor:
        for table in tables:
            editor.delete_model(table)


@pytest.mark.django_db(transaction=True)
def test_what_history_keeps_of_a_row_goes_with_it(diary_tables):
    mine, other = Diary.objects.create(text="Kanaarik"), Diary.objects.create(text="Tihane")
    mine.title = "Teine"
    mine.save()
    subject = Subject(personal.PERSON, frozenset())
    path = Path(lambda subject: Diary.objects.filter(pk=mine.pk))
    assert path.erase(subject, path.rows(subject)) == 1
    assert subject.touched == {str(mine.pk)}
    assert list(Diary.objects.all()) == [other]
    assert {row.id for row in Diary.history.all()} == {other.pk}
