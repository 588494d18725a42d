"""The two groups of the CMS: editors write, publishers also publish. Neither touches a case.

The CMS asks about the model and not about the row, so only what is public stands here by name.
"""

from collections.abc import Mapping

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from portal.access.moderation import ensure_moderation

EDITORS = "Toimetajad"
PUBLISHERS = "Avaldajad"
# Wagtail brings two groups of its own; beside ours they only confuse.
STOCK_GROUPS = ("Editors", "Moderators")

# Model -> may editors add and change it through the CMS. Deleting is for nobody: facts are closed.
EDITED = {
    "catalogue": ("lifedomain", "component"),
    "network": ("organisation",),
    "home": ("navigation", "navigationitem", "componentlimit", "synonym"),
}
# Prices and ceilings change in the table of their round, where one ends as the next begins.
VIEWED = {"catalogue": ("price", "cap", "round")}
PUBLISHED = {"catalogue": ("round",)}
# Visitors write them, editors say what becomes of them.
ANSWERED = {"home": ("unansweredquestion",)}
# Words of the search are no facts: a line that misleads goes.
DELETED = {"home": ("synonym",)}
PAGE_ACTIONS = {EDITORS: ("add", "change"), PUBLISHERS: ("add", "change", "publish", "lock")}
FILE_ACTIONS = ("add_image", "change_image", "choose_image") + (
    "add_document",
    "change_document",
    "choose_document",
)


@transaction.atomic
def ensure_cms_groups() -> dict[str, Group]:
    """Bring both groups in step with this file; returns them as "editors" and "publishers"."""
    for group in Group.objects.filter(name__in=STOCK_GROUPS, user__isnull=True):
        group.delete()
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in PAGE_ACTIONS}
    for name, group in groups.items():
        group.permissions.set(_model_permissions(publishes=name == PUBLISHERS))
        _set_page_permissions(group, PAGE_ACTIONS[name])
        _set_file_permissions(group)
    ensure_moderation(groups[PUBLISHERS])
    return {"editors": groups[EDITORS], "publishers": groups[PUBLISHERS]}


def _model_permissions(publishes: bool) -> list[Permission]:
    wanted = Q(content_type__app_label="wagtailadmin", codename="access_admin")
    wanted |= Q(content_type__app_label="simple_translation", codename="submit_translation")
    wanted |= _rights(EDITED, "add", "change", "view") | _rights(VIEWED, "view")
    wanted |= _rights(DELETED, "delete") | _rights(ANSWERED, "change", "view")
    if publishes:
        wanted |= _rights(PUBLISHED, "add", "change")
        wanted |= Q(content_type__app_label="home", codename="publish_navigation")
    return list(Permission.objects.filter(wanted))


def _rights(table: Mapping[str, tuple[str, ...]], *verbs: str) -> Q:
    """The permissions to do `verbs` with the models of `table`."""
    found = Q()
    for app, models in table.items():
        codenames = [f"{verb}_{model}" for model in models for verb in verbs]
        found |= Q(content_type__app_label=app, codename__in=codenames)
    return found


def _set_page_permissions(group: Group, actions: tuple[str, ...]) -> None:
    root = Page.get_first_root_node()
    GroupPagePermission.objects.filter(group=group).exclude(page=root).delete()
    permissions = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=[f"{name}_page" for name in actions]
    )
    GroupPagePermission.objects.filter(group=group).exclude(permission__in=permissions).delete()
    for permission in permissions:
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


def _set_file_permissions(group: Group) -> None:
    root = Collection.get_first_root_node()
    permissions = Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=FILE_ACTIONS
    )
    for permission in permissions:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=root, permission=permission
        )
