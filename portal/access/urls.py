"""Other doors to signing in lead to the one sign-in. Stands before the URLs of the CMS.

The names differ from those of the CMS on purpose: reversing one of theirs still finds a path that
is answered here first.
"""

from django.urls import path

from portal.access.views import to_password_reset, to_sign_in

urlpatterns = [
    path("cms/login/", to_sign_in, name="cms_sign_in"),
    path("cms/password_reset/", to_password_reset, name="cms_password_reset"),
    path("cms/password_reset/<path:rest>", to_password_reset, name="cms_password_reset_step"),
    path("_util/login/", to_sign_in, name="page_sign_in"),
]
