"""Checks at every start: what must never be true of this portal. Importing registers them."""

from portal.checks import floors, keys, privacy

__all__ = ["floors", "keys", "privacy"]
