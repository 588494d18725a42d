"""The doors: trees of URLs that other people's code brings, and who guards each.

A tree is known by the module whose URL patterns it includes. Everything in it stands behind the
door; everything outside needs a guard mark of its own (`guards.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.datastructures import MultiValueDictKeyError


def _nobody_is_asked(request: HttpRequest) -> HttpResponseBase | None:
    return None


def _cms_gate(request: HttpRequest) -> HttpResponseBase | None:
    """Lead to the one sign-in; refuse who may not edit (the CMS would send them in circles)."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    return None


@dataclass(frozen=True)
class Door:
    """A third-party tree.

    `name` is its line in docs/authorization.yaml, `at` the path below which it stands, `urlconf`
    the module it is included from (empty for single views), `views` the packages its views may
    come from (empty: any), `gate` runs before its views, `open_names` pass without the gate,
    `closed_names` are not there at all; `misread` is what its views raise over input that they
    cannot read, such as letters where a number belongs.
    """

    name: str
    at: str
    guarded_by: str
    urlconf: str = ""
    views: tuple[str, ...] = ()
    gate: Callable[[HttpRequest], HttpResponseBase | None] = field(default=_nobody_is_asked)
    open_names: frozenset[str] = frozenset()
    closed_names: frozenset[str] = frozenset()
    misread: tuple[type[Exception], ...] = ()

    def admit(self, request: HttpRequest) -> HttpResponseBase | None:
        """None lets the request in; otherwise the answer; 404 for what is closed."""
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in self.closed_names:
            raise Http404
        return None if name in self.open_names else self.gate(request)


DOORS = (
    Door(
        name="cms",
        at="cms/",
        guarded_by="signed in and permission wagtailadmin.access_admin; then the CMS's own rules",
        urlconf="wagtail.admin.urls",
        gate=_cms_gate,
        open_names=frozenset({"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}),
        # Their own sign-in would go past the second factor.
        closed_names=frozenset(
            {
                "wagtailadmin_login",
                "wagtailadmin_password_reset",
                "wagtailadmin_password_reset_done",
                "wagtailadmin_password_reset_confirm",
                "wagtailadmin_password_reset_complete",
                # Fails on purpose, and somebody would be called for it.
                "wagtailadmin_error_test",
            }
        ),
        # Its choosers look up whatever stands in `id`, its editors trust their hidden fields.
        misread=(ValueError, OverflowError, DataError, MultiValueDictKeyError),
    ),
    Door(
        name="documents",
        at="dokumendid/",
        guarded_by="public; the CMS asks the view restrictions of the collection",
        urlconf="wagtail.documents.urls",
        views=("wagtail.documents.",),
    ),
    Door(
        name="account",
        at="konto/",
        guarded_by="public: reset, passkey; password and second factor for the signed in (allauth)",
        urlconf="portal.accounts.urls",
        views=("allauth.account.", "allauth.mfa."),
    ),
    Door(
        name="static",
        at="",
        guarded_by="public files, served by Django only while developing",
        views=("django.views.static", "django.contrib.staticfiles.views"),
    ),
)


def door_for(chain: tuple[str, ...], view_module: str) -> Door | None:
    """The door for a view of `view_module` reached through the included URLconfs of `chain`."""
    for door in DOORS:
        if door.urlconf and door.urlconf not in chain:
            continue
        if door.views and not view_module.startswith(door.views):
            continue
        return door
    return None
