"""An editor writes and sends, a publisher approves or sends back; letters go through the outbox."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Workflow, WorkflowPage
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from home.models import ContentPage
from home.reports.editors import pages_to_approve
from portal.access.cms_groups import ensure_cms_groups
from portal.access.moderation import STOCK_WORKFLOW, WORKFLOW
from portal.accounts.models import User
from portal.base import outbox
from tests.factories import UserFactory
from tests.home.factories import SmallSite

OLD, NEW = "Vana tekst.", "Uus tekst, mille toimetaja kirjutas."


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """One editor, two publishers, somebody without the CMS."""
    groups = ensure_cms_groups()
    who = {name: UserFactory() for name in ("editor", "publisher", "second", "stranger")}
    who["editor"].groups.add(groups["editors"])
    who["publisher"].groups.add(groups["publishers"])
    who["second"].groups.add(groups["publishers"])
    return who


@pytest.fixture
def page(site: SmallSite) -> ContentPage:
    return site.content("alustamine", title="Alustamine", body=f"<p>{OLD}</p>")


def as_(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def form(page: ContentPage, text: str, **more: Any) -> dict[str, Any]:
    """What the browser sends from the editor of `page`."""
    fields = {
        "title": page.title,
        "slug": page.slug,
        "intro": "",
        "body": rich_text(f"<p>{text}</p>"),
        "comments": inline_formset([]),
    }
    return nested_form_data(fields) | more


def send(page: ContentPage, editor: User, text: str = NEW) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = as_(editor).post(address, form(page, text, **{"action-submit": "1"}))
    assert answer.status_code == 302, answer.context["form"].errors


def decide(page: ContentPage, who: User, what: str, comment: str = "") -> int:
    state = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, what, state.pk])
    return as_(who).post(address, {"comment": comment}).status_code


def deliver() -> list[Any]:
    """Send what waits in the outbox; the letters of this time."""
    mail.outbox.clear()
    outbox.deliver_due(timezone.now())
    return list(mail.outbox)


def test_what_an_editor_sends_is_public_only_after_a_publisher_has_approved_it(
    page: ContentPage, people: dict[str, User], client: Client
) -> None:
    send(page, people["editor"])
    assert OLD in client.get("/alustamine/").content.decode()

    decide(page, people["publisher"], "approve")

    assert NEW in client.get("/alustamine/").content.decode()


@pytest.mark.parametrize("who", ["editor", "stranger"])
def test_only_a_publisher_may_approve(
    page: ContentPage, people: dict[str, User], client: Client, who: str
) -> None:
    send(page, people["editor"])

    decide(page, people[who], "approve")

    assert page.current_workflow_task_state is not None
    assert NEW not in client.get("/alustamine/").content.decode()


def test_an_editor_who_asks_to_publish_has_only_saved_a_draft(
    page: ContentPage, people: dict[str, User], client: Client
) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    as_(people["editor"]).post(address, form(page, NEW, **{"action-publish": "1"}))

    assert NEW not in client.get("/alustamine/").content.decode()
    page.refresh_from_db()
    assert page.has_unpublished_changes


def test_a_page_sent_back_carries_the_comment_and_can_be_sent_again(
    page: ContentPage, people: dict[str, User], client: Client
) -> None:
    send(page, people["editor"])
    deliver()

    decide(page, people["publisher"], "reject", "Lause on liiga pikk.")

    (letter,) = deliver()
    assert letter.to == [people["editor"].email]
    assert "Lause on liiga pikk." in letter.body
    assert OLD in client.get("/alustamine/").content.decode()
    page.refresh_from_db()
    send(page, people["editor"], "Lühike lause.")
    assert pages_to_approve(people["publisher"]) == 1


def test_the_writer_reads_over_the_page_why_it_came_back(
    page: ContentPage, people: dict[str, User]
) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    comment = "Palun lühendage <b>lauset</b>."

    def is_told() -> bool:
        text = as_(people["editor"]).get(address).content.decode()
        return "Palun lühendage &lt;b&gt;lauset" in text.partition("<form")[0]

    send(page, people["editor"])
    assert not is_told()
    decide(page, people["publisher"], "reject", comment)
    assert is_told()
    send(page, people["editor"], "Lühike lause.")
    assert not is_told()


def test_letters_about_moderation_wait_in_the_outbox_and_go_to_publishers_alone(
    page: ContentPage, people: dict[str, User], administrator: User
) -> None:
    send(page, people["editor"])
    # Nothing goes out of the request itself: a mail server that is away fails no editor.
    assert mail.outbox == []

    letters = deliver()

    assert sorted(letter.to[0] for letter in letters) == sorted(
        [people["publisher"].email, people["second"].email]
    )
    for letter in letters:
        assert f"/cms/pages/{page.pk}/edit/" in letter.body
        assert page.title in letter.body
    assert deliver() == []


def test_nobody_is_asked_to_approve_what_has_been_approved_already(
    page: ContentPage, people: dict[str, User]
) -> None:
    send(page, people["editor"])
    decide(page, people["second"], "approve")

    assert {letter.to[0] for letter in deliver()} == {people["editor"].email}


def test_whoever_wants_no_letters_gets_none(page: ContentPage, people: dict[str, User]) -> None:
    User.objects.filter(pk=people["second"].pk).update(letters=User.Letters.NEVER)
    send(page, people["editor"])

    assert [letter.to[0] for letter in deliver()] == [people["publisher"].email]


def test_the_desk_counts_what_waits_for_each(page: ContentPage, people: dict[str, User]) -> None:

    def count(who: str) -> int:
        return pages_to_approve(people[who])

    assert count("publisher") == 0

    send(page, people["editor"])
    assert [count(who) for who in ("publisher", "second", "editor", "stranger")] == [1, 1, 0, 0]

    decide(page, people["second"], "approve")
    assert count("publisher") == 0


def test_the_moderation_covers_the_whole_tree_in_every_language(
    site: SmallSite, people: dict[str, User]
) -> None:
    assert site.front.get_workflow().name == WORKFLOW
    assert site.news_item("uudis").get_workflow().name == WORKFLOW
    assert not Workflow.objects.filter(name=STOCK_WORKFLOW, active=True).exists()


def test_what_an_administrator_has_set_up_instead_stays(db: None) -> None:
    ensure_cms_groups()
    own = Workflow.objects.create(name="Kaks silmapaari")
    root = Page.get_first_root_node()
    WorkflowPage.objects.filter(page=root).update(workflow=own)

    ensure_cms_groups()

    assert WorkflowPage.objects.get(page=root).workflow == own
    assert Workflow.objects.filter(name=WORKFLOW).count() == 1


@pytest.fixture
def administrator(db: None) -> User:
    return UserFactory(is_superuser=True, is_staff=True)
