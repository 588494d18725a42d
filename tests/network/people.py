"""Who works with resources, and what they type.

here = Net()
partner = here.organisation()
keeper = speaker(partner)                 # keeps the offers of its organisation
lead = here.seat(Seat.Body.STEERING)      # leads the region
offer = offer_of(partner, price="40.00")
form = typed(client, offer.resource)      # the form as it was opened; change what you like
"""

import datetime as dt
import uuid
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from network.models import Offer, Organisation, Resource
from network.services.people import start_holding
from portal.access.roles import Role
from portal.accounts.models import User
from tests.cases.factories import LONG_AGO, PositionFactory
from tests.factories import UserFactory
from tests.network.factories import OfferFactory, ResourceFactory


def speaker(
    organisation: Organisation, role: str = Role.OFFER_EDITOR, until: dt.date | None = None
) -> User:
    """A user whose position speaks for `organisation`."""
    user = UserFactory()
    position = PositionFactory(organisation=organisation, role=role)
    start_holding(position=position, user=user, valid_from=LONG_AGO, valid_until=until)
    return user


def offer_of(organisation: Organisation, **fields: Any) -> Offer:
    """A published offer of `organisation`, where it is, confirmed yesterday."""
    fields.setdefault("resource__confirmed_on", timezone.localdate() - dt.timedelta(days=1))
    resource = {
        name.removeprefix("resource__"): fields.pop(name)
        for name in list(fields)
        if name.startswith("resource__")
    }
    return OfferFactory(resource=ResourceFactory(organisation=organisation, **resource), **fields)


def typed(client: Client, resource: Resource | None, **fields: Any) -> dict[str, Any]:
    """The form of `resource` (None: a new one) as the browser would send it, with `fields`."""
    url = reverse("resource_change", args=[resource.pk]) if resource else reverse("resource_add")
    form = client.get(url).context["form"]
    return as_sent(form) | fields


def as_sent(form: Any) -> dict[str, Any]:
    """What a browser sends of `form` if nothing is touched."""
    sent = {}
    for field in form:
        value = field.value()
        if value not in (None, "", False, []):
            widget = field.field.widget
            sent[field.html_name] = (
                value if isinstance(value, list) else widget.format_value(value) or value
            )
            if value is True:
                sent[field.html_name] = "on"
    return sent


def new_key() -> str:
    return str(uuid.uuid4())
