"""Erased means: in no table, log, queue, cache, file. The others stay. rules.md 16."""

import io
import json
import uuid
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from network.cases.models import Case, CaseNote, Person
from network.models import Gap
from portal.audit.log import Actor
from portal.audit.models import AccessEvent, AccessSubject
from portal.audit.verify import verify
from portal.base import outbox, personal
from portal.base.models import IdempotencyKey, OutboxItem
from portal.privacy import erasing, erasure_list
from portal.privacy.erasing import Held, Refused, erase, erase_again, plan
from portal.privacy.holds import add_hold, lift_hold
from portal.privacy.models import Erasure
from tests.cases.factories import Net, open_case_of
from tests.privacy.everywhere import where
from tests.privacy.factories import CODES, close, somebody

pytestmark = pytest.mark.django_db
BY = Actor("", "test")
WORD, OTHER = "Kanaarik", "Tihane"


@pytest.fixture
def both(net):
    """Two people of the same region; the first one's case is closed."""
    first, second = somebody(net, WORD, CODES[0]), somebody(net, OTHER, CODES[1])
    close(first.case, timezone.localdate())
    return first, second


def of_case(case):
    return personal.find("case", case.number)


def ids_of(made) -> set[str]:
    notes = CaseNote.objects.filter(case=made.case).values_list("pk", flat=True)
    team = made.case.team.values_list("pk", flat=True)
    return {str(one) for one in (made.case.pk, *notes, *team)}


def test_nothing_of_the_erased_is_found_anywhere_and_the_others_stay(both):
    first, second = both
    ids, number = ids_of(first), first.case.number
    cache.set("x", "y")
    before = where(OTHER, CODES[1])
    assert where(WORD, CODES[0], number, *ids)
    done = erase(of_case(first.case), reason="Tähtaeg läbi.", by=BY)
    assert done.files == 1
    assert done.counts["cases.CaseNote"] == 3
    found = where(WORD, CODES[0], number, *ids)
    # The ids of case and person alone are kept, so that an old backup is erased again.
    assert found <= {"privacy.Erasure", "privacy_erasure"}
    assert where(WORD, CODES[0], number) == set()
    assert where(OTHER, CODES[1]) == before
    assert CaseNote.objects.filter(case=second.case).count() == 3


def test_the_log_verifies_and_still_says_that_somebody_looked(both):
    first, second = both
    entries = AccessEvent.objects.count()
    kept = AccessSubject.objects.filter(subject=str(second.case.pk)).count()
    assert AccessSubject.objects.filter(subject=str(first.case.pk)).count() > 3
    erase(of_case(first.case), reason="Tähtaeg läbi.", by=BY)
    assert verify().fault is None
    assert AccessEvent.objects.count() >= entries + 1
    assert not AccessSubject.objects.filter(subject=str(first.case.pk)).exists()
    assert AccessSubject.objects.filter(subject=str(second.case.pk)).count() == kept
    assert AccessSubject.objects.filter(erased_at__isnull=False, salt="", number="").exists()


def test_what_the_region_was_told_stays_without_its_case(both):
    gaps = Gap.objects.count()
    erase(of_case(both[0].case), reason="Tähtaeg läbi.", by=BY)
    assert Gap.objects.count() == gaps


def test_letters_and_marks_that_speak_of_the_case_go_also_those_sent(both):
    first, second = both
    member = first.case.team.first()
    with transaction.atomic():
        item = outbox.put("mail", {"letter": "team_invitation"}, key=f"x:{member.pk}:1")
        other = outbox.put("mail", {"member": str(second.case.team.first().pk)})
    OutboxItem.objects.filter(pk=item.pk).update(state="sent", sent_at=timezone.now())
    assert IdempotencyKey.objects.filter(purpose__contains=str(first.case.pk)).exists()
    erase(of_case(first.case), reason="Tähtaeg läbi.", by=BY)
    assert not OutboxItem.objects.filter(pk=item.pk).exists()
    assert OutboxItem.objects.filter(pk=other.pk).exists()
    assert not IdempotencyKey.objects.filter(purpose__contains=str(first.case.pk)).exists()
    assert IdempotencyKey.objects.filter(purpose__contains=str(second.case.pk)).exists()


def test_an_open_case_is_refused_unless_it_is_said(both):
    _first, second = both
    subject = of_case(second.case)
    with pytest.raises(Refused, match=second.case.number):
        erase(subject, reason="Inimene palus.", by=BY)
    assert Case.objects.filter(pk=second.case.pk).exists()
    erase(of_case(second.case), reason="Inimene palus.", by=BY, although_open=True)
    assert not Case.objects.filter(pk=second.case.pk).exists()


def test_a_hold_stops_it_until_it_is_lifted(both):
    first, _second = both
    subject, day = of_case(first.case), timezone.localdate()
    hold = add_hold(kind="case", subject=subject, reason="Kohtuasi 2-26-1", valid_from=day)
    with pytest.raises(Held):
        erase(of_case(first.case), reason="Tähtaeg läbi.", by=BY, although_open=True)
    lift_hold(hold, why="Lõppes.")
    erase(of_case(first.case), reason="Tähtaeg läbi.", by=BY)
    hold.refresh_from_db()
    assert (hold.number, hold.reason, hold.lifted_why) == ("", "", "")


@pytest.mark.parametrize(
    "reason", [f"{WORD}eesnimi palus", f"palus {WORD}PERENIMI".upper(), f"kood {CODES[0]}"]
)
def test_a_reason_that_names_the_person_is_refused(both, reason):
    with pytest.raises(Refused):
        erase(of_case(both[0].case), reason=reason, by=BY)
    assert Case.objects.filter(pk=both[0].case.pk).exists()


def test_a_plan_says_the_same_and_changes_nothing(both):
    first, _second = both
    day = timezone.localdate()
    before = sorted(where(WORD))
    planned = plan(of_case(first.case), reason="Tähtaeg läbi.", day=day)
    assert sorted(where(WORD)) == before
    done = erase(of_case(first.case), reason="Tähtaeg läbi.", by=BY)
    assert (planned.counts, planned.files) == (done.counts, done.files)


def test_one_case_of_two_leaves_the_person_and_the_other_case(net):
    made = somebody(net, WORD)
    second = open_case_of(made.anu, first_name="A", last_name="B")
    Case.objects.filter(pk=second.pk).update(person=made.person)
    close(made.case, timezone.localdate())
    erase(of_case(made.case), reason="Tähtaeg läbi.", by=BY)
    assert Person.objects.filter(pk=made.person.pk).exists()
    assert [case.pk for case in Case.objects.filter(person=made.person)] == [second.pk]
    assert {(e.kind, e.subject_id) for e in Erasure.objects.all()} == {("case", made.case.pk)}


def test_a_person_goes_with_all_cases(net):
    made = somebody(net, WORD)
    second = open_case_of(made.anu, first_name="A", last_name="B", text=f"{WORD}teine")
    Case.objects.filter(pk=second.pk).update(person=made.person)
    for case in (made.case, second):
        close(case, timezone.localdate())
    erase(personal.find("person", str(made.person.pk)), reason="Tähtaeg läbi.", by=BY)
    assert where(WORD) == set()
    assert Erasure.objects.filter(kind="case").count() == 2
    assert Erasure.objects.filter(kind="person").count() == 1


def test_what_was_erased_stands_in_a_list_outside_once(both, settings):
    first, _second = both
    erase(of_case(first.case), reason="Tähtaeg läbi.", by=BY)
    lines = [json.loads(line) for line in Path(settings.ERASURES_FILE).read_text().splitlines()]
    assert {line["id"] for line in lines} == {str(first.case.pk), str(first.person.pk)}
    assert all(set(line) == {"day", "kind", "id"} for line in lines)
    assert erasure_list.write_missing() == 0


def test_a_line_that_was_cut_off_is_written_anew(both, settings):
    first, _second = both
    erase(of_case(first.case), reason="Tähtaeg läbi.", by=BY)
    path = Path(settings.ERASURES_FILE)
    path.write_text(path.read_text()[:-20])
    assert erasure_list.write_missing() == 1
    found = {line.id for line in erasure_list.read(erasure_list.list_file())}
    assert found == {first.case.pk, first.person.pk}


def test_an_old_backup_is_erased_again_and_again_without_harm(net, tmp_path):
    made, other = somebody(net, WORD, CODES[0]), somebody(net, OTHER, CODES[1])
    # As in a backup: the case is open, and there was still a hold.
    add_hold(
        kind="case",
        subject=of_case(made.case),
        reason="Kohtuasi",
        valid_from=timezone.localdate(),
    )
    path = tmp_path / "list.jsonl"
    said = [
        {"day": "2026-11-01", "kind": "case", "id": str(made.case.pk)},
        {"day": "2026-11-01", "kind": "person", "id": str(made.person.pk)},
        {"day": "2026-11-01", "kind": "worker", "id": str(uuid.uuid4())},
        {"day": "2026-11-01", "kind": "something", "id": str(uuid.uuid4())},
    ]
    path.write_text("\n".join(json.dumps(one) for one in said) + "\nnot a line\n")
    result = erase_again(path)
    assert (result.erased, result.failed) == (1, [])
    assert where(WORD, CODES[0]) == set()
    assert Case.objects.filter(pk=other.case.pk).exists()
    assert all(Erasure.objects.values_list("is_again", flat=True))
    again = erase_again(path)
    assert (again.erased, again.failed, again.absent) == (0, [], 4)
    with pytest.raises(FileNotFoundError):
        erase_again(tmp_path / "nowhere.jsonl")


def test_a_file_that_was_not_removed_before_a_kill_is_removed_by_the_worker(both, monkeypatch):
    first, _second = both
    monkeypatch.setattr(erasing, "finish", lambda subject, files, done: None)
    erase(of_case(first.case), reason="Tähtaeg läbi.", by=BY)
    assert Path(first.files[0]).exists()
    outbox.deliver_due(timezone.now())
    assert not Path(first.files[0]).exists()


def test_if_anything_fails_nothing_is_gone(both, monkeypatch):
    first, _second = both

    def fail(*args, **kwargs):
        raise RuntimeError

    before = sorted(where(WORD))
    monkeypatch.setattr(erasing, "record", fail)
    with pytest.raises(RuntimeError):
        erase(of_case(first.case), reason="Tähtaeg läbi.", by=BY)
    assert sorted(where(WORD)) == before
    assert not Erasure.objects.exists()


def erased_by_command(*words):
    out = io.StringIO()
    call_command("erase_subject", *words, stdout=out)
    return out.getvalue()


def test_the_command_tells_before_it_does(both):
    first, _second = both
    number = first.case.number
    said = erased_by_command("--case", number, "--reason", "Tähtaeg läbi.", "--dry-run")
    assert "cases.CaseNote: 3" in said
    assert "would go" in said
    assert Case.objects.filter(number=number).exists()
    said = erased_by_command("--case", number, "--reason", "Tähtaeg läbi.", "--yes")
    assert "went" in said
    assert where(WORD) == set()
    assert WORD not in said
    with pytest.raises(CommandError, match="No case"):
        erased_by_command("--case", number, "--reason", "Tähtaeg läbi.", "--yes")


def test_the_command_asks_first(both, monkeypatch):
    first, _second = both
    monkeypatch.setattr("builtins.input", lambda words: "no")
    with pytest.raises(CommandError, match="Nothing was erased"):
        erased_by_command("--case", first.case.number, "--reason", "Tähtaeg läbi.")
    assert Case.objects.filter(pk=first.case.pk).exists()


def test_the_command_says_why_it_refuses(both):
    with pytest.raises(CommandError, match="Refused"):
        erased_by_command("--case", both[1].case.number, "--reason", "Tähtaeg", "--yes")
    with pytest.raises(CommandError, match="reason"):
        erased_by_command("--case", both[0].case.number, "--reason", "x", "--yes")


def test_the_same_code_elsewhere_is_said_and_left(net):
    first, twin = somebody(net, WORD), somebody(Net(), OTHER)
    close(first.case, timezone.localdate())
    said = erased_by_command("--case", first.case.number, "--reason", "Palus", "--yes")
    assert str(twin.person.pk) in said
    assert Case.objects.filter(pk=twin.case.pk).exists()
