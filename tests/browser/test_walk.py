"""Every page as everybody meets it: nothing breaks the policy, nothing is asked of another host.

Whoever walks follows the links from one page to the next, one address of each route. What the
pages ask for and say is judged by `open_page` (conftest.py).
"""

from collections import Counter, deque
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from django.utils import translation
from playwright.sync_api import Browser, Page

from portal.access.routes import Route, routes
from portal.base.http import is_private
from portal.base.middleware import language_of
from tests.browser.conftest import OpenPage
from tests.plugins.site import Site

SignIn = Callable[..., None]

AT_MOST = 70
# Loaded, not looked at; and what says that no worker delivers letters, as is true here.
NOT_WALKED = ("/static/", "/media/", "/dokumendid/", "/konto/kood/varukoodid/fail/", "/readyz")
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => console.error(
  `policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
# What a reader may unfold and scroll to loads its parts only then.
UNFOLD = """
() => {
  for (const part of document.querySelectorAll("details")) part.open = true;
  window.scrollTo(0, document.body.scrollHeight);
}
"""

# Drawings link too, and theirs are no texts.
LINKS = """
() => [...document.querySelectorAll("a[href]")].map(
  (one) => new URL(one.getAttribute("href"), location.href).href)
"""

PUBLIC = {"front", "component_list", "component_detail", "organisation_list"}
PUBLIC |= {"compare", "my_list", "finder"}
PUBLIC |= {"organisation_detail", "map", "supply", "search", "news_list", "wagtail_serve"}
ACCOUNT = {"desk", "profile", "account_change_password", "mfa_index", "style"}
CMS = {"wagtailadmin_home", "wagtailadmin_explore", "wagtailadmin_pages:edit"}
# Who walks, and the routes with an id or a purpose that the walk has to come by.
WALKS: dict[str, set[str]] = {
    "": PUBLIC | {"account_login", "account_reset_password"},
    "tugi": ACCOUNT
    | {"case_list", "case_detail", "case_change", "case_open", "case_note_list", "case_note_add"}
    | {"case_note_correct", "case_gap_add", "case_log", "team_member_invite", "team_member_end"},
    "kogemus": ACCOUNT | {"case_list", "case_detail", "team_member_answer"},
    "juhataja": ACCOUNT | {"case_list", "case_detail"},
    "koordinaator": ACCOUNT
    | {"meeting_list", "meeting_detail", "meeting_add", "meeting_change", "meeting_cancel"}
    | {"minutes", "series_add", "decision_list", "decision_change", "action_list"}
    | {"action_detail", "gap_list", "gap_detail", "gap_add", "gap_answer", "calendar_feed"}
    | {"resource_list", "resource_detail", "resource_change", "resource_add", "proposal_decide"},
    "pakkuja": ACCOUNT | {"own_offers", "resource_list", "resource_detail"},
    "audiitor": ACCOUNT | {"audit_event_list"},
    "toimetaja": ACCOUNT
    | CMS
    | {"wagtailimages:index", "wagtaildocs:index", "wagtailimages:add_multiple"}
    | {"wagtaildocs:add_multiple", "wagtailadmin_pages:history", "wagtailadmin_account"},
    "haldur": ACCOUNT | CMS | {"wagtailsites:index", "wagtailusers_users:index"},
}


def of(path: str) -> str:
    """The name of the route that answers at `path`; empty where none does."""
    with translation.override(language_of(path)):
        try:
            return resolve(path).view_name or ""
        except Resolver404:
            return ""


def is_simple(route: Route) -> bool:
    """Has it an address without any id?"""
    return bool(route.name) and not set("<(^*\\") & set(route.path)


def starts(is_signed_in: bool) -> list[str]:
    """Every address of ours that needs no id, and what only the pages of the CMS link to.

    The public pages are the same for everybody, so who is signed in meets those that are linked.
    """
    ours = [route for route in routes() if is_simple(route) and not in_cms(route)]
    if is_signed_in:
        ours = [route for route in ours if is_private(f"/{route.path}")]
        more = ["/cms/", "/cms/images/", "/cms/documents/", "/cms/account/"]
    else:
        more = ["/en/", "/ru/"]
    return [*(f"/{route.path}" for route in ours), *more]


def in_cms(route: Route) -> bool:
    return route.guard == "door:cms"


class Walk:
    """A walk of one reader through all pages that links lead to."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.met: Counter[str] = Counter()
        self.lost: list[str] = []
        self._seen: set[str] = set()
        self._shown: set[int] = set()

    def from_all(self, paths: list[str]) -> None:
        """Visit `paths`, then what they link to, nearest first."""
        queue = deque(paths)
        while queue and sum(self.met.values()) < AT_MOST + len(paths):
            path = queue.popleft()
            name = of(urlsplit(path).path)
            if path in self._seen or not self._is_due(path, name):
                continue
            self._seen.add(path)
            queue += self._visit(path, name)

    def _is_due(self, path: str, name: str) -> bool:
        if path.startswith(NOT_WALKED) or not name:
            return False
        return not self.met[name]

    def _visit(self, path: str, name: str) -> list[str]:
        asked = self.page.request.get(self.url + path, max_redirects=0)
        is_file = not asked.headers.get("content-type", "").startswith("text/html")
        if asked.status >= 500:
            self.lost.append(f"{asked.status} {path}")
        if asked.status == 200:
            self.met[name] += 1
        elif is_file or not asked.body() or asked.status in self._shown:
            return []
        if is_file:
            return []
        # Of the refusals one page each is looked at: they are the same everywhere.
        self._shown |= {asked.status} - {200}
        self.page.goto(self.url + path)
        self.page.evaluate(UNFOLD)
        links = [urlsplit(link) for link in self.page.evaluate(LINKS)]
        ours = [link for link in links if f"{link.scheme}://{link.netloc}" == self.url]
        return [f"{link.path}?{link.query}" if link.query else link.path for link in ours]


@pytest.mark.parametrize("who", WALKS)
def test_no_page_breaks_the_policy_or_asks_another_host(
    site: Site, open_page: OpenPage, sign_in: SignIn, who: str
) -> None:
    page = open_page()
    page.add_init_script(TELL_VIOLATIONS)
    if who:
        sign_in(page, f"{who}@tugivork.example")
    walk = Walk(page, site.url)
    walk.from_all(starts(bool(who)))
    assert walk.lost == []
    assert WALKS[who] - set(walk.met) == set()


def test_a_violation_would_be_noticed(site: Site, browser: Browser) -> None:
    # Without the watch of `open_page`, which would fail this very test.
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script(TELL_VIOLATIONS)
    page.goto(f"{site.url}/teenused/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<p style=x>')")
    page.wait_for_function("() => document.querySelector('main p[style]')")
    page.wait_for_timeout(200)
    page.close()
    assert [text for text in said if text.startswith("policy violation: style-src")]
