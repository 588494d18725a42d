"""Banned calls make `ruff` fail, and each is told the right door."""

import pytest

from tests.fences.tree import copy_tree, plant, run

BANNED = {
    "mark_safe": (
        "from django.utils.safestring import mark_safe\n\nTEXT = mark_safe('<b>')",
        "Text is text",
    ),
    "SafeString": (
        "from django.utils.safestring import SafeString\n\nTEXT = SafeString('<b>')",
        "Text is text",
    ),
    "naive now": (
        "import datetime as dt\n\nNOW = dt.datetime.now()",
        "django.utils.timezone.now()",
    ),
    "naive today": ("import datetime as dt\n\nDAY = dt.date.today()", "asked once, at the door"),
    "the default user": (
        "from django.contrib.auth.models import User\n\nPEOPLE = User",
        "portal.accounts.models.User",
    ),
    "guardian": (
        "from guardian.shortcuts import get_objects_for_user\n\nFIND = get_objects_for_user",
        "portal/access/grants.py",
    ),
    "mail": ("from django.core.mail import send_mail\n\nSEND = send_mail", "outbox"),
    "mail messages": ("from django.core.mail import EmailMessage\n\nMAIL = EmailMessage", "outbox"),
    "signals": (
        "from django.db.models.signals import post_save\n\nSIGNAL = post_save",
        "call a service",
    ),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return copy_tree(tmp_path_factory.mktemp("tree"))


def ruff(tree):
    return run(tree, "-m", "ruff", "check", "--no-cache", ".")


def test_the_code_of_the_house_is_clean(tree):
    result = ruff(tree)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("source", "sentence"), BANNED.values(), ids=BANNED.keys())
def test_a_banned_call_is_found_and_told_the_right_door(tree, source, sentence):
    file = tree / "network" / "planted.py"
    file.write_text(source + "\n")
    result = ruff(tree)
    file.unlink()
    assert result.returncode == 1
    assert "TID251" in result.stdout
    assert sentence in result.stdout


def test_only_the_module_of_grants_may_import_guardian(tree):
    file = tree / "portal" / "access" / "guards.py"
    clean = file.read_text()
    plant(tree, "portal/access/guards.py", "from guardian.models import UserObjectPermission")
    result = ruff(tree)
    # The copy is shared: the next test, whichever it is, finds it clean.
    file.write_text(clean)
    assert "portal/access/grants.py only" in result.stdout
