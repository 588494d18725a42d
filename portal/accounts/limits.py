"""How often a password or a code may be tried (rules.md 13).

Counted in the shared cache, so it holds over several processes. A browser that has opened the
account before has a count of its own; all others share counts by network and by account. So a
stranger who guesses makes other strangers wait, never the owner at their own device; and an owner
at a new device has the way of a new password by letter, which makes that device known.
"""

import ipaddress

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.http import HttpRequest

from portal.accounts import devices

# Tries without success: of a known browser; of one network at one account; of one network at all
# accounts; of everybody unknown at one account.
RATES = {
    "password.known": "10/5m/key,60/d/key",
    "password.network": "5/5m/key,25/d/key",
    "password.address": "30/5m/key",
    "password.account": "240/d/key",
    # Six digits are fewer than a password has: whoever gets here knows the password already.
    "code.known": "5/5m/key,30/d/key",
    "code.network": "5/5m/key,20/d/key",
    "code.address": "30/5m/key",
    "code.account": "60/d/key",
    # One-time links cannot be guessed; this only keeps a guesser from keeping the database busy.
    "link.address": "120/5m/key",
}


class MustWait(Exception):
    """Too many tries without success."""


def take(request: HttpRequest, email: str, what: str) -> RateLimitUsage:
    """Count a try of a "password" or "code"; roll the answer back after a success.

    Raises MustWait. The count is by the address that was typed, whether it has an account or not.
    """
    account, device = devices.mark_of(email), devices.device_of(request, email)
    network = network_of(get_adapter().get_client_ip(request))
    counts = (
        {"known": f"{account}:{device}"}
        if device
        else {"network": f"{account}:{network}", "address": network, "account": account}
    )
    taken = RateLimitUsage(usage=[])
    for kind, key in counts.items():
        action = f"{what}.{kind}"
        usage = ratelimit.consume(
            request, app="portal.accounts", action=action, config=RATES, key=key
        )
        if usage is None:
            raise MustWait(kind)
        taken.usage += usage.usage
    return taken


def take_link(request: HttpRequest) -> None:
    """Count a request with a one-time link, good or bad. Raises MustWait."""
    network = network_of(get_adapter().get_client_ip(request))
    action = "link.address"
    taken = ratelimit.consume(
        request, app="portal.accounts", action=action, config=RATES, key=network, limit_get=True
    )
    if taken is None:
        raise MustWait(action)


def network_of(ip: str) -> str:
    """The network of an address: whoever has one address there can have the next one too."""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    bits = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
