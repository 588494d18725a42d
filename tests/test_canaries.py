"""Words that stand in one text only are looked for in all that everybody gets to read.

Each page asked directly is judged in the permission matrix (`tests/canaries.py`); here everybody
follows the links, with logs, letters and caches beside. `tests/test_canaries_of_network.py` does
the same in the invented network of `seed_world`.
"""

import pickle

import pytest
from django.core import mail
from django.core.cache import caches
from django.utils import timezone

from portal.base import outbox
from tests.canaries import crawl, not_for, words_in

CRAWLERS = [
    *("nobody", "publisher", "administrator", "auditor", "steering", "base", "additional"),
    *("partner", "bare_partner", "former_holder", "removed_now", "no_factor", "colleague"),
    *("lead", "other_region"),
]


@pytest.mark.parametrize("persona", CRAWLERS)
def test_nobody_meets_a_canary_of_others_by_following_links(asker, caplog, persona):
    caplog.set_level("DEBUG")
    seen, found = crawl(
        asker.browsers[persona],
        ["/intranet/", "/intranet/juhtumid/", "/", "/otsing/?q=perearstiga", "/konto/profiil/"],
        lambda answer: not_for(persona, answer),
    )
    assert found == {}
    assert len(seen) > 3
    assert words_in(caplog.text) == set()
    assert words_in(kept_in_caches()) == set()


def test_whoever_may_does_meet_them(asker):
    """Otherwise the test above would be content with pages that hold nothing."""
    _seen, found = crawl(
        asker.browsers["base"],
        ["/intranet/juhtumid/"],
        lambda answer: words_in(str(answer.body, "utf-8", "replace")),
    )
    assert {"kanaarieesnimi", "kanaarimärge", "kanaariülesanne"} <= set().union(*found.values())


def test_letters_and_what_waits_to_be_sent_hold_none(asker):
    outbox.deliver_due(timezone.now())
    letters = " ".join(f"{one.subject} {one.body} {one.to}" for one in mail.outbox)
    waiting = repr(list(outbox.OutboxItem.objects.values_list()))
    assert words_in(letters + waiting) == set()


def kept_in_caches():
    kept = [getattr(cache, "_cache", {}) for cache in caches.all(initialized_only=True)]
    return " ".join(
        repr(key) + repr(pickle.loads(value)) for one in kept for key, value in one.items()
    )
