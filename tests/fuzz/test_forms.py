"""Whatever is sent by a form: done, or refused in an Estonian sentence with the text still there.

What is thrown stands in `throw.py`, what is wrong with an answer in `judge.py`. `make fuzz` throws
all of it and then as much again at random; here it is a part, the same each time.
"""

import itertools

import pytest

from tests.fuzz import throw
from tests.fuzz.fill import filled
from tests.fuzz.judge import GET_MAY_WRITE, lost, taken, told, wrong
from tests.fuzz.page import Page
from tests.fuzz.town import OURS
from tests.matrix import CASE_ROWS, PAGE_ROWS, REGION_ROWS, RIGHTS_ROWS, STAFF_ROWS

# Forms that answer with a page: they look something up, show something once, or the town has
# nothing that they could do their work on.
WITHOUT_REDIRECT = {
    "account_change_password",
    "account_login",
    "account_reauthenticate",
    "agenda_item_carry",
    "calendar_feed",
    "case_code",
    "case_extract",
    "case_gap_add",
    "case_link_add",
    "case_list",
    "case_note_list",
    "gap_add",
    "meeting_start",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    # It wants a file: tests/home/test_price_import.py sends one.
    "price_import",
    "rights_index",
    "session_keep",
    "style",
    "tara_begin",
}
# These say where something is, so the same again is the same; a version would only be in the way.
# What is asked of a proposal is asked at the resource, where there is one.
WITHOUT_VERSION = {"agenda_item_step", "proposal_change"}
# It tells only what changed since the page was shown, and that stands in a field beside it.
WITH_BEFORE = {"attendance_set"}


def thrown(town, some):
    """Send them; what was wrong, each with what was sent."""
    found = []
    for one in some:
        offered = one.offered
        answers = town.send(offered.persona, offered.form.path, one.sent)
        sent = [text for texts in one.sent.values() for text in texts]
        sentences = [
            sentence
            for number, answer in enumerate(answers)
            for sentence in wrong(answer, sent, is_read=number > 0)
        ]
        if offered.route not in WITHOUT_REDIRECT:
            sentences += [] if offered.route in WITH_BEFORE else taken(answers[0], one)
            sentences += lost(answers[0], one)
        found += [f"{one}: {sentence}" for sentence in sentences]
    return found


def test_every_form_of_ours_is_thrown_at(forms):
    tables = CASE_ROWS | PAGE_ROWS | REGION_ROWS | RIGHTS_ROWS | STAFF_ROWS
    posted = {name for name, method in tables if method == "POST" and name in OURS}
    assert posted - {offered.route for offered in forms} == set()


def test_a_form_filled_in_well_gets_all_the_way_in(town, forms):
    """Otherwise the one odd field of the tests below would never be reached."""
    kept_out = set()
    for offered in forms:
        answer = town.post(offered.persona, offered.form.path, filled(offered))
        if answer.status != 302 and offered.route not in WITHOUT_REDIRECT:
            kept_out.add(f"{offered.route}: {answer.status} {Page(answer.body).errors[:200]}")
    assert not kept_out, told(sorted(kept_out))


def test_something_odd_in_all_fields(town):
    found = thrown(town, throw.all_odd(town, 97))
    assert not found, told(found)


def test_something_odd_in_one_field(town):
    found = thrown(town, throw.one_odd(town, 601))
    assert not found, told(found)


def test_a_field_missing_many_values_for_one_or_names_that_nobody_knows(town):
    found = thrown(town, itertools.islice(throw.misshapen(town), 0, None, 17))
    assert not found, told(found)


def test_a_megabyte_of_text(town):
    found = thrown(town, itertools.islice(throw.too_big(town), 0, None, 61))
    assert not found, told(found)


def test_a_form_sent_twice_does_its_work_once(town, forms):
    """The key stands in the form: what comes with the same one finds its work done."""
    found = []
    for offered in forms[::3]:
        if "key" not in offered.form.fields or offered.route in WITHOUT_REDIRECT | WITHOUT_VERSION:
            continue
        sent = filled(offered)
        first, second = town.twice(offered.persona, offered.form.path, sent)
        again = second.writes - GET_MAY_WRITE - {"base_idempotencykey"}
        # A conflict or something that is gone says that it was done.
        if second.status not in (302, 404, 409) or (second.status == 302 and again):
            found.append(f"{offered.route}: {first.status}, {second.status}, {sorted(again)}")
    assert not found, told(found)


def test_another_version_is_a_conflict_and_not_a_change(town, forms):
    found, others = [], itertools.cycle(["", "0", "-1", "999999", "9" * 30, "x", "1e0", "\0", "²"])
    for offered in forms[1::2]:
        version = offered.form.fields.get("version")
        if not version or not version.value or offered.route in WITHOUT_REDIRECT | WITHOUT_VERSION:
            continue
        for _turn in range(2):
            stale = next(others)
            sent = filled(offered, version=stale)
            answer = town.post(offered.persona, offered.form.path, sent)
            if answer.status not in (200, 404, 409):
                found.append(f"{offered.route} version {stale[:9]!r}: {answer.status}")
    assert not found, told(found)


@pytest.mark.parametrize(("kind", "body"), throw.BODIES, ids=lambda one: str(one)[:40])
def test_a_body_that_is_no_form(town, forms, kind, body):
    found = []
    for offered in forms[:: len(forms) // 6]:
        answer = town.generic(
            offered.persona, "POST", offered.form.path, data=body, content_type=kind
        )
        found += [f"{offered.route}: {one}" for one in wrong(answer, [body.decode("latin-1")])]
    assert not found, told(found)


@pytest.mark.parametrize("token", ["", "x", "\0", "õ" * 64, "a" * 64, "a" * 5_000])
def test_a_wrong_token_gives_the_text_back(town, forms, token):
    """The page that says so has all that was typed, and nothing was done."""
    offered = next(one for one in forms if one.route == "case_open")
    answer = town.forged(offered.persona, offered.form.path, filled(offered), token)
    assert wrong(answer, [token]) == []
    assert answer.status == 403
    assert answer.writes - GET_MAY_WRITE == set()
    assert "Leppisime kokku, et helistame." in answer.body
