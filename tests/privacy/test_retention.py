"""Terms of keeping: what is due goes, what is held stays and is named, a break loses nothing."""

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from network.cases.models import Case
from network.meetings.models import Attendance, Group
from network.services.people import close_account
from portal.access.models import PortalRole
from portal.access.roles import Role
from portal.accounts.models import Invitation, User
from portal.audit.verify import verify
from portal.base import due, personal, retention
from portal.base.models import IdempotencyKey, OutboxItem
from portal.base.versions import VersionConflict
from portal.privacy import erasing
from portal.privacy import retention as running
from portal.privacy.holds import add_hold
from portal.privacy.models import RetentionChange, RetentionClass, RetentionRun
from portal.privacy.terms import Term, change_class, report_for
from portal.starter.retention import load_retention
from tests.cases.factories import LONG_AGO, open_case_of
from tests.factories import UserFactory
from tests.meetings.factories import planned_meeting
from tests.privacy.factories import close, new_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms(db):
    load_retention()


def administrator() -> User:
    user = UserFactory()
    PortalRole.objects.create(user=user, role=Role.ADMINISTRATOR, valid_from=LONG_AGO)
    return user


def in_force(code: str, length: int = 60, unit: str = "month") -> RetentionClass:
    RetentionClass.objects.filter(code=code).update(is_active=True, length=length, unit=unit)
    return RetentionClass.objects.get(code=code)


@pytest.fixture
def cases(net, terms):
    """Closed six years ago, a month ago, and open."""
    anu, today = net.worker(), timezone.localdate()
    old, young, running_one = (open_case_of(anu) for _one in range(3))
    close(old, today - dt.timedelta(days=6 * 366))
    close(young, today - dt.timedelta(days=31))
    return old, young, running_one


def told(*words: str) -> str:
    out = io.StringIO()
    call_command("retention_run", *words, stdout=out)
    return out.getvalue()


def test_terms_of_peoples_data_are_open_until_the_network_sets_them(terms):
    open_ones = RetentionClass.objects.filter(length__isnull=True)
    assert set(open_ones.values_list("code", flat=True)) == {
        "juhtum",
        "tootaja",
        "logi",
        "kulalised",
    }
    assert not open_ones.filter(is_active=True).exists()


def test_every_class_is_of_a_known_kind_and_within_what_the_portal_bears(terms):
    from portal.privacy.terms import check_term, facts_of

    for row in RetentionClass.objects.all():
        assert retention.kind_of(row.applies_to) is not None
        check_term(row.applies_to, Term(**facts_of(row)))


def test_loading_again_overwrites_nothing(terms):
    in_force("juhtum", 84)
    load_retention()
    assert RetentionClass.objects.get(code="juhtum").length == 84


def test_what_is_not_in_force_is_not_done(cases):
    assert "juhtum" not in told()
    assert Case.objects.count() == 3


def test_only_what_is_due_goes(cases):
    old, young, running_one = cases
    name = old.person.first_name
    in_force("juhtum")
    dry = told("--dry-run")
    assert f"juhtum: 1 due\n  {old.number}" in dry
    assert Case.objects.count() == 3
    assert RetentionRun.objects.count() == 0
    said = told()
    assert f"juhtum: 1 done\n  {old.number}" in said
    assert set(Case.objects.all()) == {young, running_one}
    assert name not in said
    run = RetentionRun.objects.get()
    assert run.counts["juhtum"] == 1
    assert run.ended_at
    assert verify().fault is None
    assert "juhtum: 0 done" in told()


def test_the_day_can_be_said(cases):
    _old, young, _running = cases
    in_force("juhtum", 24)
    later = timezone.localdate() + dt.timedelta(days=3 * 366)
    assert young.number in told("--dry-run", "--now", later.isoformat())
    assert young.number in told("--dry-run", "--now", f"{later:%d.%m.%Y}")
    assert young.number not in told("--dry-run")
    with pytest.raises(CommandError, match="not a day"):
        told("--now", "homme")


def test_the_last_day_of_the_term_is_kept(net, terms):
    anu, today = net.worker(), timezone.localdate()
    case = open_case_of(anu)
    close(case, dt.date(2020, 5, 10))
    in_force("juhtum", 12)
    noon = dt.time(12, tzinfo=timezone.get_default_timezone())
    for day, is_due in ((dt.date(2021, 5, 10), False), (dt.date(2021, 5, 11), True)):
        found = running.run(dt.datetime.combine(day, noon), dry=True).classes
        assert next(one.done for one in found if one.of.code == "juhtum") == is_due, day
    assert today


def test_what_is_held_stays_and_is_named(cases):
    old, _young, _running = cases
    in_force("juhtum")
    subject = personal.find("case", old.number)
    add_hold(kind="case", subject=subject, reason="Kohtuasi", valid_from=timezone.localdate())
    assert f"held: {old.number}" in told("--dry-run")
    assert f"held: {old.number}" in told()
    assert Case.objects.filter(pk=old.pk).exists()
    assert RetentionRun.objects.get().held == 1


def test_one_that_fails_stops_nobody_else(cases, monkeypatch):
    old, young, _running = cases
    in_force("juhtum", 1, "day")
    whole = erasing.erase

    def erase(subject, **options):
        if old.number in subject.numbers:
            raise RuntimeError
        return whole(subject, **options)

    monkeypatch.setattr(erasing, "erase", erase)
    with pytest.raises(CommandError, match="1 could not"):
        told()
    assert not Case.objects.filter(pk=young.pk).exists()
    assert Case.objects.filter(pk=old.pk).exists()
    report = report_for(administrator(), timezone.now())
    assert (report.failed, report.asks) == (1, True)
    # The next pass does what the first one could not.
    monkeypatch.undo()
    told()
    assert not Case.objects.filter(pk=old.pk).exists()
    assert not report_for(administrator(), timezone.now()).asks


def test_whoever_left_long_ago_is_made_nobody(net, terms):
    gone, stays = net.worker(), net.worker()
    in_force("tootaja", 24)
    close_account(gone.user)
    later = (timezone.localdate() + dt.timedelta(days=800)).isoformat()
    assert "tootaja: 0 done" in told()
    assert "tootaja: 1 done" in told("--now", later)
    gone.user.refresh_from_db()
    assert str(gone.user) == "Kustutatud töötaja"
    assert User.objects.get(pk=stays.user.pk).is_active
    assert "tootaja: 0 done" in told("--now", later)


def test_traces_of_the_machine_go_when_they_are_old(net, terms):
    user, now = net.worker().user, timezone.now()
    old = now - dt.timedelta(days=100)
    for at in (old, now):
        item = OutboxItem.objects.create(kind="mail", state="sent", sent_at=at)
        OutboxItem.objects.filter(pk=item.pk).update(created_at=at)
        IdempotencyKey.objects.create(key=new_key(), purpose="x", by="y", created_at=at)
        Invitation.objects.create(user=user, invited_by=user, token_hash=str(at), expires_at=at)
    waiting = OutboxItem.objects.create(kind="mail", state="pending", created_at=old)
    before = IdempotencyKey.objects.count()
    running.run(now)
    assert set(OutboxItem.objects.all()) > {waiting}
    assert OutboxItem.objects.filter(state="sent").count() == 1
    assert IdempotencyKey.objects.count() == before - 1
    assert Invitation.objects.count() == 1


def test_names_of_guests_go_and_the_meeting_stays(net, terms):
    group = Group.objects.create(region=net.region, body=Group.Body.NETWORK)
    meeting = planned_meeting(group)
    guest = Attendance.objects.create(meeting=meeting, guest_name="Mari Maasikas", is_guest=True)
    in_force("kulalised", 12)
    later = meeting.starts_at + dt.timedelta(days=400)
    running.run(later)
    guest.refresh_from_db()
    assert guest.guest_name == "külaline"
    running.run(later)
    assert RetentionRun.objects.order_by("-started_at").first().counts["kulalised"] == 0


def test_the_worker_runs_it_every_day(terms):
    assert "retention" in due.run_due(timezone.now())
    assert RetentionRun.objects.count() == 1
    assert "retention" not in due.run_due(timezone.now())
    assert report_for(UserFactory(), timezone.now()) is None
    later = timezone.now() + dt.timedelta(days=3)
    assert report_for(administrator(), later).is_late


def term(**fields) -> Term:
    values = {"title": "Juhtum", "length": 60, "unit": "month", "ground": "", "is_active": True}
    return Term(**values | fields)


def test_a_change_leaves_its_history_and_the_same_form_twice_one_line(terms):
    row, by, key = RetentionClass.objects.get(code="juhtum"), administrator(), new_key()
    changed = change_class(row, term(), version=1, by=by, key=key)
    assert (changed.length, changed.is_active, changed.version) == (60, True, 2)
    change_class(row, term(), version=1, by=by, key=key)
    line = RetentionChange.objects.get()
    assert (line.before["length"], line.after["length"], line.by) == (None, 60, by)
    with pytest.raises(VersionConflict):
        change_class(row, term(length=72), version=1, by=by, key=new_key())


@pytest.mark.parametrize(
    ("code", "fields", "field"),
    [
        ("juhtum", {"length": None}, "length"),
        ("logi", {}, "is_active"),
        ("kirjad", {"length": 3, "unit": "day"}, "length"),
        ("kirjad", {"length": 2, "unit": "month"}, "length"),
    ],
)
def test_a_term_that_cannot_be_is_refused_beside_its_field(terms, code, fields, field):
    row = RetentionClass.objects.get(code=code)
    with pytest.raises(ValidationError) as refused:
        change_class(row, term(**fields), version=1, by=administrator(), key=new_key())
    assert field in refused.value.message_dict


def test_nobody_else_changes_a_term(terms):
    row = RetentionClass.objects.get(code="juhtum")
    for user in (UserFactory(), UserFactory(is_superuser=True, is_staff=True)):
        with pytest.raises(PermissionDenied):
            change_class(row, term(), version=1, by=user, key=new_key())


def test_the_database_refuses_a_class_in_force_without_a_term(terms):
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionClass.objects.filter(code="juhtum").update(is_active=True, length=None)
