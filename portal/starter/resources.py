"""What happened to resources of the demo lately: a draft, a withdrawn one, a proposal that waits.

All is written through the services, by the people of the demo, and then set back in the history.
"""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalogue.models import Component
from network.models import Municipality, Organisation, Resource, ResourceChange
from network.services.facts import NO_OFFER, facts_of
from network.services.resources import (
    add_resource,
    change_resource,
    tell_availability,
    withdraw_resource,
)
from portal.accounts.models import User
from portal.starter.network import POSTS
from portal.starter.source import read_yaml

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://tugivork.example/naidispakkumised")


@transaction.atomic
def load_resources(today: dt.date) -> None:
    """Do what the data file tells, once: whatever was done in the demo since stays."""
    if ResourceChange.objects.exists():
        return
    users = {post.key: User.objects.get(email=post.holder.email) for post in POSTS if post.holder}
    for number, row in enumerate(read_yaml("resources")):
        known = set(ResourceChange.objects.values_list("pk", flat=True))
        _do(row, users[row["by"]], uuid.uuid5(NAMESPACE, str(number)), today)
        day = today - dt.timedelta(days=row["days"])
        moment = timezone.make_aware(dt.datetime.combine(day, dt.time(11, 20)))
        ResourceChange.objects.exclude(pk__in=known).update(at=moment)


def _do(row: dict[str, Any], by: User, key: uuid.UUID, today: dt.date) -> None:
    organisation = Organisation.objects.get(slug=row["organisation"])
    if row["do"] == "add":
        facts = NO_OFFER | {"kind": Resource.Kind.OFFER, "is_confidential": False, "prices": {}}
        add_resource(organisation, _merge(facts, row["facts"], today), by=by, key=key)
        return
    resource = _found(organisation, row)
    if row["do"] == "withdraw":
        withdraw_resource(resource, by=by, key=key, reason=row["reason"])
    elif row["do"] == "propose":
        facts = _merge(facts_of(resource), row["facts"], today)
        change_resource(resource, facts, version=resource.version, by=by, key=key)
    else:
        tell_availability(
            resource,
            free_places=row["free_places"],
            waiting_weeks=row["waiting_weeks"],
            version=resource.version,
            by=by,
            key=key,
        )
        confirmed_on = today - dt.timedelta(days=row["days"])
        Resource.objects.filter(pk=resource.pk).update(confirmed_on=confirmed_on)


def _found(organisation: Organisation, row: dict[str, Any]) -> Resource:
    rows = Resource.objects.filter(
        organisation=organisation, offer__component__code=row["component"]
    )
    if "municipality" in row:
        rows = rows.filter(municipality__slug=row["municipality"])
    return rows.get()


def _merge(facts: dict[str, Any], told: dict[str, Any], today: dt.date) -> dict[str, Any]:
    """`facts` with what the data file tells: codes and slugs become ids, an amount a price."""
    merged = facts | told
    if "component" in told:
        merged["component"] = Component.objects.get(code=told["component"]).pk
    if "municipality" in told:
        merged["municipality"] = Municipality.objects.get(slug=told["municipality"]).pk
    if "serves" in told:
        serves = Municipality.objects.filter(slug__in=told["serves"])
        merged["serves"] = sorted(serves.values_list("pk", flat=True))
    next_month = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    since = (next_month if facts["prices"] else today).isoformat()
    asked = {
        form: {"net": gross, "vat_rate": None, "gross": gross, "valid_from": since}
        for form, gross in told["prices"].items()
    }
    return merged | {"prices": facts["prices"] | asked}
