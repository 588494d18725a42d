"""Three people in three browsers walk the loop once, from one person to the public map.

What is missing for somebody becomes, without that somebody, an item of a meeting, a decision, an
action, and a changed offer that anybody finds.

CASE-16, REG-01, REG-08, REG-09, MON-04.
"""

import datetime as dt
import io
import re
from collections.abc import Callable

import pypdf
import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.test_case_story import open_a_case
from tests.plugins.site import Site

pytestmark = pytest.mark.browser

SUPPORT = "tugi@tugivork.example"
COORDINATOR = "koordinaator@tugivork.example"
KEEPER = "pakkuja@tugivork.example"
OFFER, SLUG = "Liikumine eluruumides", "liikumine-eluruumides"
WORDS = "Abilist ei jätku õhtuti, kui toas liikumine on kõige raskem."
NOTE = "Kukkus eile õhtul koridoris. Tiiu tütar käib abiks ainult nädalavahetusel."
DECISION = "Küsime kodutoelt, kas õhtuti saab abi juurde."
ACTION = "Leida õhtuteks kaks kohta juurde ja panna need kirja"

SignIn = Callable[..., None]


class Stranger:
    """What no page of the region may say: name and number of the person, address of the case."""

    def __init__(self, case: str, number: str) -> None:
        self.words = ("Proovija", "Tiiu", number, case.rstrip("/").rsplit("/", 1)[1], NOTE)

    def is_not_on(self, page: Page) -> None:
        self.is_not_in(page.content() + page.title() + page.url, page.url)

    def is_not_in(self, text: str, where: str) -> None:
        for word in self.words:
            assert word not in text, f"{word!r} on {where}"


def send(page: Page, name: str) -> None:
    """Press the button `name` in the main part, and wait for what comes."""
    page.get_by_role("main").get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def test_what_one_person_lacks_comes_back_as_a_changed_offer_and_nobody_learns_whom_it_was_about(
    own_site: Site, open_page: OpenPage, sign_in: SignIn
) -> None:
    url = own_site.url

    # A worker opens a case, writes a note, and tells the region what is missing.
    worker = open_page(at=own_site, width=360)
    sign_in(worker, SUPPORT, at=own_site)
    case = open_a_case(worker, own_site)
    number = re.search(r"[2-9A-Z]{3}-[2-9A-Z]{3}", worker.locator("h1").inner_text())
    assert number is not None
    stranger = Stranger(case, number.group())
    worker.goto(f"{case}markmed/lisa/")
    worker.get_by_role("radio", name="Kohtumine").check()
    worker.fill("[name=text]", NOTE)
    worker.locator("[name=duration][value='30']").check()
    worker.locator(".save button").click()
    worker.wait_for_url("**/markmed/?*valmis=*")
    worker.goto(case)
    worker.locator("main a[href$='/puudub/']").first.click()
    worker.wait_for_load_state()
    worker.fill("[name=words]", "liikumine")
    send(worker, "Otsi")
    worker.get_by_role("radio", name=OFFER).check()
    worker.locator("[name=kind][value=full]").check()
    worker.fill("[name=text]", f"Tiiule ei jätku abilist. {WORDS}")
    worker.locator(".save button").click()
    worker.wait_for_load_state()
    assert "Tiiule" in worker.locator(".errors").inner_text(), "a name is refused by name"
    assert WORDS in worker.input_value("[name=text]"), "and nothing typed is lost"
    worker.fill("[name=text]", WORDS)
    worker.locator(".save button").click()
    worker.wait_for_url(re.compile(r"/juhtumid/[0-9a-f-]{36}/"))

    # The coordinator finds it, takes it to today's meeting with one click, and holds the meeting.
    table = open_page(at=own_site)
    sign_in(table, COORDINATOR, at=own_site)
    table.goto(f"{url}/intranet/kohtumised/uus/")
    group = table.locator("[name=group] option").filter(has_text="uhtrühm").first
    table.select_option("[name=group]", value=group.get_attribute("value"))
    table.fill("[name=day]", f"{timezone.localdate():%d.%m.%Y}")
    table.fill("[name=begins]", "23.50")
    table.fill("[name=ends]", "23.55")
    table.locator("main form .btn").first.click()
    table.wait_for_url(re.compile(r"/kohtumised/[0-9a-f-]{36}/$"))
    meeting = table.url
    table.goto(f"{url}/intranet/vajadused/?state=new")
    stranger.is_not_on(table)
    row = table.locator(".gaps .row").filter(has_text=WORDS)
    row.locator("form button").click()
    table.wait_for_load_state()
    table.goto(f"{url}/intranet/vajadused/?state=agenda")
    gap = table.locator(".gaps .row").filter(has_text=WORDS).locator("h3 a")
    gap_url = url + str(gap.get_attribute("href"))
    table.goto(gap_url)
    stranger.is_not_on(table)

    table.goto(meeting)
    send(table, "Alusta")
    table.locator(".agenda a", has_text=OFFER).first.click()
    table.wait_for_load_state()
    assert WORDS in table.inner_text("main")
    stranger.is_not_on(table)
    table.locator("form[action$='/otsus/'] [name=text]").fill(DECISION)
    table.locator("form[action$='/otsus/'] button").click()
    table.wait_for_load_state()
    table.locator("form[action$='/tegevus/'] [name=text]").fill(ACTION)
    keeper_post = table.locator("form[action$='/tegevus/'] [name=position] option").filter(
        has_text="Pakkumiste hoidja"
    )
    table.locator("form[action$='/tegevus/'] [name=position]").select_option(
        value=keeper_post.first.get_attribute("value")
    )
    due = timezone.localdate() + dt.timedelta(days=7)
    table.locator("form[action$='/tegevus/'] [name=due]").fill(f"{due:%d.%m.%Y}")
    table.locator("form[action$='/tegevus/'] button").click()
    table.wait_for_load_state()
    assert DECISION in table.inner_text("main")
    table.goto(f"{meeting}lopeta/")
    send(table, "Lõpeta")
    table.goto(f"{meeting}protokoll/")
    minutes = table.inner_text("main")
    assert DECISION in minutes
    assert ACTION in minutes
    stranger.is_not_on(table)
    pdf = table.request.get(f"{meeting}protokoll.pdf").body()
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    stranger.is_not_in(text, "the minutes on paper")

    # Whoever keeps the offers finds the action on the desk and changes the offer.
    keeper = open_page(at=own_site, width=360)
    sign_in(keeper, KEEPER, at=own_site)
    keeper.goto(f"{url}/intranet/")
    assert ACTION in keeper.inner_text("main")
    stranger.is_not_on(keeper)
    keeper.goto(f"{url}/intranet/ressursid/minu/")
    offer = keeper.locator(".own .row").filter(has_text=OFFER).first
    place = offer.locator("p").first.inner_text().split("·")[0].strip()
    offer.locator("[name$=-free_places]:not([type=hidden])").fill("2")
    offer.locator(".places button").click()
    keeper.wait_for_load_state()
    keeper.goto(f"{url}/intranet/")
    keeper.locator("main .row").filter(has_text=ACTION).locator("a").first.click()
    keeper.wait_for_load_state()
    keeper.fill("[name=note]", "Kaks õhtust kohta on kirjas.")
    keeper.locator("button[value=done]").click()
    keeper.wait_for_load_state()

    # Anybody sees it on the map, at once.
    visitor = open_page(at=own_site)
    visitor.goto(f"{url}/kaart/?component={SLUG}")
    shown = visitor.locator("main li").filter(has_text="Villase Salli").filter(has_text=place)
    assert "2 kohta vaba" in shown.first.inner_text()
    for address in (f"/kaart/?component={SLUG}", "/vajadus-ja-pakkumine/", "/kaart/andmed.geojson"):
        stranger.is_not_in(visitor.request.get(url + address).text(), address)

    # The coordinator says that it is solved, and the worker reads the answer on the desk.
    table.goto(f"{gap_url}vasta/")
    table.locator("[name=outcome][value=solved]").check()
    table.locator("main form .btn").first.click()
    table.wait_for_load_state()
    worker.goto(f"{url}/intranet/")
    desk = worker.inner_text("main")
    assert "Lahendatud" in desk
    assert OFFER in desk
    assert DECISION in desk
    worker.goto(case)
    assert "Lahendatud" in worker.inner_text("main")

    # Somebody of the network without the case never meets the person on a page of the region.
    for address in ("/intranet/vajadused/?state=all", "/intranet/otsused/", "/intranet/tegevused/"):
        table.goto(url + address)
        stranger.is_not_on(table)
    for address in ("vajadused/vajadused.csv?state=all", "otsused/otsused.csv"):
        stranger.is_not_in(table.request.get(f"{url}/intranet/{address}").text(), address)
