"""What the national data tracker (Andmejälgija) reads over X-tee when somebody asks there who has
used their data: the answer of `findUsage`, as version 3 has it (JSON) and as version 1 (XML).

Looks and changes inside of this portal are `internalProcessings`; what was refused processed
nothing and is left out. The organisation is named, never the worker. The schemas stand beside this
file; they follow https://github.com/e-gov/AJ, dumonitor-openapi-v3.yaml and dumonitor.wsdl.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.conf import settings

from portal.access.roles import Role
from portal.audit.models import AccessEvent
from portal.audit.reports import Line
from portal.audit.wording import reason_of

NAMESPACE = "http://dumonitor.x-road.eu/producer"
# The most that one answer of version 3 may hold, and how many it holds unasked.
MOST, USUAL = 10_000, 1_000
REGISTRY_CODE = re.compile(r"[0-9]{8}")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What the first digit of an Estonian registry code says of a body.
KINDS = {"1": "COM", "7": "GOV", "8": "NGO", "9": "NGO"}


@dataclass(frozen=True)
class Body:
    """An organisation for the tracker: its name, its registry code if known, else its kind."""

    name: str
    code: str = ""
    kind: str = "NGO"

    def as_json(self) -> dict[str, str]:
        is_code = REGISTRY_CODE.fullmatch(self.code)
        kind = KINDS.get(self.code[0], self.kind) if is_code else self.kind
        return {"type": kind, "name": self.name} | ({"code": self.code} if is_code else {})


# Given the id and the name of the day: the organisation as it is known now.
BodyOf = Callable[[str, str], Body]


def controller() -> Body:
    """Who answers for the data of this portal."""
    return Body(settings.CONTROLLER_NAME, settings.CONTROLLER_CODE)


def usages(lines: Iterable[Line], body_of: BodyOf) -> list[dict[str, Any]]:
    """Each line as a `UsageProcessing` of version 3."""
    source = controller().as_json() | {"systemName": settings.WAGTAIL_SITE_NAME}
    return [_usage(line, source, body_of) for line in lines]


def _usage(line: Line, source: dict[str, str], body_of: BodyOf) -> dict[str, Any]:
    event = line.event
    who: dict[str, Any] = {"initiatorOrg": source}
    if event.role in (Role.PERSON, Role.REPRESENTATIVE):
        # The person themselves: by the key of the link, the name is theirs to know.
        who = {"initiatorPerson": {"alternativeCode": event.usercode}}
    elif event.receiver:
        body = body_of(event.receivercode, event.receiver).as_json()
        who = {"initiatorOrg": body | {"systemName": settings.WAGTAIL_SITE_NAME}}
    reason = reason_of(event)
    return {
        "logTime": event.logtime.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "purpose": f"{line.action}: {reason}" if reason else line.action,
        "logSourceSystem": settings.WAGTAIL_SITE_NAME,
        "queryId": str(event.id),
        **who,
        "source": source,
    }


def as_json(found: Sequence[dict[str, Any]], total: int) -> dict[str, Any]:
    """A `FindUsageResponse` of version 3; `total`: how many there are beyond this page."""
    return {
        "totalUsages": total,
        "returnedUsages": len(found),
        "internalProcessings": list(found),
    }


def as_xml(found: Iterable[dict[str, Any]]) -> str:
    """A `findUsageResponse` of version 1."""
    root = Element("prod:findUsageResponse", {"xmlns:prod": NAMESPACE})
    for one in found:
        usage = SubElement(root, "usage")
        SubElement(usage, "logtime").text = one["logTime"]
        SubElement(usage, "action").text = _plain(one["purpose"])
        SubElement(usage, "receiver").text = _plain(_receiver(one))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _receiver(usage: dict[str, Any]) -> str:
    """The registry code of who got the data; the name where there is none."""
    body = usage.get("initiatorOrg")
    return body.get("code") or body["name"] if body else ""


def _plain(text: str) -> str:
    """Without the signs that XML does not know; a name may hold one by mistake."""
    return NOT_IN_XML.sub("", text)


def told(events: Any) -> Any:
    """Those of `events` that the tracker tells of, the last one first."""
    return events.filter(outcome=AccessEvent.Outcome.ALLOWED).order_by("-logtime", "-sequence")
