"""Whole public pages for visitors who are not signed in."""

from portal.base.middleware import CleanInputMiddleware


class PageCacheMiddleware(CleanInputMiddleware):
    pass
