"""Grants agree with the memberships they follow, and guardian stays behind one door."""

from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from guardian.models import UserObjectPermission

from network.models.grant import OrganisationGrant
from portal.access import grants
from tests.factories import UserFactory
from tests.network.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def test_a_fresh_house_has_no_difference():
    out = StringIO()
    call_command("check_grants", stdout=out)
    assert "agree" in out.getvalue()


def test_a_row_in_a_generic_table_is_found():
    user = UserFactory()
    permission = Permission.objects.get(codename="view_user")
    UserObjectPermission.objects.create(user=user, permission=permission, content_object=user)
    complaint = StringIO()
    with pytest.raises(CommandError):
        call_command("check_grants", stderr=complaint)
    assert "1 rows in the generic tables" in complaint.getvalue()


class FakeGrant:
    """Stands for a table of grants: what is there is what `values_list` answers."""

    class _meta:
        label = "cases.CaseGrant"

    class _default_manager:
        @staticmethod
        def values_list(*fields):
            return [(1, "view", 7), (2, "view", 7)]


def test_missing_and_surplus_grants_are_named(monkeypatch):
    monkeypatch.setattr(grants, "_expected", {})
    grants.register(FakeGrant, lambda users: [(1, "view", 7), (3, "view", 7)])
    assert grants.differences() == [
        "cases.CaseGrant missing: ('3', 'view', '7')",
        "cases.CaseGrant surplus: ('2', 'view', '7')",
    ]


def test_a_table_of_grants_is_registered_once(monkeypatch):
    monkeypatch.setattr(grants, "_expected", {})
    grants.register(FakeGrant, lambda users: [])
    with pytest.raises(ValueError, match="registered already"):
        grants.register(FakeGrant, lambda users: [])


def test_the_text_of_a_grant_names_neither_the_row_nor_the_person():
    user, organisation = UserFactory(first_name="Maarika"), OrganisationFactory(name="Kuldkann")
    permission = Permission.objects.get(codename="edit_offers")
    grant = OrganisationGrant.objects.create(
        user=user, permission=permission, content_object=organisation
    )
    assert str(grant) == f"network.OrganisationGrant {grant.pk}"
    assert repr(grant) == f"<OrganisationGrant: {grant}>"
