"""Every address of the running portal is guarded, named and stands in the reviewed table."""

import json
import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import override_settings

from portal.access.authorization import as_yaml, mismatches, read, table_of
from portal.access.doors import DOORS
from portal.access.routes import Route, routes
from tests.factories import UserFactory

TABLE = settings.BASE_DIR / "docs" / "authorization.yaml"
EXAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "0" * 32}
# Served by the CMS to anybody: an icon sheet and its translated texts.
OPEN = {"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}
# The CMS's own ways to sign in, which nobody reaches.
# Written as a regular expression: no address can be made from it here.
PATTERN = re.compile(r"[\^$]")
# Fails on purpose, to try out what is told of failures.
NOT_THERE = {"wagtailadmin_error_test"}
CLOSED = re.compile(r"cms/(login|password_reset)/")


def view(request):
    return HttpResponse("")


def test_the_reviewed_table_agrees_with_the_running_code():
    assert mismatches(routes(), read(TABLE)) == []


def test_the_check_that_make_runs_passes():
    call_command("check_routes", stdout=StringIO())


@override_settings(ROOT_URLCONF="tests.access.urls")
def test_the_check_that_make_runs_fails_on_an_unguarded_view():
    complaint = StringIO()
    with pytest.raises(CommandError):
        call_command("check_routes", stderr=complaint)
    assert "/unustatud/: nobody guards this route" in complaint.getvalue()
    assert "/valjas/: nobody guards this route" in complaint.getvalue()


def test_an_unguarded_route_is_a_mismatch():
    reviewed = {"routes": {"thing": "public"}}
    found = mismatches([Route("asi/", "thing", view, None)], reviewed)
    assert "/asi/: nobody guards this route" in found


def test_a_route_without_a_name_is_a_mismatch():
    assert any("has no name" in line for line in mismatches([Route("asi/", "", view, None)], {}))


def test_a_route_that_nobody_reviewed_is_a_mismatch():
    one = [route for route in routes() if route.name == "desk"]
    assert mismatches(one, {}) == ["desk: not in the reviewed table"]


def test_a_reviewed_guard_that_the_code_does_not_keep_is_a_mismatch():
    one = [route for route in routes() if route.name == "desk"]
    found = mismatches(one, {"routes": {"desk": "policy:CasePolicy.view"}})
    assert found == ["desk: the table says “policy:CasePolicy.view”, the code does “signed in”"]


def test_a_view_of_somebody_else_outside_of_its_door_is_a_mismatch():
    door = next(door for door in DOORS if door.name == "cms")
    inside, outside = Route("cms/uus/", "x", view, door), Route("uus/", "x", view, door)
    assert "/uus/: stands outside its door “cms”" in mismatches([inside, outside], {})
    assert not [line for line in mismatches([inside], {}) if "outside its door" in line]


def test_a_reviewed_route_that_is_gone_is_a_mismatch():
    assert mismatches([], {"routes": {"desk": "signed in"}}) == [
        "desk: in the table, but there is no such route"
    ]


def test_two_routes_of_one_name_cannot_hide_behind_each_other():
    desk = next(route for route in routes() if route.name == "desk")
    front = next(route for route in routes() if route.name == "front")
    twin = Route("teine/", "desk", front.view, None)
    assert any("different guards" in line for line in mismatches([desk, twin], {}))


def test_the_printed_table_reads_back_as_the_same(tmp_path):
    table = table_of(routes())
    (tmp_path / "table.yaml").write_text(as_yaml(table))
    assert read(tmp_path / "table.yaml") == table


def test_list_routes_prints_every_route_with_its_guard_as_json():
    out = StringIO()
    call_command("list_routes", "--json", stdout=out)
    rows = {row["path"]: row for row in json.loads(out.getvalue())}
    assert rows["/intranet/"] == {"path": "/intranet/", "name": "desk", "guard": "signed in"}
    assert rows["/cms/"]["guard"] == "door:cms"
    assert all(row["guard"] for row in rows.values())


def cms_paths():
    """A concrete address for every route behind the door of the CMS, with its name."""
    for route in routes():
        if route.door and route.door.name == "cms" and not PATTERN.search(route.path):
            path = re.sub(r"<(\w+):\w+>", lambda match: EXAMPLES[match[1]], route.path)
            yield route.name.split(":")[-1], path


@pytest.mark.django_db
def test_nobody_signed_out_gets_past_the_door_of_the_cms(client):
    tried = 0
    for name, path in cms_paths():
        answer = client.get(f"/{path}")
        if name in OPEN:
            assert answer.status_code == 200
        elif name in NOT_THERE:
            assert answer.status_code == 404
        elif CLOSED.match(path):
            assert answer["Location"].startswith("/konto/"), path
        else:
            assert answer["Location"].startswith("/konto/sisse/?next=/cms/"), path
        tried += 1
    assert tried > 100


@pytest.mark.django_db
def test_somebody_without_the_right_is_refused_at_the_door_of_the_cms(client):
    client.force_login(UserFactory())
    for name, path in cms_paths():
        if name not in OPEN | NOT_THERE and not CLOSED.match(path):
            assert client.get(f"/{path}").status_code == 403, path
