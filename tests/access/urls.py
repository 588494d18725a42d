"""Addresses for the tests of the guards: marked views and one that somebody forgot to mark."""

from django.http import HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView, View
from wagtail.admin import urls as wagtailadmin_urls

from portal.access.guards import guarded, pass_of, public, signed_in
from portal.views.sign_in import sign_in
from tests.access.test_policies import GroupPolicy


@public
def open_to_all(request):
    return HttpResponse("avalik")


@signed_in
def for_staff(request):
    return HttpResponse("töötajale")


def forgotten(request):
    return HttpResponse("saladus")


@guarded(GroupPolicy, "change")
def change_group(request, pk):
    return HttpResponse(pass_of(request).find(pk=pk).name)


@guarded(GroupPolicy, "view")
class GroupList(View):
    def get(self, request):
        return HttpResponse(",".join(sorted(group.name for group in pass_of(request).rows())))


class OwnDispatch(GroupList):
    def dispatch(self, request, *args, **kwargs):
        return HttpResponse("möödas")


class Unmarked(View):
    def get(self, request):
        return HttpResponse("saladus")


urlpatterns = [
    path("avalik/", open_to_all, name="open"),
    path("tootajale/", for_staff, name="staff"),
    path("unustatud/", forgotten, name="forgotten"),
    path("unustatud-klass/", Unmarked.as_view(), name="forgotten_class"),
    path("oma-dispatch/", OwnDispatch.as_view(), name="own_dispatch"),
    path("suuna/", public(RedirectView.as_view(url="/avalik/")), name="redirect"),
    path("ruhmad/", GroupList.as_view(), name="groups"),
    path("ruhmad/<str:pk>/", change_group, name="group_change"),
    path("cms/", include(wagtailadmin_urls)),
    # A view of the CMS that somebody put outside its door.
    path("valjas/", wagtailadmin_urls.urlpatterns[0].callback, name="outside"),
    path("konto/sisse/", sign_in, name="account_login"),
    path("konto/", include("portal.accounts.urls")),
    path("", include("portal.access.urls")),
    path("", open_to_all, name="front"),
    path("intranet/", for_staff, name="desk"),
]
