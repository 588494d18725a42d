"""All that can be thrown, and then at random until the time is up; `make fuzz` names this file.

SECONDS (600): how long at random, after everything that stands in `throw.py` once. SEED (today's
date): where chance begins; the same seed throws the same. ROUND=0 leaves out the first part.
"""

import contextlib
import os
import random
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.base.uploads import clean_upload
from tests.fuzz import throw
from tests.fuzz.fill import filled
from tests.fuzz.judge import told, wrong
from tests.fuzz.test_forms import thrown
from tests.fuzz.throw import CSRF, Thrown
from tests.fuzz.uploads import mutated
from tests.fuzz.values import random_query, random_text

SECONDS = int(os.environ.get("SECONDS") or 600)
SEED = int(os.environ.get("SEED") or f"{timezone.localdate():%Y%m%d}")
ROUND = os.environ.get("ROUND") != "0"
# What is read after a form was taken, wherever it may show what was written.
READ_AFTER = {
    "case_": ("/intranet/", "/intranet/juhtumid/"),
    "resource_": ("/intranet/ressursid/", "/intranet/ressursid/ressursid.csv", "/kaart/"),
    "gap_": ("/intranet/vajadused/", "/intranet/vajadused/vajadused.csv"),
    "meeting_": ("/intranet/kohtumised/", "/intranet/kohtumised/kohtumised.csv"),
    "decision_": ("/intranet/otsused/", "/intranet/otsused/otsused.csv"),
    "action_": ("/intranet/tegevused/", "/intranet/tegevused/tegevused.csv"),
    "position_": ("/intranet/inimesed/", "/intranet/inimesed/ametikohad.csv"),
}


@pytest.fixture(autouse=True)
def _said(capsys):
    """Say what is thrown, so that a failure can be thrown again."""
    yield
    with capsys.disabled():
        print(f"\n  seed {SEED}")


def after(route):
    return next((then for start, then in READ_AFTER.items() if route.startswith(start)), ())


@pytest.mark.skipif(not ROUND, reason="ROUND=0")
def test_every_question(town):
    found = []
    for asked in throw.questions(town):
        answer = town.get(asked.persona, asked.path, asked.query)
        sent = [asked.said, *asked.said.split("\n")]
        found += [
            f"{asked.persona} {asked.path}?{asked.query[:300]}: {one}"
            for one in wrong(answer, sent, is_read=True)
        ]
    assert not found, told(found)


@pytest.mark.skipif(not ROUND, reason="ROUND=0")
@pytest.mark.parametrize("kind", ["misshapen", "too_big", "all_odd", "one_odd"])
def test_every_form(town, kind):
    found = thrown(town, getattr(throw, kind)(town))
    assert not found, told(found)


def test_at_random(town, forms):
    chance, found, thrown_so_far = random.Random(SEED), [], 0
    questions = list(town.queries().items())
    deadline = time.process_time() + SECONDS
    while time.process_time() < deadline and len(found) < 40:
        thrown_so_far += 1
        if chance.random() < 0.4:
            path, (persona, known) = chance.choice(questions)
            names = [*known, *throw.HIDDEN_PARAMETERS.get(path, ())]
            query = random_query(chance, names)
            answer = town.get(persona, path, query)
            # Whatever was in it: no answer says it in another way than the address did.
            told_of = wrong(answer, [query], is_read=True)
            found += [f"{persona} {path}?{query[:300]}: {one}" for one in told_of if hard(one)]
            continue
        offered = chance.choice(forms)
        names = [name for name in offered.form.fields if name != CSRF]
        chosen = chance.sample(names, min(len(names), chance.randint(0, 3)))
        odd = {name: random_text(chance) for name in chosen}
        one = Thrown(offered, filled(offered, **odd), tuple(chosen))
        answers = town.send(offered.persona, offered.form.path, one.sent, after(offered.route))
        for at, answer in enumerate(answers):
            sent = list(odd.values())
            found += [f"{one}: {say}" for say in wrong(answer, sent, is_read=at > 0) if hard(say)]
    assert not found, told(found)
    assert thrown_so_far > SECONDS


def hard(sentence):
    """Of random text nobody can say whether it looks English."""
    return not sentence.startswith(("not in Estonian", "shows its inside"))


def test_files_at_random():
    seconds = SECONDS / 10
    deadline, chance = time.process_time() + seconds, random.Random(SEED)
    while time.process_time() < deadline:
        data, began = mutated(chance), time.process_time()
        with contextlib.suppress(ValidationError):
            clean_upload(SimpleUploadedFile("pilt.png", data))
        assert time.process_time() - began < 2, data
