"""Whose data the public site and the CMS hold (portal/base/personal.py).

Case data never reaches the CMS (portal/checks/privacy.py), so no table here knows a person; workers
stand in them as editors.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag, TaggedItem
from wagtail import models as cms
from wagtail.admin.models import Admin, EditingSession, FormState
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.simple_translation.models import SimpleTranslation
from wagtail.documents.models import Document
from wagtail.embeds.models import Embed
from wagtail.images.models import Image, Rendition
from wagtail.users.models import UserProfile

from home import models
from portal.accounts.models import User
from portal.accounts.privacy import DELETED
from portal.base import personal, retention
from portal.base.personal import Column, Keep, Path, Subject

PUBLISHED = "published for everybody; a consent and an editor stand before each name in it"
# Tables of the CMS that hold no text of anybody: structure, workflow, permissions.
STRUCTURE = (
    *(Admin, SimpleTranslation, Redirect, Embed, Rendition, Tag, TaggedItem),
    *(cms.Locale, cms.Site, cms.Collection, cms.Page),
    *(cms.GroupSitePermission, cms.GroupCollectionPermission, cms.GroupPagePermission),
    *(cms.CollectionViewRestriction, cms.CollectionViewRestriction.groups.through),
    *(cms.PageViewRestriction, cms.PageViewRestriction.groups.through),
    *(cms.Workflow, cms.WorkflowTask, cms.WorkflowContentType, cms.WorkflowPage),
    *(cms.Task, cms.GroupApprovalTask, cms.GroupApprovalTask.groups.through),
)
PAGES = (
    *(models.CataloguePage, models.ComponentPage, models.ContentPage, models.HelpPage),
    *(models.ContactPage, models.NewsIndexPage, models.NewsPage, models.FrontPage),
    *(models.MapPage, models.SearchPage, models.OrganisationsPage, models.SupplyPage),
    *(models.ComponentLimit, models.Navigation, models.NavigationItem, models.OutsideLink),
)


def register() -> None:
    """Called once, when the app is ready."""
    for model in (*STRUCTURE, *_search_tables()):
        personal.holds_nobody(model, "structure of the CMS and of its public pages")
    for page in PAGES:
        personal.holds_nobody(page, PUBLISHED, texts=_texts_of(page))
    personal.holds_nobody(models.Synonym, "words of the search", texts=("said", "meant"))
    personal.holds_nobody(
        models.UnansweredQuestion,
        "words, a month and a count; names and numbers are left out (home/questions.py)",
        texts=("words",),
    )
    retention.register(
        retention.Kind(
            "home.question",
            _("Questions of the public search without an answer"),
            _("the month in which they were asked"),
            due=questions_before,
            act=retention.delete_rows,
        )
    )
    _of_editing()
    _of_log()


def questions_before(moment: dt.datetime) -> QuerySet[Any]:
    return models.UnansweredQuestion.objects.filter(month__lt=moment.date().replace(day=1))


def _search_tables() -> list[type[Model]]:
    """The index of public pages, and on SQLite the table of its words."""
    return list(apps.get_app_config("wagtailsearch").get_models())


def _texts_of(model: type[Model]) -> list[str]:
    """The columns of our own pages: whatever an editor writes is published."""
    return [
        field.name
        for field in model._meta.local_concrete_fields
        if field.get_internal_type() in {"CharField", "TextField", "JSONField", "SlugField"}
    ]


def _by(model: type[Model], column: str) -> personal.Rows:
    return lambda subject: model._base_manager.filter(**{f"{column}__in": subject.ids})


def _of_editing() -> None:
    """What an editor has written or set up for themselves."""
    mine: list[tuple[type[Model], Any, str, tuple[Any, ...], dict[str, str]]] = [
        (cms.CommentReply, _("Replies to comments in the CMS"), "user", ("text", "created_at"), {}),
        (
            cms.Comment,
            _("Comments in the CMS"),
            "user",
            ("text", "created_at", "updated_at"),
            {"contentpath": "where on the page", "position": "where in the text"},
        ),
        (
            FormState,
            _("Pages not saved yet in the CMS"),
            "user",
            ("last_updated_at", "data"),
            {"object_id": "an id", "parent_object_id": "an id"},
        ),
        (cms.PageSubscription, _("Pages I follow in the CMS"), "user", (), {}),
        (
            EditingSession,
            _("Pages open in the CMS"),
            "user",
            ("last_seen_at",),
            {"object_id": "an id"},
        ),
        (
            cms.APIToken,
            _("Keys of the CMS"),
            "user",
            ("name", "created", "last_used_at"),
            {"key_hash": "a hash", "prefix": "the beginning of the key"},
        ),
        (
            cms.UploadedFile,
            _("Files sent and not used"),
            "uploaded_by_user",
            (),
            {"file": "a file on its way into the library"},
        ),
    ]
    for model, title, column, show, excepted in mine:
        files = ("file",) if model is cms.UploadedFile else ()
        path = Path(_by(model, column), show=show, files=files)
        personal.declare(model, title, worker=path, excepted=excepted)
    for model in (Document, Image):
        personal.declare(
            model,
            _("Files I gave to the public site"),
            worker=Path(
                _by(model, "uploaded_by_user"),
                show=("title", "created_at"),
                erase=Keep("published; who sent it is nobody's id from now on"),
            ),
            excepted={
                "file": "published on the site",
                "file_hash": "a hash of the file",
            }
            | ({"description": "published on the site"} if model is Image else {}),
        )
    personal.declare(
        UserProfile,
        _("Settings of the CMS"),
        worker=Path(
            _by(UserProfile, "user"),
            show=("preferred_language", "current_time_zone", "theme", "contrast", "density"),
            files=("avatar",),
        ),
        excepted={"avatar": "a picture", "dismissibles": "which hints were closed"},
    )


def _of_log() -> None:
    """Logs of the CMS keep a text of the thing, which of an account is somebody's name."""
    personal.declare(
        cms.ModelLogEntry,
        _("What I did in the CMS, and what was done with my account"),
        worker=Path(
            _log_of,
            show=("timestamp", "action", Column("label", _("about"), lambda row: row.label)),
            erase=_forget_label,
        ),
        excepted={"object_id": "an id", "data": "names of changed settings"},
    )
    personal.declare(
        cms.PageLogEntry,
        _("What I did with pages"),
        worker=Path(
            _by(cms.PageLogEntry, "user"),
            show=("timestamp", "action", "label"),
            erase=Keep("the history of a public page; its editor is nobody's id from now on"),
        ),
        excepted={"data": "what was changed on a public page"},
    )
    personal.declare(
        cms.Revision,
        _("Versions of pages I saved"),
        worker=Path(
            _by(cms.Revision, "user"),
            show=("created_at", "object_str"),
            erase=Keep("the history of a public page; its editor is nobody's id from now on"),
        ),
        excepted={"object_id": "an id", "content": "the words of a public page"},
    )
    for model, column in ((cms.WorkflowState, "requested_by"), (cms.TaskState, "finished_by")):
        personal.declare(
            model,
            _("Pages I sent or looked over"),
            worker=Path(
                _by(model, column),
                show=("status",),
                erase=_kept_without(model),
            ),
            excepted={"comment": "about a public page; emptied"}
            if model is cms.TaskState
            else {"object_id": "an id"},
        )
    personal.declare(
        cms.ReferenceIndex,
        _("What points at my account in the CMS"),
        worker=Path(_references),
        excepted=dict.fromkeys(
            ("object_id", "to_object_id", "model_path", "content_path"), "ids and names of columns"
        ),
    )


def _kept_without(model: type[Model]) -> Callable[[Subject, QuerySet[Any]], int]:
    if model is cms.TaskState:
        return personal.Blank(comment="")
    return Keep("the history of a public page")


def _log_of(subject: Subject) -> QuerySet[Any]:
    about = Q(content_type=ContentType.objects.get_for_model(User), object_id__in=_keys(subject))
    return cms.ModelLogEntry.objects.filter(about | Q(user_id__in=subject.ids))


def _forget_label(subject: Subject, rows: QuerySet[Any]) -> int:
    about = rows.filter(
        content_type=ContentType.objects.get_for_model(User), object_id__in=_keys(subject)
    )
    return about.update(label=" ".join(DELETED), data={})


def _references(subject: Subject) -> QuerySet[Any]:
    user, keys = ContentType.objects.get_for_model(User), _keys(subject)
    mine = Q(content_type=user, object_id__in=keys) | Q(to_content_type=user, to_object_id__in=keys)
    return cms.ReferenceIndex.objects.filter(mine)


def _keys(subject: Subject) -> list[str]:
    """Ids as tables without foreign keys write them: with and without strokes."""
    return [form for one in subject.ids for form in (one, one.replace("-", ""))]
