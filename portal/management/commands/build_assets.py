"""Take what the pages need out of installed packages, so that no copy lives in the repository."""

import re
from importlib.util import find_spec
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


def leaflet_files() -> dict[str, bytes]:
    """What the map needs of Leaflet, out of the package django-leaflet; by name.

    Of the package only these files are used: its tags write script into the page.
    """
    spec = find_spec("leaflet")
    folder = Path(spec.origin or "").parent / "static" / "leaflet" if spec else Path()
    script = (folder / "leaflet.js").read_text(encoding="utf-8")
    style = (folder / "leaflet.css").read_text(encoding="utf-8")
    pictures = sorted(set(re.findall(r"url\((images/[\w.-]+)\)", style)))
    return {
        # The map of the source is not taken along, and a dead link to it stops collectstatic.
        "leaflet.js": re.sub(r"\n//# sourceMappingURL=\S+", "", script).encode(),
        # Below our own style, so that the map follows our colours.
        "leaflet.css": f"@layer base {{\n{style}\n}}\n".encode(),
        **{name: (folder / name).read_bytes() for name in pictures},
    }


def write(target: Path, content: bytes) -> None:
    """Write a file; an unchanged one keeps its time, so a second start has nothing to collect."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists() or target.read_bytes() != content:
        target.write_bytes(content)


class Command(BaseCommand):
    help = "Write the icon sprite and the map's files to build/static; run before collectstatic."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "build" / "static" / "portal"
        write(folder / "icons.svg", icon_sprite().encode())
        leaflet = leaflet_files()
        for name, content in leaflet.items():
            write(folder / "leaflet" / name, content)
        self.stdout.write(
            f"{len(ICONS)} icons and {len(leaflet)} files of Leaflet "
            f"in {folder.relative_to(settings.BASE_DIR)}"
        )
