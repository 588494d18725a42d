"""Editors write, publishers also publish; neither may delete facts or open accounts."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page

from portal.access.cms_groups import DELETED, EDITED, EDITORS, PUBLISHERS, ensure_cms_groups
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups():
    return ensure_cms_groups()


def member(group):
    user = UserFactory()
    user.groups.add(group)
    return user


@pytest.mark.parametrize(("name", "may_publish"), [("editors", False), ("publishers", True)])
def test_only_publishers_publish(groups, name, may_publish):
    may = Page.objects.get(depth=2).permissions_for_user(member(groups[name]))
    assert may.can_edit()
    assert may.can_add_subpage()
    assert may.can_publish() is may_publish
    assert may.can_delete() is may_publish


@pytest.mark.parametrize("name", ["editors", "publishers"])
def test_both_groups_open_the_cms_and_edit_facts_without_deleting_them(groups, name):
    user = member(groups[name])
    assert user.has_perm("wagtailadmin.access_admin")
    for app, models in EDITED.items():
        for model in models:
            assert user.has_perms([f"{app}.add_{model}", f"{app}.change_{model}"]), model
            may_delete = model in DELETED.get(app, ())
            assert user.has_perm(f"{app}.delete_{model}") == may_delete


@pytest.mark.parametrize(("name", "publishes"), [("editors", False), ("publishers", True)])
def test_prices_change_in_the_table_of_their_round_alone(groups, name, publishes):
    user = member(groups[name])
    assert user.has_perms(["catalogue.view_price", "catalogue.view_cap", "catalogue.view_round"])
    assert not any(
        user.has_perm(f"catalogue.{verb}_{model}")
        for verb in ("add", "change", "delete")
        for model in ("price", "cap")
    )
    assert user.has_perms(["catalogue.add_round", "catalogue.change_round"]) is publishes


@pytest.mark.parametrize("name", ["editors", "publishers"])
def test_neither_group_touches_accounts_or_anything_private(groups, name):
    codenames = member(groups[name]).get_all_permissions()
    private = {"accounts", "auth", "access", "audit", "cases", "meetings", "guardian", "base"}
    assert {codename.split(".")[0] for codename in codenames} & private == set()


def test_the_menu_is_published_by_publishers_only(groups):
    assert member(groups["publishers"]).has_perm("home.publish_navigation")
    assert not member(groups["editors"]).has_perm("home.publish_navigation")


def test_doing_it_again_changes_nothing_and_takes_surplus_rights_away(groups):
    before = groups["editors"].permissions.count()
    groups["editors"].permissions.clear()
    page = Page.objects.get(depth=2)
    permission = groups["publishers"].page_permissions.get(permission__codename="publish_page")
    groups["editors"].page_permissions.create(page=page, permission=permission.permission)
    again = ensure_cms_groups()["editors"]
    assert again.permissions.count() == before
    assert not page.permissions_for_user(member(again)).can_publish()


def test_the_stock_groups_go_unless_somebody_is_in_them():
    somebody = member(Group.objects.get_or_create(name="Editors")[0])
    ensure_cms_groups()
    assert set(Group.objects.values_list("name", flat=True)) == {EDITORS, PUBLISHERS, "Editors"}
    assert somebody.groups.exists()
