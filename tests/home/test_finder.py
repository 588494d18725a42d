"""Four questions, a short list with reasons, never a dead end. CAT-18, CAT-21."""

import itertools

import pytest
from django.core.cache import caches
from django.test import Client

from home.reports.finder import ANSWER, HARD, HOW, PLACE, WHO, FinderReport
from home.reports.finder_words import HOWS, WHOM
from portal.base.cookies import own_name
from tests.home.factories import SmallSite
from tests.network.factories import (
    ComponentFactory,
    LifeDomainFactory,
    MunicipalityFactory,
    OfferFactory,
    OrganisationFactory,
)


def ask(client: Client, query: str = "") -> FinderReport:
    caches["pages"].clear()  # a kept page has no context
    response = client.get(f"/leia/{query}")
    assert response.status_code == 200
    return response.context["finder"]


def found(report: FinderReport) -> list[str]:
    return [one.chosen.row.slug for one in report.found]


@pytest.mark.parametrize(
    ("query", "step"),
    [
        ("", WHO),
        ("?step=5", WHO),
        ("?who=self", WHO),
        ("?who=self&step=2", HARD),
        ("?who=self&step=3", HARD),
        ("?who=self&hard=unsure&step=3", PLACE),
        ("?who=self&hard=unsure&step=4", HOW),
        ("?who=self&hard=unsure&municipality=atlantis&step=5", PLACE),
        ("?who=self&hard=unsure&step=5", ANSWER),
        ("?who=self&hard=unsure&step=99", ANSWER),
        ("?who=self&hard=unsure&step=x", WHO),
        ("?who=nobody&step=2", WHO),
        ("?who=self&hard=rubbish&step=4", HARD),
    ],
)
def test_the_next_question_is_the_first_without_an_answer(
    site: SmallSite, client: Client, query: str, step: int
) -> None:
    assert ask(client, query).step == step


def test_nothing_ticked_is_said_beside_the_question_and_the_rest_is_kept(
    site: SmallSite, client: Client
) -> None:
    report = ask(client, "?who=close&step=3")
    assert report.error
    assert ("who", "close") in report.carry
    assert not ask(client, "?who=close&step=2").error


@pytest.mark.parametrize("query", ["who=x", "hard=x", "how=x", "how=" + "y" * 300])
def test_an_answer_that_is_not_known_is_named(site: SmallSite, client: Client, query: str) -> None:
    name = query.split("=")[0]
    rest = {"who": "self", "hard": "unsure"}
    asked = "&".join(f"{key}={value}" for key, value in rest.items() if key != name)
    assert len(ask(client, f"?{query}&{asked}&step=5").notes) == 1


def test_going_back_keeps_what_was_answered(site: SmallSite, client: Client) -> None:
    domain = LifeDomainFactory(slug="eluase")
    asked = f"?who=work&hard={domain.slug}&hard=crisis&municipality=&how=home"
    report = ask(client, f"{asked}&step=4")
    assert [option.value for option in report.options if option.is_on] == ["home"]

    before = ask(client, report.back_url)
    assert before.step == PLACE
    before = ask(client, before.back_url)
    assert [option.value for option in before.options if option.is_on] == ["crisis", "eluase"]
    before = ask(client, before.back_url)
    assert [option.value for option in before.options if option.is_on] == ["work"]
    again = ask(client, before.options[0].url)
    assert again.answers.hard == ["crisis", "eluase"]
    assert again.answers.how == ["home"]


def test_the_list_has_the_chosen_life_domains_and_says_why(site: SmallSite, client: Client) -> None:
    home, work = LifeDomainFactory(slug="eluase"), LifeDomainFactory(slug="hoivatus")
    flat = site.component(ComponentFactory(domain=home))
    job = site.component(ComponentFactory(domain=work))
    site.component()

    report = ask(client, "?who=self&hard=hoivatus&hard=eluase&step=5")

    assert set(found(report)) == {flat.slug, job.slug}
    for one in report.found:
        assert one.reasons
    assert len({one.reasons[0] for one in report.found}) == 2


@pytest.mark.parametrize(("who", "is_me"), [("self", True), ("close", False), ("work", False)])
def test_whoever_asks_for_another_is_not_told_that_somebody_comes_to_them(
    site: SmallSite, client: Client, who: str, is_me: bool
) -> None:
    body = client.get(f"/en/leia/?who={who}&hard=unsure&municipality=&step=4")

    assert ("comes to me" in body.content.decode()) is is_me


def test_no_chosen_life_domain_is_crowded_out_by_a_larger_one(
    site: SmallSite, client: Client
) -> None:
    small, large = LifeDomainFactory(slug="eluase"), LifeDomainFactory(slug="hoivatus")
    for _ in range(8):
        page = site.component(ComponentFactory(domain=large))
        OfferFactory(component=page.component)
    flat = site.component(ComponentFactory(domain=small))

    report = ask(client, "?who=self&hard=hoivatus&hard=eluase&step=5")

    assert flat.slug in found(report)
    assert len(report.found) == 5


def test_for_somebody_close_the_help_for_the_family_is_on_the_list(
    site: SmallSite, client: Client
) -> None:
    mind = LifeDomainFactory(slug="vaimne-tervis")
    person = site.component(ComponentFactory(domain=mind))
    family = site.component(ComponentFactory(audience="family"))

    close = ask(client, "?who=close&hard=vaimne-tervis&step=5")
    alone = ask(client, "?who=self&hard=vaimne-tervis&step=5")

    assert found(close) == [person.slug, family.slug]
    assert found(alone) == [person.slug]


def test_what_meets_more_wishes_near_home_comes_first_and_what_is_lacking_is_said(
    site: SmallSite, client: Client
) -> None:
    here = MunicipalityFactory(slug="siin", lat=57.8, lon=26.5)
    far = MunicipalityFactory(lat=59.4, lon=24.7)
    domain = LifeDomainFactory(slug="eluase")
    plain = site.component(ComponentFactory(domain=domain))
    fits = site.component(ComponentFactory(domain=domain, is_group=True))
    OfferFactory(
        component=fits.component,
        resource__organisation__municipality=here,
        at_home=True,
        remote=True,
        free_places=1,
    )
    OfferFactory(component=plain.component, resource__organisation__municipality=far, at_home=True)

    wishes = "".join(f"&how={how}" for how in HOWS)
    report = ask(client, f"?who=self&hard=eluase&municipality=siin{wishes}&step=5")

    first, second = report.found
    assert first.chosen.row.slug == fits.slug
    assert first.lacks == []
    assert len(first.reasons) == len(HOWS) + 2
    assert len(second.lacks) == len(HOWS)
    # Nobody near home: the nearest all the same, with its distance.
    assert second.chosen.offers[0].km > 100


def test_in_a_crisis_the_help_numbers_come_before_everything(
    site: SmallSite, client: Client
) -> None:
    crisis = site.component(ComponentFactory(domain=LifeDomainFactory(slug="personaalne-toetus")))

    report = ask(client, "?who=self&hard=crisis&step=5")
    text = client.get("/leia/?who=self&hard=crisis&step=5").content.decode()
    main = text.split("<main")[1]

    assert report.is_crisis
    assert found(report) == [crisis.slug]
    assert 'href="tel:116111"' in main
    assert main.index('href="tel:112"') < main.index(crisis.title)


def test_in_a_calm_answer_the_help_numbers_stand_too(site: SmallSite, client: Client) -> None:
    main = client.get("/leia/?who=self&hard=unsure&step=5").content.decode().split("<main")[1]
    assert 'href="tel:112"' in main


ANSWERS = [
    f"?who={who}&hard={hard}{place}{how}&step=5"
    for who, hard, place, how in itertools.product(
        WHOM,
        ("crisis", "unsure", "eluase"),
        ("", "&municipality=", "&municipality=siin"),
        ("", "&how=soon&how=group"),
    )
]


@pytest.mark.parametrize("with_page", [True, False])
def test_no_answer_is_a_dead_end(site: SmallSite, client: Client, with_page: bool) -> None:
    MunicipalityFactory(slug="siin")
    LifeDomainFactory(slug="eluase")
    base = site.component(ComponentFactory(kind="base", domain=None))
    if not with_page:
        site.help.unpublish()
    for query in ANSWERS:
        caches["pages"].clear()
        main = client.get(f"/leia/{query}").content.decode().split("<main")[1]
        assert 'href="tel:112"' in main, query
        assert 'href="tel:0001010"' in main, "whom to call"
        assert f"/teenused/{base.slug}/" in main, query
        assert "/teenused/?" in main, query


def test_the_own_municipality_is_who_to_call(site: SmallSite, client: Client) -> None:
    here = MunicipalityFactory(slug="siin")
    OrganisationFactory(kind="municipality", municipality=here, phone="000 7777")
    text = client.get("/leia/?who=self&hard=unsure&municipality=siin&step=5").content.decode()
    assert 'href="tel:0007777"' in text.split("<main")[1]


def test_no_answer_is_kept_and_a_remembered_municipality_is_only_a_suggestion(
    site: SmallSite, client: Client
) -> None:
    here = MunicipalityFactory(slug="siin")
    answer = client.get("/leia/?who=self&hard=unsure&municipality=siin&step=5")
    assert not answer.cookies

    client.cookies[own_name("vald")] = here.slug
    assert ask(client, "?who=self&hard=unsure&step=3").visit.municipality
    skipped = ask(client, "?who=self&hard=unsure&step=5")
    assert skipped.visit.municipality is None
    assert ask(client, skipped.address(PLACE)).visit.municipality


@pytest.mark.parametrize("number", [1, 12])
def test_the_answer_costs_the_same_statements_for_any_number_of_services(
    site: SmallSite, client: Client, django_assert_max_num_queries, number: int
) -> None:
    MunicipalityFactory(slug="siin")
    domain = LifeDomainFactory(slug="eluase")
    for _ in range(number):
        page = site.component(ComponentFactory(domain=domain))
        OfferFactory(component=page.component, price="30.00")
        site.component(ComponentFactory(kind="base", domain=None))
    address = "/leia/?who=self&hard=eluase&municipality=siin&how=home&step=5"
    client.get(address)
    caches["pages"].clear()
    with django_assert_max_num_queries(9):
        client.get(address)


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_question_asks_the_database_nothing_that_is_known_already(
    site: SmallSite, client: Client, django_assert_max_num_queries, step: int
) -> None:
    LifeDomainFactory(slug="eluase")
    address = f"/leia/?who=self&hard=eluase&municipality=&step={step}"
    client.get(address)
    caches["pages"].clear()
    with django_assert_max_num_queries(1):  # the content version
        client.get(address)
