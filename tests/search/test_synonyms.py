"""What editors teach the search holds at once, in one direction or both, for phrases too."""

import pytest

from home.models import ContentPage, Synonym
from network.models import Organisation
from portal.search.find import find
from tests.search.library import Library

MODELS = [ContentPage, Organisation]


def found(text: str, library: Library) -> list[str]:
    return [library.names[hit.model, hit.pk] for hit in find(text, models=MODELS)]


def test_a_synonym_holds_from_the_moment_it_is_saved_and_no_longer_than_it_stands(
    library: Library,
) -> None:
    assert "voimekus" not in found("ajugümnastika", library)
    synonym = Synonym.objects.create(said="ajugümnastika", meant="mälu")
    assert found("ajugümnastikale", library)[0] == "voimekus"
    synonym.meant = "huviring"
    synonym.save()
    assert "voimekus" not in found("ajugümnastika", library)
    assert found("ajugümnastika", library)[0] == "vabaaeg"
    synonym.delete()
    assert "vabaaeg" not in found("ajugümnastika", library)


def test_one_way_leads_one_way_and_both_ways_lead_back(library: Library) -> None:
    page = ContentPage.objects.get(slug="vabaaeg")
    page.body = "<p>Kolmapäeviti on kudrutamine.</p>"
    page.save()
    synonym = Synonym.objects.create(said="kudrutamine", meant="peenmotoorika")
    assert "voimekus" in found("kudrutamine", library)
    assert "vabaaeg" not in found("peenmotoorika", library)
    synonym.both_ways = True
    synonym.save()
    assert "vabaaeg" in found("peenmotoorika", library)


def test_a_phrase_counts_only_whole_in_any_form_and_order(library: Library) -> None:
    Synonym.objects.create(said="hooldaja puhkus", meant="ajutine hoid")
    Synonym.objects.create(said="roheline puhkus, vaikne nädal", meant="eksam")
    assert "oppimine" in found("vaiksed nädalad", library)
    assert "oppimine" in found("nädal oli vaikne", library)
    assert "oppimine" not in found("nädal", library)


def test_small_words_belong_to_a_phrase(library: Library) -> None:
    Synonym.objects.create(said="kodust välja", meant="bussiga sõitmine")
    assert "valjas" in found("kuidas kodust välja saada", library)[:3]
    assert "valjas" not in found("kodust", library)


def test_a_mistyped_synonym_is_understood(library: Library) -> None:
    Synonym.objects.create(said="ajugümnastika", meant="mälu")
    assert "voimekus" in found("ajugümnastka", library)


@pytest.mark.parametrize("said", ["'", '"*"', "ei", ",,,;", "kes see on", "(NOT)", "a" * 1000])
@pytest.mark.parametrize("meant", ["", "'", "ja", '" OR "x', "🙂"])
def test_no_line_of_an_editor_breaks_the_search(library: Library, said: str, meant: str) -> None:
    Synonym.objects.create(said=said, meant=meant, both_ways=True)
    find(f"{said[:100]} psühholoog", models=MODELS)
    assert "psuhholoog" in found("psühholoog", library)
