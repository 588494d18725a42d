from django.http import HttpResponse

from portal.access.guards import public, signed_in


@public
def healthz(request):
    return HttpResponse("ok")


@public
def readyz(request):
    return HttpResponse("ok")


@public
def robots(request):
    return HttpResponse("User-agent: *\n", content_type="text/plain")
