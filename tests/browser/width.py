"""No page is wider than its window."""

from playwright.sync_api import Page, TimeoutError

WIDER = "document.documentElement.scrollWidth - window.innerWidth"


def fits(page: Page) -> None:
    """Fail where `page` can be pushed sideways; styles and a new size may take their moment."""
    page.wait_for_load_state()
    try:
        page.wait_for_function(f"{WIDER} <= 0", timeout=5_000)
    except TimeoutError:
        wide = page.evaluate(WIDER)
        window = page.evaluate("window.innerWidth")
        assert wide <= 0, f"{page.url} scrolls sideways by {wide} px at {window} px"
