"""What would open a template to foreign markup, or break the content policy, is found."""

import pytest

from tests.fences.tree import copy_tree, run

FAULTS = {
    "a safe filter": ("<p>{{ text|safe }}</p>", "T901"),
    "a safe filter among others": ("<p>{{ text|linebreaks|safe }}</p>", "T901"),
    "escaping turned off": ("{% autoescape off %}{{ text }}{% endautoescape %}", "T902"),
    "a script inside the page": ("<script>alert(1)</script>", "T903"),
    "a handler inside a tag": ('<button type="button" onclick="go()">x</button>', "T903"),
    "a style inside the page": ("<style>p { color: red }</style>", "T904"),
    "a style attribute": ('<p style="color: red">x</p>', "T904"),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return copy_tree(tmp_path_factory.mktemp("tree"))


def djlint(tree):
    return run(tree, "-m", "djlint", "templates", "--lint", "--quiet")


def test_the_templates_of_the_house_are_clean(tree):
    result = djlint(tree)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("source", "code"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_in_a_template_is_found(tree, source, code):
    file = tree / "templates" / "planted.html"
    file.write_text(source + "\n")
    result = djlint(tree)
    file.unlink()
    assert result.returncode == 1
    assert code in result.stdout
