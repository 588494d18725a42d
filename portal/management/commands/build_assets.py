"""Take what the pages need out of installed packages, so that no copy lives in the repository."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import lucide
from django.conf import settings
from django.core.management.base import BaseCommand

from portal.templatetags.ui import ICONS

SVG = "{http://www.w3.org/2000/svg}"


def icon_sprite(names: tuple[str, ...] = ICONS) -> str:
    """One SVG with a `<symbol>` for each Lucide icon in `names`; colour and line come from CSS."""
    ElementTree.register_namespace("", SVG.strip("{}"))
    sprite = ElementTree.Element(f"{SVG}svg")
    with ZipFile(Path(lucide.__file__).with_name("lucide.zip")) as package:
        for name in names:
            drawing = ElementTree.fromstring(package.read(f"{name}.svg"))  # noqa: S314
            symbol = ElementTree.SubElement(
                sprite, f"{SVG}symbol", {"id": name, "viewBox": "0 0 24 24"}
            )
            for shape in drawing:
                shape.tail = None
                symbol.append(shape)
    return ElementTree.tostring(sprite, encoding="unicode")


class Command(BaseCommand):
    help = "Write the icon sprite to build/static; run before collectstatic."

    def handle(self, *args: Any, **options: Any) -> None:
        target = Path(settings.BASE_DIR) / "build" / "static" / "portal" / "icons.svg"
        target.parent.mkdir(parents=True, exist_ok=True)
        sprite = icon_sprite()
        # An unchanged file keeps its time, so that a second start has nothing to collect.
        if not target.exists() or target.read_text(encoding="utf-8") != sprite:
            target.write_text(sprite, encoding="utf-8")
        self.stdout.write(f"{len(ICONS)} icons in {target.relative_to(settings.BASE_DIR)}")
