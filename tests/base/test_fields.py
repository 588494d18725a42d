import pickle
import uuid

import pytest
from django.apps.registry import Apps
from django.core import serializers
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connection, models
from django.forms import modelform_factory
from django.test import override_settings

from portal.base import rotation
from portal.base.encryption import CipherText, DecryptionError
from portal.base.fields import EncryptedTextField
from tests.base.models import Diary, Letter
from tests.base.test_encryption import key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]


def stored(model, pk, column="text"):
    with connection.cursor() as cursor:
        name = connection.ops.quote_name
        cursor.execute(f"SELECT {name(column)}, id FROM {name(model._meta.db_table)}")
        rows = {str(row[1]).replace("-", ""): row[0] for row in cursor.fetchall()}
    return rows[pk.hex]


def put_back(model, pk, text, column="text"):
    """Change the table behind Django's back, as somebody with the database file could."""
    model.objects.filter(pk=pk).update(**{column: CipherText(text)})


def test_text_is_plain_on_the_instance_and_cipher_in_the_table():
    diary = Diary.objects.create(text="Mari ütles")
    assert diary.text == "Mari ütles"
    assert Diary.objects.get().text == "Mari ütles"
    assert stored(Diary, diary.pk).startswith("enc1.test.")


def test_values_and_raw_rows_show_cipher_text():
    Diary.objects.create(text="Mari ütles", remark="saladus")
    shown = [
        *Diary.objects.values_list("text", flat=True),
        *[row["remark"] for row in Diary.objects.values("remark")],
    ]
    assert all(value.startswith("enc1.") for value in shown)


def test_loaded_row_keeps_the_text_closed_until_it_is_asked_for():
    Diary.objects.create(text="Mari ütles")
    diary = Diary.objects.get()
    assert diary.text == "Mari ütles"
    assert "Mari" not in repr(vars(diary))
    assert "Mari ütles".encode() not in pickle.dumps(diary)


def test_null_stays_null_and_empty_is_encrypted_like_any_text():
    diary = Diary.objects.create(text="", remark=None)
    loaded = Diary.objects.get()
    assert (loaded.text, loaded.remark) == ("", None)
    assert stored(Diary, diary.pk, "remark") is None
    assert stored(Diary, diary.pk) != ""
    assert Diary.objects.filter(remark__isnull=True).count() == 1
    assert Diary.objects.filter(text__isnull=True).count() == 0


def test_text_moved_to_another_row_is_refused():
    one, two = Diary.objects.create(text="ühe"), Diary.objects.create(text="teise")
    put_back(Diary, two.pk, stored(Diary, one.pk))
    with pytest.raises(DecryptionError):
        _ = Diary.objects.get(pk=two.pk).text


def test_text_moved_to_another_field_is_refused():
    diary = Diary.objects.create(text="üks", remark="kaks")
    put_back(Diary, diary.pk, stored(Diary, diary.pk, "remark"))
    with pytest.raises(DecryptionError):
        _ = Diary.objects.get().text


def test_text_moved_to_another_model_is_refused():
    diary = Diary.objects.create(text="üks")
    letter = Letter.objects.create(pk=diary.pk, text="kaks")
    put_back(Letter, letter.pk, stored(Diary, diary.pk))
    with pytest.raises(DecryptionError):
        _ = Letter.objects.get().text


def test_plain_text_in_the_table_is_not_shown_as_the_value():
    diary = Diary.objects.create(text="üks")
    put_back(Diary, diary.pk, "sisse smugeldatud")
    with pytest.raises(DecryptionError):
        _ = Diary.objects.get().text


def test_wrong_key_raises_and_older_key_reads():
    with override_settings(FIELD_ENCRYPTION_KEYS={"old": key("a")}):
        Diary.objects.create(text="vana")
    with pytest.raises(DecryptionError):
        _ = Diary.objects.get().text
    with override_settings(FIELD_ENCRYPTION_KEYS={"new": key("b"), "old": key("a")}):
        assert Diary.objects.get().text == "vana"


def test_row_saved_again_without_touching_the_text_keeps_it():
    before = stored(Diary, Diary.objects.create(text="üks").pk)
    diary = Diary.objects.get()
    diary.title = "pealkiri"
    diary.save()
    assert stored(Diary, diary.pk) == before


@pytest.mark.django_db(transaction=True)
def test_copy_of_a_row_under_a_new_key_is_refused_until_the_text_is_set_anew():
    Diary.objects.create(text="üks")
    copy = Diary.objects.get()
    text = copy.text
    copy.pk, copy._state.adding = uuid.uuid4(), True
    with pytest.raises(DecryptionError):
        copy.save()
    copy.text = text
    copy.save()
    assert Diary.objects.get(pk=copy.pk).text == "üks"


def test_deferred_and_refreshed_rows_open_too():
    diary = Diary.objects.create(text="üks")
    assert Diary.objects.only("title").get().text == "üks"
    diary.text = "pooleli"
    diary.refresh_from_db()
    assert diary.text == "üks"


def test_many_rows_at_once_are_encrypted_each_for_itself():
    Letter.objects.bulk_create([Letter(text="a"), Letter(text="b")])
    assert {letter.text for letter in Letter.objects.all()} == {"a", "b"}


@pytest.mark.django_db(transaction=True)
def test_ways_around_save_cannot_store_plain_text():
    letter = Letter.objects.create(text="a")
    with pytest.raises(TypeError):
        Letter.objects.update(text="b")
    letter.text = "b"
    with pytest.raises(TypeError):
        Letter.objects.bulk_update([letter], ["text"])
    with pytest.raises(TypeError):
        letter.save_base(raw=True)
    letter.text = 5
    with pytest.raises(TypeError):
        letter.save()
    assert Letter.objects.get().text == "a"


@pytest.mark.parametrize(
    "lookup", ["text", "text__contains", "text__in", "text__gt", "text__lower"]
)
def test_encrypted_text_cannot_be_searched(lookup):
    with pytest.raises(FieldError):
        list(Diary.objects.filter(**{lookup: "a"}))


def test_dump_of_the_table_holds_cipher_text():
    Letter.objects.create(text="Mari ütles")
    dump = serializers.serialize("json", Letter.objects.all())
    assert "Mari" not in dump
    assert "enc1." in dump


def test_form_shows_and_saves_plain_text():
    form_class = modelform_factory(Letter, fields=["text"])
    Letter.objects.create(text="enne")
    letter = Letter.objects.get()
    assert form_class(instance=letter).initial["text"] == "enne"
    form_class({"text": "pärast"}, instance=letter).save()
    assert Letter.objects.get().text == "pärast"


# --- History ------------------------------------------------------------------------------


def test_every_version_is_encrypted_and_opens():
    diary = Diary.objects.create(text="esimene")
    diary.text = "teine"
    diary.save()
    assert [version.text for version in diary.history.all()] == ["teine", "esimene"]
    assert all(text.startswith("enc1.") for text in diary.history.values_list("text", flat=True))
    assert diary.history.last().instance.text == "esimene"


def test_version_can_be_compared_and_put_back():
    diary = Diary.objects.create(text="esimene")
    diary.text = "teine"
    diary.save()
    new, old = diary.history.all()
    change = {change.field: (change.old, change.new) for change in new.diff_against(old).changes}
    assert change["text"] == ("esimene", "teine")
    old.instance.save(force_update=True)
    assert Diary.objects.get().text == "esimene"


def test_old_version_cannot_be_passed_off_as_a_newer_one():
    diary = Diary.objects.create(text="esimene")
    diary.text = "teine"
    diary.save()
    new, old = diary.history.all()
    table = type(new).objects
    table.filter(pk=new.pk).update(text=table.filter(pk=old.pk).values_list("text", flat=True)[0])
    with pytest.raises(DecryptionError):
        _ = table.get(pk=new.pk).text


def test_version_cannot_be_put_into_the_row_itself():
    diary = Diary.objects.create(text="esimene")
    put_back(Diary, diary.pk, diary.history.values_list("text", flat=True)[0])
    with pytest.raises(DecryptionError):
        _ = Diary.objects.get().text


# --- Keys that change -----------------------------------------------------------------------


def test_rotation_writes_every_text_with_the_new_key(monkeypatch, capsys):
    places = [
        (Diary, Diary._meta.get_field("text")),
        (Diary, Diary._meta.get_field("remark")),
        (Diary.history.model, Diary.history.model._meta.get_field("text")),
    ]
    command = "portal.base.rotation.encrypted_fields"
    monkeypatch.setattr(command, lambda: places)
    with override_settings(FIELD_ENCRYPTION_KEYS={"old": key("a")}):
        Diary.objects.create(text="üks", remark=None)
        Diary.objects.create(text="kaks", remark="märkus")
    with override_settings(FIELD_ENCRYPTION_KEYS={"new": key("b"), "old": key("a")}):
        Diary.objects.create(text="kolm")
        call_command("rotate_field_keys", dry_run=True)
        assert "To do: 5" in capsys.readouterr().out
        call_command("rotate_field_keys")
        assert "Done: 5" in capsys.readouterr().out
        assert rotation.rows_with_old_key(*places[0]).count() == 0
    with override_settings(FIELD_ENCRYPTION_KEYS={"new": key("b")}):
        assert {diary.text for diary in Diary.objects.all()} == {"üks", "kaks", "kolm"}
        assert {diary.remark for diary in Diary.objects.all()} == {None, "märkus"}
        assert {version.text for version in Diary.history.all()} == {"üks", "kaks", "kolm"}


def test_rotation_finds_every_encrypted_column():
    found = rotation.encrypted_fields([Diary, Diary.history.model, Letter])
    assert [(model.__name__, field.name) for model, field in found] == [
        ("Diary", "text"),
        ("Diary", "remark"),
        ("HistoricalDiary", "text"),
        ("HistoricalDiary", "remark"),
        ("Letter", "text"),
    ]


# --- Models that cannot hold one --------------------------------------------------------------


def problems(key_field, **options):
    class Wrong(models.Model):  # noqa: DJ008
        id = key_field
        text = EncryptedTextField(**options)

        class Meta:
            app_label = "base"
            apps = Apps()

    return [error.msg for error in Wrong.check() if error.id == "base.E001"]


def test_row_without_a_key_of_its_own_before_storing_is_refused_at_the_start():
    assert len(problems(models.BigAutoField(primary_key=True))) == 1
    assert problems(models.UUIDField(primary_key=True, default=uuid.uuid4)) == []


def test_index_over_cipher_text_is_refused_at_the_start():
    uuid_key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    assert len(problems(uuid_key, db_index=True)) == 1
