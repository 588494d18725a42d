"""Before a session ends the page says so, quietly, and lets it go on (rules.md 13 and 19)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.accounts.nexts import VARIANTS, leaves
from tests.browser.conftest import OpenPage
from tests.plugins.site import Site

pytestmark = pytest.mark.browser

KADRI = "tugi@tugivork.example"
STATE = "**/konto/sessioon/"
SignIn = Callable[..., None]


@pytest.fixture
def page(site: Site, open_page: OpenPage, sign_in: SignIn) -> Page:
    """Kadri's browser with a clock of its own, signed in; the profile is open."""
    page = open_page(width=360)
    sign_in(page, KADRI)
    page.clock.install()
    page.goto(f"{site.url}/konto/profiil/")
    return page


def answer_with(page: Page, idle: int, whole: int = 40_000) -> list[str]:
    """Answer for the server, whose clock does not go faster with the page's; returns the asks."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.method)
        left = 1800 if route.request.method == "POST" else idle
        route.fulfill(json={"idle": left, "whole": whole})

    page.route(STATE, answer)
    return asked


def wait_and_be_asked(page: Page, time: str) -> None:
    """Let `time` pass until the page has asked the server."""
    with page.expect_response(STATE):
        page.clock.fast_forward(time)


def words(page: Page) -> str:
    return page.locator("[data-session-words]").inner_text()


def test_nothing_is_said_while_there_is_time(page: Page) -> None:
    asked = answer_with(page, idle=1800)
    page.clock.fast_forward("26:00")
    expect(page.locator("[data-session-words]")).to_be_hidden()
    assert asked == []


def test_three_minutes_before_the_end_it_is_said_and_one_button_goes_on(
    page: Page, axe: Callable[[Page], None]
) -> None:
    asked = answer_with(page, idle=170)
    page.focus("#id_first_name")
    wait_and_be_asked(page, "27:10")
    expect(page.locator("[data-session-words]")).to_be_visible()
    assert "3 min" in words(page)
    # The reader is not torn away from what they do.
    expect(page.locator("#id_first_name")).to_be_focused()
    assert asked[0] == "GET"
    axe(page)
    page.click("[data-session] button")
    expect(page.locator("[data-session-words]")).to_be_hidden()
    assert asked[-1] == "POST"


def test_whoever_types_is_not_idle(page: Page) -> None:
    asked = answer_with(page, idle=170)
    page.clock.fast_forward("20:00")
    page.fill("#id_first_name", "Kadri")
    wait_and_be_asked(page, "07:10")
    expect(page.locator("[data-session-words]")).to_be_hidden()
    assert asked[:1] == ["POST"]


def test_another_tab_that_went_on_is_asked_first(page: Page) -> None:
    asked = answer_with(page, idle=1500)
    wait_and_be_asked(page, "27:10")
    expect(page.locator("[data-session-words]")).to_be_hidden()
    assert asked == ["GET"]


def test_the_end_of_the_day_is_said_ten_minutes_before_and_cannot_be_put_off(page: Page) -> None:
    answer_with(page, idle=1800, whole=540)
    wait_and_be_asked(page, "27:10")
    expect(page.locator("[data-session-words]")).to_be_visible()
    assert "kaksteist tundi" in words(page)
    expect(page.locator("[data-session] button")).to_be_hidden()


def test_when_it_is_over_the_typed_text_stays_and_the_way_back_opens_beside_it(
    page: Page,
) -> None:
    page.fill("#id_first_name", "Kadri-Liis")
    answer_with(page, idle=1800)
    wait_and_be_asked(page, "27:10")  # typing keeps it alive once more
    expect(page.locator("[data-session-words]")).to_be_hidden()
    page.unroute(STATE)
    page.context.clear_cookies(name="sessionid")
    page.clock.fast_forward("27:10")
    link = page.locator("[data-session-sign-in] a")
    expect(link).to_be_visible()
    assert link.get_attribute("target") == "_blank"
    assert page.input_value("#id_first_name") == "Kadri-Liis"


def test_the_judge_of_next_reads_addresses_as_the_browser_does(
    site: Site, open_page: OpenPage
) -> None:
    """What tests/accounts/test_doors.py calls staying here stays here in Chromium too."""
    page = open_page()
    page.goto(f"{site.url}/konto/sisse/")
    hosts = page.evaluate(
        """variants => variants.map((text) => {
            try {
                const read = new URL(text, "http://testserver/konto/sisse/");
                return read.protocol.startsWith("http") ? read.host : "elsewhere";
            } catch { return "elsewhere"; }
        })""",
        VARIANTS,
    )
    wrong = [
        text
        for text, host in zip(VARIANTS, hosts, strict=True)
        if host != "testserver" and not leaves(text)
    ]
    assert wrong == []
