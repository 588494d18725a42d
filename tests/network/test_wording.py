"""Names and numbers are found in what leaves a case; ordinary sentences pass. CASE-16."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from network.wording import (
    looks_like_names,
    names_in,
    numbers_in,
    refuse_numbers,
    refuse_people,
    refuse_traces,
)

PLACES = ["Rõuge vald", "Antsla vald", "Võru linn", "Võru maakond", "Setomaa vald", "MTÜ Anne Maja"]


@pytest.mark.parametrize(
    ("known", "text", "found"),
    [
        ("Mari Kask", "Maril ei ole bussi", ["Maril"]),
        ("Mari Kask", "Kasega räägiti, Kase pere aitas", ["Kasega", "Kase"]),
        ("Mari Kask", "seal on mari ja kaskedele", ["mari", "kaskedele"]),
        ("Mari Kask", "MARI KASK", ["MARI", "KASK"]),
        ("Mari Kask", "MariKask, mari_kask", ["Mari", "Kask", "mari", "kask"]),
        ("Mari Kask", "abi vajab M. K. ja M.K.", ["M. K.", "M.K."]),
        ("Mari Kask", "Isegi Marilgi on kaugel", ["Marilgi"]),
        ("Mari Kask", "abi vajab M a r i", ["M a r i"]),
        ("Mari Kask", "abi vajab M.a.r.i", ["M.a.r.i"]),
        ("Mari Kask", "Ma\u200bri, Ma\u00adri", ["Mari"]),
        ("Mari Kask", "M\u0430ri", ["Mari"]),
        ("Mari Kask", "\u041c\u0430\u0440\u0438", ["\u041c\u0430\u0440\u0438"]),
        ("Mari Kask", "Mari\u00a0Kask", ["Mari", "Kask"]),
        ("Maret Tamm", "Tamme, Tammele, tammega", ["Tamme", "Tammele", "tammega"]),
        ("Jüri Lepp", "Jüril, Juri, Lepa, Lepal", ["Jüril", "Juri", "Lepa", "Lepal"]),
        ("Mari-Liis Mägi", "Mari-Liisile, Mäele", ["Mari", "Liisile", "Mäele"]),
        ("Peeter Rebane", "Peetrit, Rebase", ["Peetrit", "Rebase"]),
        ("Priit Põld", "Priidu, Põllu", ["Priidu", "Põllu"]),
        ("Jaak Luik", "Jaagul, Luige", ["Jaagul", "Luige"]),
        ("Mihkel Koppel", "Mihkli, Koplit", ["Mihkli", "Koplit"]),
        ("Andrus Kallas", "Kalda Andrusega", ["Kalda", "Andrusega"]),
        ("Sergei Ivanov", "Ivanovile, Иванов", ["Ivanovile", "Иванов"]),
        ("Tõnu O'Brien", "O’Brieni juures", ["OBrieni"]),
        ("Ain Pikk", "Ain ei saa, Pikaga räägiti", ["Ain"]),
    ],
)
def test_a_name_is_found_however_it_is_declined_or_typed(known, text, found):
    assert [word for word in names_in(text, [known]) if word in found] == found


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ("Ain Pikk", "Ainult üks koht, pikk järjekord. Pikk tee."),
        ("Mari Kask", "Marjad ja kassid, margid. Kaasas ei käi keegi, kaks kohta."),
        ("Mall Proov", "Tahab proovida uut."),
        ("Ly Ott", "otse, ootab, lõpuks"),
        ("Kai Noor", "Noortele ei ole midagi, noored ootavad"),
        ("Tiina Saar", "Sõidab tiirutades saatjaga"),
    ],
)
def test_words_that_only_look_like_the_name_pass(known, text):
    assert names_in(text, [known]) == []


@pytest.mark.parametrize(
    "typed",
    [
        "60001019906",
        "600010 19906",
        "60001019905",
        "5123 4567",
        "+372 512 3456",
        "53 45 56 67",
        "786 5555",
        "000 3001",
        "7KQ-4RD",
        "7kq-4rd",
        "7KQ\u20114RD",
        "mari@naide.ee",
        "12.05.1987",
        "12. mai 1987",
        "1987-05-12",
        "sündinud 1987",
        "Kase tn 4",
        "Kreutzwaldi 34",
        "Kase 4-2",
        "Põllu tänav 12a",
        "٥١٢٣ ٤٥٦٧",
    ],
)
def test_a_number_by_which_somebody_is_found_is_found(typed):
    assert numbers_in(f"Palun {typed}, aitäh")
    assert numbers_in(typed)


@pytest.mark.parametrize(
    "text",
    [
        "Järjekord on 6 kuud, lähim koht 25 km kaugusel.",
        "Hind on 65,00 € tund, aastas kuni 2 280 €.",
        "Aastatel 2025-2026 on 1 234 567 eurot ja 20 000 elanikku.",
        "Võrus 2-3 korda nädalas, Antsla 3 inimest, kell 8.30-9.15.",
        "Teisipäeviti 16-18.",
        "Ise-abi, kas-kas, COVID-19, EE-141, B1 ja K4.",
        "Voor 2019–2021",
    ],
)
def test_ordinary_numbers_pass(text):
    assert numbers_in(text) == []


def test_a_known_number_is_found_however_it_is_spaced():
    assert numbers_in("7 KQ 4rd, 55 50 12 34", ["7KQ-4RD", "5550 1234"]) == [
        "55 50 12 34",
        "7 KQ 4rd",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Seal elab Kalmer Tamm", ["Kalmer Tamm"]),
        ("Mari Tamm ei saa kohale", ["Mari Tamm"]),
        ("poeg Kevin jääb koju", ["Kevin"]),
        ("Jaanil ei ole kedagi", ["Jaanil"]),
        ("Õnne Kask ootab, ütles Õnne", ["Õnne"]),
        ("Brajan Pähkelson ootab", ["Brajan Pähkelson"]),
        ("Majas käib Anne", ["Anne"]),
    ],
)
def test_what_looks_like_a_name_is_found(text, found):
    assert [word for word in found if word in looks_like_names(text, PLACES)] == found


@pytest.mark.parametrize(
    "text",
    [
        "Kogemusnõustamine Võrus on puudu.",
        "Rõuge vallas pole bussi Varstust Võrru.",
        "Psühholoog Antslas, Rehabilitatsioon Varstus.",
        "Lähim on Lõuna-Eesti Haigla Psühhiaatriakliinik.",
        "Setomaa Sotsiaalkeskus ja Töötukassa töötavad koos.",
        "MTÜ Anne Maja teeb head tööd.",
        "Õnne ei ole. Anna teada. Enne ei saanud.",
        "Noortekeskus Antsla vallas töötab.",
        "SKA ja TTA ei vasta.",
        "Leida kaks pottseppa. Hilja õhtul. Ülles. Kaal on väike. Ime, et otsus tuli. Ime!",
        "",
    ],
)
def test_places_bodies_and_beginnings_of_sentences_are_no_names(text):
    assert looks_like_names(text, PLACES) == []


def test_a_refusal_names_every_word_and_what_to_do():
    with pytest.raises(ValidationError) as refused:
        refuse_traces(
            "Mari ootab, tel 5123 4567, naaber Ülo aitab",
            names=["Mari Kask"],
            numbers=[],
            allowed=PLACES,
        )
    for word in ("Mari", "5123 4567", "Ülo"):
        assert word in refused.value.messages[0]
    refuse_traces("Buss ei sõida", names=["Mari Kask"], numbers=["7KQ-4RD"], allowed=PLACES)


def test_minutes_may_hold_days_and_addresses_but_no_code_phone_or_case():
    refuse_numbers("Järgmine kord 12.12.2026 kell 10, Kreutzwaldi 34, otsus 2026-14.")
    for typed in ("60001019906", "5123 4567", "7KQ-4RD", "mari@naide.ee"):
        with pytest.raises(ValidationError):
            refuse_numbers(f"Arutasime: {typed}.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Alates 01.09.2026 on järjekord", []),
        ("Alates 1. septembrist 2026", []),
        ("Alates 2027-03-01", []),
        ("on elanud 12.05.1985 saadik", ["12.05.1985"]),
        ("on elanud 12.05.85 saadik", ["12.05.85"]),
        ("kuni 31.10.2024", ["31.10.2024"]),
        ("sündinud 01.09.2026", ["sündinud 01.09.2026"]),
    ],
)
def test_a_day_of_late_is_nobodys_birthday(text, found):
    assert numbers_in(text, days_since=dt.date(2024, 11, 1))[:1] == found


@pytest.mark.parametrize("text", ["Kohtuasi 1", "Kohtuasi 3-25-1234/7", "Järelevalve nr 17"])
def test_a_reason_may_say_the_number_of_a_court_case(text):
    refuse_people(text, allowed=PLACES)


@pytest.mark.parametrize(
    "text", ["Kalmer Tamm palus", "tel 5123 4567", "kood 60001019906", "kirjutas mari@naide.ee"]
)
def test_a_reason_names_nobody(text):
    with pytest.raises(ValidationError):
        refuse_people(text, allowed=PLACES)
