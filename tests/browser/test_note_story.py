"""A note on a phone: a few taps, and what is typed survives whatever happens. CASE-12."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.plugins.site import Site, running

pytestmark = pytest.mark.browser

KADRI = "tugi@tugivork.example"
EVE = "kov@tugivork.example"
TEXT = "Hommikud on rasked. Leppisime kokku, et räägib perearstiga."
CASE = re.compile(r"/intranet/juhtumid/[0-9a-f-]{36}/$")

SignIn = Callable[..., None]


def a_case_of(page: Page, site: Site) -> str:
    """The address of a running case on the list of whoever is signed in."""
    page.goto(f"{site.url}/intranet/juhtumid/?state=running")
    links = page.locator("main a").evaluate_all("links => links.map(link => link.href)")
    return next(link for link in links if CASE.search(link))


def write(page: Page, text: str = TEXT) -> None:
    page.get_by_role("radio", name=re.compile("Kodukülastus|Home visit")).check()
    page.fill("[name=text]", text)
    page.locator("[name=duration][value='45']").check()


def save(page: Page) -> None:
    page.locator(".save button").click()
    page.wait_for_url("**/markmed/?*valmis=*")


def stored(page: Page) -> dict[str, str]:
    """What this device keeps."""
    kept = page.evaluate("() => ({...localStorage})")
    return {name: value for name, value in kept.items() if name.startswith("tugivork.draft.")}


def wait_until_kept(page: Page) -> None:
    page.locator("[data-draft-state]:not([hidden])").wait_for()


@pytest.fixture(scope="module")
def own_site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """One site for all these tests: each writes notes of its own and reads no other's."""
    with running(tmp_path_factory.mktemp("notes"), f"notes-{os.getpid()}") as this:
        yield this


@pytest.fixture
def phone(own_site: Site, open_page: OpenPage, sign_in: SignIn) -> Page:
    """Kadri's phone, signed in, with the form of a new note open."""
    page = open_page(at=own_site, width=360, has_touch=True, is_mobile=True)
    sign_in(page, KADRI, at=own_site)
    page.goto(f"{a_case_of(page, own_site)}markmed/lisa/")
    return page


def test_a_note_takes_a_few_taps_on_a_phone(phone: Page) -> None:
    """Seven acts at most, all of them the thumb's, and nothing runs over the edge."""
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    expect(phone.locator(".tabs")).not_to_be_visible()
    write(phone)
    button = phone.locator(".save button").bounding_box()
    assert button is not None
    assert button["height"] >= 44
    save(phone)
    first = phone.locator(".note").first
    expect(first).to_contain_text(TEXT)
    expect(first).to_contain_text("45\N{NO-BREAK SPACE}min")
    expect(phone.locator("[role=status] .notice")).to_be_visible()


def test_whoever_will_read_it_follows_the_choice(phone: Page) -> None:
    expect(phone.locator(".reads-team")).to_be_visible()
    expect(phone.locator(".reads-leads")).not_to_be_visible()
    phone.locator("[name=audience][value=leads]").check()
    expect(phone.locator(".reads-leads")).to_be_visible()
    expect(phone.locator(".reads-team")).not_to_be_visible()


def test_what_is_wrong_takes_the_focus_and_nothing_typed_is_lost(phone: Page) -> None:
    phone.fill("[name=text]", TEXT)
    phone.locator(".save button").click()
    phone.locator(".errors:focus").wait_for()
    phone.locator(".errors a").first.click()
    phone.locator("#id_kind:focus").wait_for()
    assert phone.input_value("[name=text]") == TEXT
    write(phone)
    save(phone)
    assert stored(phone) == {}


def test_without_javascript_the_form_does_the_same(
    own_site: Site, open_page: OpenPage, sign_in: SignIn
) -> None:
    page = open_page(at=own_site, width=360, javascript=False)
    sign_in(page, KADRI, at=own_site)
    page.goto(f"{own_site.url}/intranet/juhtumid/?state=running")
    case = next(iter(re.findall(r"/intranet/juhtumid/[0-9a-f-]{36}/", page.content())))
    page.goto(f"{own_site.url}{case}markmed/lisa/")
    write(page)
    save(page)
    assert TEXT in page.locator(".note").first.inner_text()


# --- The draft on the device ---


def test_the_draft_is_unreadable_on_the_device_comes_back_and_is_gone_when_saved(
    phone: Page,
) -> None:
    write(phone)
    wait_until_kept(phone)
    kept = stored(phone)
    assert len(kept) == 1
    case = phone.url.split("/")[5]
    for word in ("Hommikud", "perearst", "visit", case, KADRI):
        assert word not in str(kept)

    phone.reload()
    expect(phone.locator("[name=text]")).not_to_have_value("")
    assert phone.input_value("[name=text]") == TEXT
    assert phone.locator("[name=kind][value=visit]").is_checked()
    assert phone.locator("[name=duration][value='45']").is_checked()
    save(phone)
    assert stored(phone) == {}


def test_a_draft_can_be_thrown_away(phone: Page) -> None:
    write(phone)
    wait_until_kept(phone)
    phone.reload()
    phone.locator("[data-draft-drop]").click()
    assert phone.input_value("[name=text]") == ""
    assert stored(phone) == {}


def test_a_session_that_ends_while_typing_loses_nothing(
    own_site: Site, phone: Page, sign_in: SignIn
) -> None:
    write(phone)
    wait_until_kept(phone)
    phone.context.clear_cookies(name="sessionid")
    phone.locator(".save button").click()
    ended = phone.locator("[data-trouble=ended]")
    ended.wait_for()
    assert phone.input_value("[name=text]") == TEXT
    ended.get_by_role("link").click()
    phone.fill("input[name=login]", KADRI)
    phone.fill("input[name=password]", own_site.password)
    phone.click("main form button[type=submit]")
    phone.wait_for_url("**/markmed/lisa/")
    expect(phone.locator("[name=text]")).not_to_have_value("")
    assert phone.input_value("[name=text]") == TEXT
    save(phone)


def test_somebody_else_at_the_same_device_finds_nothing(
    own_site: Site, phone: Page, sign_in: SignIn
) -> None:
    form = phone.url
    write(phone)
    wait_until_kept(phone)
    # The session ends without a sign-out; a colleague of the same team takes the phone.
    phone.context.clear_cookies()
    sign_in(phone, EVE, at=own_site)
    phone.goto(form, wait_until="networkidle")
    expect(phone.locator("[name=text]")).to_have_count(1)
    assert phone.input_value("[name=text]") == ""
    phone.locator("form[data-drafts-of] button").click()
    phone.wait_for_url(lambda url: "/markmed/" not in url)
    assert len(stored(phone)) == 1
    # Kadri comes back to her text, and takes it along when she signs out.
    sign_in(phone, KADRI, at=own_site)
    phone.goto(form)
    expect(phone.locator("[name=text]")).not_to_have_value("")
    assert phone.input_value("[name=text]") == TEXT
    phone.type("[name=text]", " Veel.")
    phone.locator("form[data-drafts-of] button").click()
    phone.wait_for_url(lambda url: "/markmed/" not in url)
    assert stored(phone) == {}


def test_a_form_left_open_is_not_sent_in_somebody_elses_name(
    own_site: Site, phone: Page, sign_in: SignIn
) -> None:
    write(phone)
    wait_until_kept(phone)
    phone.context.clear_cookies()
    other = phone.context.new_page()
    sign_in(other, EVE, at=own_site)
    phone.locator(".save button").click()
    phone.locator("[data-trouble=other]").wait_for()
    assert phone.input_value("[name=text]") == TEXT


def test_without_a_connection_the_text_stays_and_is_saved_later(phone: Page) -> None:
    write(phone)
    phone.context.set_offline(True)
    phone.locator(".save button").click()
    phone.locator("[data-trouble=offline]").wait_for()
    assert phone.input_value("[name=text]") == TEXT
    phone.context.set_offline(False)
    save(phone)
    assert TEXT in phone.locator(".note").first.inner_text()


def test_saved_but_not_heard_of_is_not_saved_twice(phone: Page) -> None:
    """The connection breaks after the server has stored the note and before the phone knows."""
    form, text = phone.url, "Seda märget on ainult üks."
    write(phone, text)
    wait_until_kept(phone)

    def cut(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort("connectionreset")
        else:
            route.fallback()

    phone.route("**/markmed/lisa/", cut)
    with phone.expect_event("requestfailed", lambda request: request.method == "POST"):
        phone.locator(".save button").click()
    phone.unroute("**/markmed/lisa/")
    # In a new tab: the first one stands on the browser's own page of errors.
    again = phone.context.new_page()
    again.goto(form)
    expect(again.locator("[name=text]")).not_to_have_value("")
    save(again)
    texts = again.locator(".note .said").all_inner_texts()
    assert texts.count(text) == 1


def test_a_large_file_is_refused_before_it_is_sent(phone: Page) -> None:
    phone.locator(".more summary").click()
    large = {"name": "film.txt", "mimeType": "text/plain", "buffer": b"0" * (10 * 1024 * 1024 + 1)}
    phone.set_input_files("[name=attachments]", large)
    expect(phone.locator("[data-file-trouble]")).to_be_visible()
    assert phone.evaluate("document.querySelector('[name=attachments]').files.length") == 0


def test_a_hundred_megabytes_without_javascript_get_a_sentence_and_the_text_back(
    own_site: Site, open_page: OpenPage, sign_in: SignIn, tmp_path: Path
) -> None:
    film = tmp_path / "film.pdf"
    with film.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    page = open_page(at=own_site, width=360, javascript=False)
    sign_in(page, KADRI, at=own_site)
    page.goto(f"{own_site.url}/intranet/juhtumid/?state=running")
    case = next(iter(re.findall(r"/intranet/juhtumid/[0-9a-f-]{36}/", page.content())))
    page.goto(f"{own_site.url}{case}markmed/lisa/")
    write(page)
    page.locator(".more summary").click()
    page.set_input_files("[name=attachments]", film)
    page.locator(".save button").click()
    page.locator(".errors").wait_for()
    expect(page.locator(".errors")).to_contain_text("film.pdf")
    assert page.input_value("[name=text]") == TEXT
    assert not [file for file in own_site.folder.rglob("*") if file.stat().st_size > 50_000_000]


# --- For everybody ---


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_notes_are_open_to_everybody(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    axe: Callable[[Page], None],
    width: int,
    scheme: str,
) -> None:
    page = open_page(width=width, scheme=scheme)
    sign_in(page, KADRI)
    case = a_case_of(page, site)
    page.goto(f"{case}markmed/lisa/")
    axe(page)
    page.locator("[name=duration][value=other]").check()
    page.locator(".more summary").click()
    page.locator(".save button").click()
    page.locator(".errors").wait_for()
    axe(page)
    page.goto(f"{case}markmed/")
    axe(page)
    page.fill("[name=words]", "öösel")
    page.get_by_role("search").get_by_role("button").click()
    page.wait_for_load_state()
    axe(page)
    if page.evaluate("document.documentElement.scrollWidth") > width:
        pytest.fail("The list runs over the edge.")
