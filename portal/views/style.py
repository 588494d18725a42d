from django.http import HttpResponse

from portal.access.guards import public, signed_in


@signed_in
def style(request):
    return HttpResponse("style")
