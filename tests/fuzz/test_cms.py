"""The CMS is somebody else's; what its editors may send it does not break it either.

Its own pages may say things in English and keep a row of settings for whoever opens them.
"""

import re

import pytest
from django.urls import reverse
from wagtail.models import Page as CmsPage

from portal.access.routes import routes
from tests.fuzz.fill import good
from tests.fuzz.judge import told, wrong
from tests.fuzz.values import ODD, encoded

VALUES = list(ODD.values())
NAMES = (
    "q",
    "p",
    "ordering",
    "order",
    "page_type",
    "locale",
    "next",
    "results_only",
    "tags",
    "owner",
    "live",
    "user",
    "status",
    "id",
    "type",
    "collection_id",
    "format",
    "export",
    "fields",
    "limit",
    "offset",
    "search",
    "child_of",
    "for_explorer",
    "html_path",
    "content_type",
    "action",
    "timestamp_from",
    "label",
    "object_type",
    "multiple",
    "preview",
    "mode",
)
# Its words are somebody else's.
ITS_OWN = ("not in Estonian", "shows its inside", "a script")
# Who has a page open for editing, and what the CMS keeps for whoever opens their own settings.
ITS_TABLES = {
    "wagtailadmin_editingsession",
    "wagtailcore_pagesubscription",
    "wagtailusers_userprofile",
}
# Hidden fields that say where one is; the others hold what the CMS's own scripts have written.
PLACES = re.compile(r"^(next|loaded_revision_\w+)$|-(count|id|order|type|deleted|\w+_FORMS)$")
SHARE = 40


def is_ours(sentence):
    return not sentence.startswith(ITS_OWN)


def is_for_us(field):
    return field.kind in {"text", "url"} or (field.kind == "hidden" and PLACES.search(field.name))


def addresses():
    """Every page of the CMS that takes no id, and those of each page of the site."""
    found = [
        f"/{route.path}"
        for route in routes()
        if route.door
        and route.door.name == "cms"
        and route.name
        and not set("<(^") & set(route.path)
    ]
    for page in CmsPage.objects.filter(depth__gt=1):
        found += [
            reverse(f"wagtailadmin_{name}", args=[page.pk])
            for name in ("explore", "pages:edit", "pages:history", "pages:usage")
        ]
    return found


def test_no_parameter_breaks_it(town):
    found = []
    for number, path in enumerate(addresses()):
        sent = [VALUES[(number + place) % len(VALUES)] for place in range(len(NAMES))]
        query = "&".join(f"{name}={encoded(one)}" for name, one in zip(NAMES, sent, strict=True))
        answer = town.get("administrator", path, query)
        answer.writes -= ITS_TABLES
        sentences = wrong(answer, [*sent, " ".join(sent)], is_read=True)
        found += [f"{path}: {one}" for one in sentences if is_ours(one)]
    assert not found, told(found)


@pytest.mark.parametrize("bad", ["", "x", "1e9", "-1", "9" * 40, "²", "\0"])
def test_an_id_that_is_none_is_a_bad_request(town, bad):
    for path in ("/cms/choose-page/chosen-multiple/", "/cms/images/chooser/chosen-multiple/"):
        answer = town.get("administrator", path, f"id={encoded(bad)}")
        assert answer.status in (200, 400), (path, answer.error)


def test_the_page_that_fails_on_purpose_is_not_there(town):
    assert town.get("administrator", "/cms/failwhale/").status == 404


def forms_of(town):
    """The form of each kind of page as it is edited."""
    kinds = set()
    for page in CmsPage.objects.filter(depth__gt=1):
        if page.specific_class in kinds:
            continue
        kinds.add(page.specific_class)
        path = reverse("wagtailadmin_pages:edit", args=[page.pk])
        shown = town.page("editor", path)
        yield from (form for form in shown.forms_sent("post") if "slug" in form.fields)


@pytest.mark.parametrize("turn", range(0, len(VALUES), SHARE))
def test_no_field_of_a_page_breaks_it(town, turn):
    found = []
    for number, form in enumerate(forms_of(town)):
        as_it_is = {one.name: values for one in form.fields.values() if (values := good(one))}
        names = [one.name for one in form.fields.values() if is_for_us(one)]
        odd = {name: [VALUES[(turn + number + at) % len(VALUES)]] for at, name in enumerate(names)}
        one = {names[(turn + number) % len(names)]: [VALUES[turn]]}
        for changes in (odd, one):
            answer = town.send("editor", form.path, as_it_is | changes)[0]
            sent = [text for texts in changes.values() for text in texts]
            found += [
                f"{form.path} {list(changes)[:3]} {sent[:3]}: {one}"
                for one in wrong(answer, sent)
                if is_ours(one)
            ]
    assert not found, told(found)
