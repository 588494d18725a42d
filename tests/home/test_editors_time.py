"""Pages go public and come down at the minute that was set; the last change can be undone."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from home.models import ContentPage
from home.upkeep.undo import last_change
from portal.access.cms_groups import ensure_cms_groups
from portal.accounts.models import User
from portal.base import content_version, worker
from tests.factories import UserFactory
from tests.home.factories import SmallSite

BEFORE, MINUTE, AFTER = (
    dt.datetime.fromisoformat(f"2026-12-01T{time}+02:00")
    for time in ("08:59:50", "09:00:00", "09:00:20")
)


@pytest.fixture
def people(db: None) -> dict[str, User]:
    groups = ensure_cms_groups()
    who = {name: UserFactory() for name in ("editor", "publisher", "stranger")}
    who["editor"].groups.add(groups["editors"])
    who["publisher"].groups.add(groups["publishers"])
    return who


def as_(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def read(address: str = "/alustamine/") -> str:
    return Client().get(address).content.decode()


def work(moment: dt.datetime) -> str:
    """One pass of the worker at `moment`; the content version after it."""
    with time_machine.travel(moment, tick=False):
        worker.pass_once(timezone.now())
    return content_version.current()


def test_a_change_goes_public_at_the_minute_that_was_set(site: SmallSite) -> None:
    with time_machine.travel(BEFORE - dt.timedelta(days=1), tick=False):
        page = site.content("alustamine", intro="Enne.")
        page.intro, page.go_live_at = "Pärast.", MINUTE
        page.save_revision().publish()
    assert "Enne." in read()

    version = work(BEFORE)
    assert "Enne." in read()

    moved = work(AFTER)
    # Every kept page is named by the version, so none of them is shown any more.
    assert moved != version
    assert "Pärast." in read()
    assert "Enne." not in read()


def test_a_page_comes_down_at_the_minute_that_was_set(site: SmallSite) -> None:
    with time_machine.travel(BEFORE - dt.timedelta(days=1), tick=False):
        page = site.content("alustamine", intro="Ajutine.")
        page.expire_at = MINUTE
        page.save_revision().publish()

    work(BEFORE)
    assert "Ajutine." in read()

    work(AFTER)
    assert "Ajutine." not in read()
    page.refresh_from_db()
    assert not page.live


def test_an_editor_who_sets_a_time_still_needs_a_publisher(
    site: SmallSite, people: dict[str, User]
) -> None:
    page = site.content("alustamine", intro="Enne.")
    page.intro, page.go_live_at = "Pärast.", MINUTE
    page.save_revision(user=people["editor"])

    work(AFTER)

    assert "Enne." in read()


# --- undo ------------------------------------------------------------------------------------


@pytest.fixture
def page(site: SmallSite) -> Any:
    """A page published twice."""
    page = site.content("alustamine", intro="Esimene.")
    page.intro = "Teine."
    page.save_revision().publish()
    return ContentPage.objects.get(pk=page.pk)


def undo(page: Any, who: User, seen: int | None = None) -> int:
    change = last_change(page)
    known = seen if seen is not None else (change.now.pk if change else 0)
    return as_(who).post(reverse("undo_page", args=[page.pk]), {"seen": known}).status_code


def test_a_publisher_takes_the_last_change_back_and_can_take_that_back_too(
    page: Any, people: dict[str, User]
) -> None:
    assert "Teine." in read()

    undo(page, people["publisher"])
    assert "Esimene." in read()

    undo(ContentPage.objects.get(pk=page.pk), people["publisher"])
    assert "Teine." in read()


def test_the_page_of_undo_tells_what_will_change(page: Any, people: dict[str, User]) -> None:
    publisher = as_(people["publisher"])
    body = publisher.get(reverse("undo_page", args=[page.pk])).content.decode()

    assert str(ContentPage._meta.get_field("intro").verbose_name).capitalize() in body
    editor = publisher.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert reverse("undo_page", args=[page.pk]) in editor


@pytest.mark.parametrize("who", ["editor", "stranger"])
def test_who_may_not_publish_undoes_nothing(page: Any, people: dict[str, User], who: str) -> None:
    undo(page, people[who])
    assert "Teine." in read()

    body = as_(people["editor"]).get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert reverse("undo_page", args=[page.pk]) not in body.content.decode()


def test_looking_undoes_nothing(page: Any, people: dict[str, User]) -> None:
    as_(people["publisher"]).get(reverse("undo_page", args=[page.pk]))

    assert "Teine." in read()


def test_what_somebody_has_published_meanwhile_is_not_undone_unseen(
    page: Any, people: dict[str, User]
) -> None:
    change = last_change(page)
    assert change is not None
    page.intro = "Kolmas."
    page.save_revision().publish()

    undo(page, people["publisher"], seen=change.now.pk)
    assert "Kolmas." in read()
    for rubbish in ("", "sõna", "9" * 40, "-1"):
        as_(people["publisher"]).post(reverse("undo_page", args=[page.pk]), {"seen": rubbish})
    assert "Kolmas." in read()


def test_a_page_published_once_has_nothing_to_undo(
    site: SmallSite, people: dict[str, User]
) -> None:
    page = site.content("uus", intro="Ainus.")

    assert last_change(page) is None
    assert undo(page, people["publisher"], seen=page.live_revision_id) == 302
    assert "Ainus." in read("/uus/")


def test_a_draft_beside_the_page_stays_in_its_history(page: Any, people: dict[str, User]) -> None:
    page.intro = "Mustand."
    page.save_revision()

    undo(ContentPage.objects.get(pk=page.pk), people["publisher"])

    assert "Esimene." in read()
    assert "Mustand." in [revision.content["intro"] for revision in page.revisions.all()]


def test_a_strange_page_is_not_there(site: SmallSite, people: dict[str, User]) -> None:
    assert as_(people["publisher"]).get(reverse("undo_page", args=[10**9])).status_code == 404
