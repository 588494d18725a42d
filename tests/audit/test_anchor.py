"""Anchors: what stands outside of the database shows what the database cannot."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from portal.audit.anchor import anchor, note_restore, read_anchors, trouble
from portal.audit.log import Actor, record
from portal.audit.models import AccessEvent
from portal.base import due, outbox
from portal.base.models import DueJob, OutboxItem
from tests.audit.conftest import unfenced
from tests.audit.forging import complaint, cut_after, forge_the_rest, praise, write

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def anchors(settings, tmp_path):
    """An anchor file for each test."""
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "kaugel" / "anchors.log")
    return tmp_path / "kaugel" / "anchors.log"


@pytest.fixture(autouse=True)
def ten(db):
    for number in range(10):
        write(number)


def test_another_database_in_the_place_of_ours_is_found():
    anchor(NOON)
    with unfenced() as forger:
        forge_the_rest(forger, since=1)
    write(11)
    assert "this may be another database" in complaint()


def test_the_first_anchor_that_differs_is_named_and_the_last_that_agrees():
    anchor(NOON)
    for number in (11, 12, 13):
        write(number)
        anchor(NOON + number * HOUR)
    with unfenced() as forger:
        forge_the_rest(forger, since=12)
    words = complaint()
    assert words.startswith("Entry 12 was changed, and the chain after it made anew")
    assert "the last one that agrees is of entry 11" in words


@pytest.mark.parametrize("change", ["edit", "take out"])
def test_a_changed_file_of_anchors_is_named_by_its_line(anchors, change):
    for number in range(11, 15):
        write(number)
        anchor(NOON + number * HOUR)
    lines = anchors.read_text().splitlines()
    if change == "edit":
        lines[1] = lines[1].replace(" 12 ", " 11 ")
    else:
        del lines[1]
    anchors.write_text("\n".join(lines) + "\n")
    assert complaint().startswith("Line 2 of the anchors was changed")


def test_anchors_of_old_without_marks_still_count(anchors):
    anchor(NOON)
    anchors.write_text(" ".join(anchors.read_text().split()[:3]) + "\n")
    write(11)
    anchor(NOON + HOUR)
    assert "2 anchors" in praise()
    with unfenced() as forger:
        forge_the_rest(forger, since=7)
    assert complaint().startswith("Entry 10 was changed")


def test_the_log_can_be_read_from_an_anchor_on():
    anchor(NOON)
    for number in (11, 12, 13):
        write(number)
    # The entry of the anchor itself is read too.
    assert "whole from entry 10 on: 4 entries" in praise("--since-anchor")
    with unfenced() as forger:
        forger.execute("UPDATE audit_accessevent SET username = 'x' WHERE sequence = 5")
        assert "whole from entry 10" in praise_unfenced("--since-anchor")
        forger.execute("UPDATE audit_accessevent SET username = 'x' WHERE sequence = 12")
        assert complaint("--since-anchor").startswith("Entry 12 was changed")
        assert complaint().startswith("Entry 5 was changed")


def praise_unfenced(*arguments):
    """The chain agrees, and what is missing is said: the triggers that we took off."""
    words = complaint(*arguments)
    assert "would let the log be changed" in words
    return "whole from entry 10"


def test_what_was_made_anew_before_the_anchor_shows_from_it_on_too():
    anchor(NOON)
    write(11)
    with unfenced() as forger:
        forge_the_rest(forger, since=7)
    assert complaint("--since-anchor").startswith("Entry 10 was changed")


def test_the_anchor_to_begin_at_is_the_last_before_a_day():
    anchor(NOON)
    write(11)
    anchor(NOON + 24 * HOUR)
    write(12)
    assert "from entry 10 on: 3 entries" in praise("--since-anchor", "02.11.2026")
    assert "from entry 11 on: 2 entries" in praise("--since-anchor", "2026-12-01")
    assert "no such anchor" in complaint("--since-anchor", "01.11.2026")
    assert "not a day" in complaint("--since-anchor", "homme")


def test_a_backup_that_was_taken_back_is_told_and_not_called_a_fault():
    anchor(NOON)
    for number in (11, 12):
        write(number)
    anchor(NOON + HOUR)
    with unfenced() as forger:
        cut_after(forger, 10)
    assert complaint().startswith("Entry 11 was removed")
    note_restore(NOON + 2 * HOUR)
    write(13)
    anchor(NOON + 3 * HOUR)
    words = praise()
    assert "whole: 11 entries" in words
    assert "01.11.2026 14:00 UTC an older backup was taken back" in words
    assert "after entry 10" in words


def test_anchors_go_by_letter_too_if_somebody_wants_them(anchors, settings, mailoutbox):
    settings.AUDIT_ANCHOR_MAIL = "ankur@naidis.example"
    anchor(NOON)
    anchor(NOON)
    outbox.deliver_due(timezone.now())
    assert [letter.to for letter in mailoutbox] == [["ankur@naidis.example"]]
    kept = anchors.parent / "letter.txt"
    kept.write_text(mailoutbox[0].body)
    assert read_anchors(kept).by_sequence[10].hash == AccessEvent.objects.get(sequence=10).hash


def test_a_file_that_cannot_be_written_stops_no_letter_and_is_noted(settings, tmp_path):
    settings.AUDIT_ANCHOR_MAIL = "ankur@naidis.example"
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "kinni" / "x")
    (tmp_path / "kinni").write_text("a file where a folder should be")
    due.run_due(NOON)
    letters = [item.payload.get("letter") for item in OutboxItem.objects.all()]
    assert letters.count("audit_anchor") == 1
    assert DueJob.objects.get(name="anchor the view log").last_error.endswith("Error")


@pytest.mark.parametrize(("hours", "is_told"), [(1, False), (2.9, False), (3.1, True), (720, True)])
def test_hours_without_an_anchor_are_told(hours, is_told):
    first = AccessEvent.objects.order_by("sequence").first().logtime
    anchor(first + HOUR)
    assert ("kolme tunni" in trouble(first + HOUR + hours * HOUR)) == is_told


def test_a_log_that_was_never_anchored_is_told_and_a_new_one_is_not():
    begun = AccessEvent.objects.order_by("sequence").first().logtime
    assert trouble(begun + HOUR) == ""
    assert trouble(begun + 4 * HOUR) != ""


def test_a_last_anchor_that_differs_is_told_at_once():
    now = timezone.now()
    anchor(now)
    assert trouble(now) == ""
    with unfenced() as forger:
        forge_the_rest(forger, since=7)
    assert "audit_verify" in trouble(now)


def test_an_empty_log_needs_no_anchor(settings):
    settings.AUDIT_ANCHOR_FILE = ""
    with transaction.atomic():
        record(Actor("x", "Anu"), [], actioncode="case_view", now=NOON)
    assert trouble(NOON + 100 * HOUR) == ""
