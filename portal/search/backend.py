"""The search backend that Wagtail loads: chosen by the kind of database in use."""

from modelsearch.backends.database import SearchBackend

__all__ = ["SearchBackend"]
