"""Pieces that say or hide something by what they are given."""

from django.template.loader import render_to_string
from django.utils import translation


def piece(name, **given):
    with translation.override("en"):
        return render_to_string(f"ui/{name}.html", given)


def test_the_place_near_which_is_looked_can_be_taken_off_like_every_choice():
    chips = piece("chips", chosen=[], place="Antsla vald", km=40, place_off="?municipality=")
    assert 'href="?municipality="' in chips
    assert "Antsla vald and 40 km around" in chips
    assert "Clear all" not in chips, "it would not take the place off"


def test_without_a_choice_and_a_place_there_are_no_chips():
    assert "chip" not in piece("chips", chosen=[], place=None)


def test_the_button_under_the_thumb_says_whose_number_it_is():
    bar = piece("callbar", number="000 1010", label="Call", who="Antsla Vallavalitsus")
    assert 'href="tel:0001010"' in bar
    assert "<small>Antsla Vallavalitsus</small>" in bar
    assert "<small>" not in piece("callbar", number="000 1010", label="Call")


def offer(**facts):
    row = {
        "organisation": "Kolme Käbi",
        "organisation_slug": "kolme-kabi",
        "municipality": "Antsla vald",
        "comes_to_chosen": True,
        "languages": ["et"],
        "prices": [],
    }
    return piece("offer_row", offer=row | facts, by="organisation", near="Antsla vald")


def test_an_offer_from_the_chosen_place_does_not_say_that_it_comes_there_too():
    assert "comes to" not in offer()
    assert "also comes to: Antsla vald" in offer(municipality="Valga vald")


def test_an_offer_in_russian_says_so():
    assert "in Russian too" not in offer()
    assert "in Russian too" in offer(languages=["et", "ru"])


def test_a_choice_that_would_give_nothing_is_quiet_unless_it_is_on():
    def panel(is_on):
        choice = {"value": "base", "label": "base support", "count": 0, "is_on": is_on}
        return piece("filter_panel", facets=[{"name": "kind", "choices": [choice]}])

    assert "check none" in panel(is_on=False)
    assert "check none" not in panel(is_on=True)
