"""Every form filled in as it should be: it does its work for whoever may, and for nobody else.

Who may stands in `tests/matrix.py`, what is typed in `tests/deeds.py`. The same with a form that
carries no token, with somebody else's thing in the address, and with somebody else's in a field.
"""

import pytest
from django.test import Client

from tests.addresses import address
from tests.asking import ask, everything_stored, undone
from tests.deeds import DEEDS, LEAD, MAY, begin, doers, may, works
from tests.matrix import PEOPLE, ROWS, kinds_of, wanted
from tests.world import MINE
from tests.world_region import SAME_REGION

EVERYBODY = tuple(PEOPLE.values())
ROUTES = sorted(route for route, method in ROWS if method == "POST")


def test_every_form_of_the_tables_is_filled_in():
    assert set(DEEDS) == set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_it_does_its_work_for_whoever_may(asker, route):
    path, body = begin(asker, route)
    deed, wrong = DEEDS[route], []
    for persona in doers(route):
        sent = body(persona)
        with undone():
            answer = asker.ask(persona, "POST", path, sent)
        answered = {deed.answer} if works(route, persona) else {*MAY, 403}
        done = deed.does and works(route, persona)
        if answer.status not in answered or bool(answer.did) != done:
            wrong.append(f"{persona}: {answer.status}, wrote {answer.wrote} of {sent}")
    assert doers(route)
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_else_does_anything_with_the_same_form(asker, route):
    path, body = begin(asker, route)
    sent, wrong = body(doers(route)[0]), []
    before = everything_stored()
    for persona in EVERYBODY:
        if not may(route, persona):
            answer = asker.ask(persona, "POST", path, sent)
            cell = wanted(route, "POST", persona, MINE)
            if answer.status != cell or answer.wrote:
                wrong.append(f"{persona}: {answer.status}, not {cell}; wrote {answer.wrote}")
    assert "\n".join(wrong) == ""
    # Nor does whoever may, with something of others in the address.
    for kind in kinds_of(route):
        doer = doers(route)[0]
        if DEEDS[route].who == LEAD and kind == SAME_REGION:
            continue  # theirs too
        if kind != MINE and (cell := wanted(route, "POST", doer, kind)) not in MAY:
            answer = asker.ask(doer, "POST", address(asker.world, route, kind), sent)
            assert (answer.status, answer.wrote) == (cell, [])
    assert everything_stored() == before


@pytest.mark.parametrize("route", ROUTES)
def test_a_form_without_its_token_does_nothing(asker, route):
    path, body = begin(asker, route)
    doer = doers(route)[0]
    sent = body(doer)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = asker.browsers[doer].cookies
    for token in ({}, {"csrfmiddlewaretoken": "x" * 64}):
        answer = ask(strict, "POST", path, sent | token)
        assert answer.status == 403
        assert answer.wrote == []
