"""A text without its translation is found; the files keep themselves in step without xgettext."""

import gettext
import shutil
from pathlib import Path

import polib
import pytest
import wagtail
from django.conf import settings
from django.utils import translation

from portal.management import catalogues
from portal.management.messages import (
    BORROWED,
    BadMessage,
    collect,
    from_borrowed,
    from_python,
    from_template,
)
from tests.fences.tree import copy_tree, plant, run

PYTHON = """
from django.db.models import TextChoices
from django.utils.translation import gettext as _, ngettext, pgettext_lazy

TITLE = _("One " "two")
MENU = pgettext_lazy("menu", "Search")


class Colour(TextChoices):
    RED = "red", _("red")


def count(n):
    return ngettext("%(n)d place", "%(n)d places", n) % {"n": n}
"""
TEMPLATE = """{% load i18n %}
{# a comment (with a bracket #}
<p>{% translate "Price (with VAT)" %} {% translate "Search" context "menu" %}</p>
{% blocktranslate trimmed count n=n %}
  {{ n }} place, 100%
{% plural %}
  {{ n }} places, 100%
{% endblocktranslate %}
<a title="{{ title|default:_('Nothing') }}">{{ _("Plain") }}</a>
"""


def keys(messages):
    return {(message.context, message.msgid, message.plural) for message in messages}


def test_the_translations_of_the_house_are_complete():
    messages = collect(settings.BASE_DIR)
    for language in catalogues.PLURALS:
        assert catalogues.problems(settings.BASE_DIR, language, messages) == []


def test_texts_of_python_are_found_with_context_and_plural():
    assert keys(from_python(PYTHON, "home/views/x.py")) == {
        (None, "One two", None),
        ("menu", "Search", None),
        (None, "red", None),
        (None, "%(n)d place", "%(n)d places"),
    }


def test_texts_of_a_template_are_found_with_context_and_plural():
    assert keys(from_template(TEMPLATE, "templates/home/x.html")) == {
        (None, "Price (with VAT)", None),
        ("menu", "Search", None),
        (None, "%(n)s place, 100%%", "%(n)s places, 100%%"),
        (None, "Nothing", None),
        (None, "Plain", None),
    }


def test_a_text_put_together_at_run_time_cannot_be_translated():
    source = 'from django.utils.translation import gettext as _\n\nA = _(f"Hello {name}")\n'
    with pytest.raises(BadMessage):
        from_python(source, "home/views/x.py")


def test_choices_and_sentences_are_for_everybody_and_labels_of_fields_for_staff():
    by_text = {m.msgid: m.is_public for m in from_python(PYTHON, "catalogue/models/x.py")}
    assert by_text == {"One two": False, "Search": False, "red": True, "%(n)d place": True}


@pytest.fixture
def house(tmp_path):
    """A house with one public and one staff text, both files in step and translated."""
    for package in ("portal", "catalogue", "network", "home", "templates/home"):
        (tmp_path / package).mkdir(parents=True)
    plant(tmp_path, "templates/home/front.html", TEMPLATE)
    plant(tmp_path, "catalogue/models.py", PYTHON)
    for language in catalogues.PLURALS:
        catalogues.update(tmp_path, language, collect(tmp_path), [])
        change(tmp_path, language, translate)
    return tmp_path


def change(root, language, edit):
    path = catalogues.po_path(root, language)
    file = polib.pofile(str(path))
    for entry in file:
        edit(entry)
    file.save(str(path))


def translate(entry):
    if entry.msgid_plural:
        entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, entry.msgid_plural)
    else:
        entry.msgstr = f"T {entry.msgid}"


def problems(root):
    messages = collect(root)
    return [p for lang in catalogues.PLURALS for p in catalogues.problems(root, lang, messages)]


def test_a_translated_house_has_no_problem(house):
    assert problems(house) == []


def test_a_new_text_without_estonian_is_found(house):
    plant(house, "catalogue/models.py", 'LABEL = _("Label for staff")')
    assert problems(house) == ["et: missing “Label for staff” (catalogue/models.py)"]


def test_a_new_public_text_is_found_in_both_languages(house):
    plant(house, "templates/home/front.html", '{% translate "For all" %}')
    assert [line.split(":")[0] for line in problems(house)] == ["et", "ru"]


def test_an_empty_translation_is_found(house):
    def empty(entry):
        if entry.msgid == "Nothing":
            entry.msgstr = ""

    change(house, "et", empty)
    assert problems(house) == ["et: not translated “Nothing” (templates/home/front.html)"]


def test_a_fuzzy_translation_does_not_count(house):
    def doubt(entry):
        if entry.msgid == "Nothing":
            entry.flags.append("fuzzy")

    change(house, "et", doubt)
    assert problems(house) == ["et: not translated “Nothing” (templates/home/front.html)"]


def test_a_missing_plural_form_is_found(house):
    def forget(entry):
        if entry.msgid_plural:
            entry.msgstr_plural[1] = ""

    change(house, "ru", forget)
    assert len(problems(house)) == 2


def test_a_placeholder_lost_in_translation_is_found(house):
    def lose(entry):
        if entry.msgid_plural:
            entry.msgstr_plural[1] = "kohti"

    change(house, "et", lose)
    assert all("placeholders differ" in line for line in problems(house))
    assert len(problems(house)) == 2


def test_the_form_for_exactly_one_may_do_without_the_number(house):
    def say_one(entry):
        if entry.msgid_plural:
            entry.msgstr_plural[0] = "üks koht"

    change(house, "et", say_one)
    assert problems(house) == []
    # In Russian the first form is for 21 as well.
    change(house, "ru", say_one)
    assert [line.split(":")[0] for line in problems(house)] == ["ru", "ru"]


def test_a_translation_that_nobody_uses_is_found_and_goes_at_the_next_update(house):
    (house / "catalogue" / "models.py").write_text("")
    assert "et: nobody uses “One two” any more" in problems(house)
    for language in catalogues.PLURALS:
        catalogues.update(house, language, collect(house), [])
    assert problems(house) == []


def test_an_update_keeps_what_is_translated_and_takes_from_other_files(house, tmp_path_factory):
    plant(house, "templates/home/front.html", '{% translate "For all" %}')
    more = tmp_path_factory.mktemp("more") / "more.po"
    more.write_text('msgid "For all"\nmsgstr "Kõigile"\n')
    assert catalogues.update(house, "et", collect(house), [more]) == 0
    file = polib.pofile(str(catalogues.po_path(house, "et")))
    assert file.find("For all").msgstr == "Kõigile"
    assert file.find("Nothing").msgstr == "T Nothing"


def test_compiled_files_hold_the_translations_and_are_made_only_when_older(house):
    assert catalogues.compile_all(house) == 2
    assert catalogues.compile_all(house) == 0
    with catalogues.po_path(house, "et").with_suffix(".mo").open("rb") as handle:
        compiled = gettext.GNUTranslations(handle)
    assert compiled.gettext("Nothing") == "T Nothing"
    assert compiled.pgettext("menu", "Search") == "T Search"


def test_the_check_that_make_runs_fails_on_a_missing_estonian_text(tmp_path):
    root = copy_tree(tmp_path)
    # The static files and the starter data are not copied, but the command does not ask for them.
    plant(root, "templates/home/planted.html", '{% load i18n %}{% translate "Nobody knows this" %}')
    result = run(root, "manage.py", "check_translations")
    shutil.rmtree(root)
    assert result.returncode == 1
    assert "et: missing “Nobody knows this”" in result.stderr


def test_a_borrowed_text_still_stands_in_the_library_it_came_from():
    libraries = Path(wagtail.__file__).parents[1]
    gone = []
    texts: dict[str, set[tuple[str, str]]] = {}
    for entry in polib.pofile(str(settings.BASE_DIR / BORROWED)):
        name = entry.occurrences[0][0]
        if name not in texts:
            file = polib.pofile(str(libraries / name / "locale/en/LC_MESSAGES/django.po"))
            texts[name] = {(row.msgid, row.msgid_plural) for row in file}
        if (entry.msgid, entry.msgid_plural) not in texts[name]:
            gone.append(f"{name}: {entry.msgid}")
    assert texts
    assert gone == []


def test_our_estonian_wins_over_that_of_a_library_and_its_russian_stays():
    with translation.override("et"):
        assert translation.gettext("Blockquote") == "Tsitaat"
        assert translation.ngettext("1 page", "%(counter)s pages", 3) == "%(counter)s lehte"
    assert not any(message.is_public for message in from_borrowed(settings.BASE_DIR / BORROWED))
