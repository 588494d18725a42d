import uuid

import pytest
import time_machine
from django.db import transaction

from portal.base.versions import VersionConflict, save_versioned
from tests.base.models import Diary
from tests.base.together import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]


def test_saving_moves_the_version_and_only_the_named_fields():
    diary = Diary.objects.create(title="enne", text="tekst")
    diary.title, diary.text = "pärast", "ei salvestata"
    save_versioned(diary, 1, ["title"])
    stored = Diary.objects.get()
    assert (stored.version, stored.title, stored.text) == (2, "pärast", "tekst")
    assert diary.version == 2


def test_second_of_two_editors_gets_the_conflict_and_the_current_row():
    Diary.objects.create(title="enne", text="tekst")
    first, second = Diary.objects.get(), Diary.objects.get()
    first.title = "esimese"
    save_versioned(first, 1, ["title"])
    second.title = "teise"
    with pytest.raises(VersionConflict) as conflict:
        save_versioned(second, 1, ["title"])
    assert conflict.value.current.title == "esimese"
    assert conflict.value.current.version == 2
    assert Diary.objects.get().title == "esimese"
    assert second.title == "teise"


def test_row_deleted_meanwhile_is_a_conflict_without_a_row():
    diary = Diary.objects.create(title="enne", text="tekst")
    Diary.objects.all().delete()
    with pytest.raises(VersionConflict) as conflict:
        save_versioned(diary, 1, ["title"])
    assert conflict.value.current is None


def test_history_and_encryption_go_with_the_save():
    diary = Diary.objects.create(title="enne", text="tekst")
    diary.text = "uus tekst"
    save_versioned(diary, 1, ["text"])
    assert [version.text for version in diary.history.all()] == ["uus tekst", "tekst"]
    assert [version.version for version in diary.history.all()] == [2, 1]
    assert Diary.objects.get().text == "uus tekst"


def test_time_of_change_is_saved_along():
    with time_machine.travel("2026-11-20T10:00:00Z"):
        diary = Diary.objects.create(title="enne", text="tekst")
    with time_machine.travel("2026-11-22T10:00:00Z"):
        save_versioned(diary, 1, ["title"])
    assert Diary.objects.get().changed_at.day == 22


def test_failed_save_leaves_row_and_instance_as_they_were():
    diary = Diary.objects.create(title="enne", text="tekst")
    diary.text = 5
    with pytest.raises(TypeError):
        save_versioned(diary, 1, ["text"])
    assert Diary.objects.get().version == 1
    assert diary.version == 1


@pytest.mark.django_db(transaction=True)
def test_of_ten_editors_at_once_one_wins():
    key = Diary.objects.create(title="enne", text="tekst").pk

    def edit():
        diary = Diary.objects.get(pk=key)
        diary.title = uuid.uuid4().hex
        try:
            with transaction.atomic():
                save_versioned(diary, 1, ["title"])
        except VersionConflict:
            return None
        return diary.title

    winners = [title for title in at_once(edit, 10) if title]
    assert winners == [Diary.objects.get().title]
    assert Diary.history.count() == 2
