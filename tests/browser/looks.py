"""A page turned to both widths and both schemes, as much of it as the time of a run allows.

    for _look in looks(page):
        axe(page)

Each address is shown narrow in one scheme and wide in the other, half of them the other way round;
LOOKS=all shows all four.
"""

import os
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser.width import fits

SCHEMES = ("light", "dark")
WIDTHS = (360, 1280)


def looks(page: Page) -> Iterator[tuple[int, str]]:
    """Each look of the page in turn; in none of them it may scroll sideways."""
    parity = zlib.crc32(urlsplit(page.url).path.encode()) % 2
    for place, width in enumerate(WIDTHS):
        page.set_viewport_size({"width": width, "height": 800})
        chosen = SCHEMES if os.environ.get("LOOKS") == "all" else [SCHEMES[(place + parity) % 2]]
        for scheme in chosen:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            fits(page)
            yield width, scheme
