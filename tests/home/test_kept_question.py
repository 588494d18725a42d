"""What a visitor asked stays when they switch the language; nothing else goes along."""

import html

import pytest
from django.test import Client

from tests.home.factories import SmallSite


def language_links(client: Client, address: str) -> list[str]:
    """The addresses of this page in the other languages."""
    body = client.get(address, follow=True).content.decode()
    menu = body.partition('<nav class="langs"')[2].partition("</nav>")[0]
    return [html.unescape(part.partition('"')[0]) for part in menu.split('href="')[1:]]


@pytest.mark.parametrize(
    ("path", "question"),
    [
        ("/minu-nimekiri/", "k=abi,tugi"),
        ("/arvuta/", "component=abi&individual=6&begin=04.2026&spent=100"),
        ("/otsing/", "q=kodu+koristamine&kind=component"),
        ("/leia/", "who=close&hard=crisis&municipality=&step=4"),
        ("/teenused/", "domain=eluase&domain=hoivatus&sort=price"),
        ("/vordle/", "component=abi&component=tugi"),
        ("/kaart/", "q=abi&in=siin&free=1"),
        ("/asutused/", "q=abi"),
        ("/vajadus-ja-pakkumine/", "component=abi"),
    ],
)
def test_the_other_language_is_asked_the_same(
    site: SmallSite, client: Client, path: str, question: str
) -> None:
    assert language_links(client, f"{path}?{question}") == [
        f"/en{path}?{question}",
        f"/ru{path}?{question}",
    ]
    assert language_links(client, f"/en{path}?{question}") == [
        f"{path}?{question}",
        f"/ru{path}?{question}",
    ]


@pytest.mark.parametrize(
    "question", ["lihtne=1", "remember=1", "next=//evil.example", "utm_source=x", "k=1"]
)
def test_what_the_page_does_not_read_stays_behind(
    site: SmallSite, client: Client, question: str
) -> None:
    assert language_links(client, f"/otsing/?{question}") == ["/en/otsing/", "/ru/otsing/"]


def test_a_question_of_odd_signs_stays_within_its_link(site: SmallSite, client: Client) -> None:
    body = client.get('/otsing/?q="><b>').content.decode()

    assert "/ru/otsing/?q=%22%3E%3Cb%3E" in body


def test_an_endless_question_is_left_behind(site: SmallSite, client: Client) -> None:
    endless = "domain=eluase&" * 600

    assert language_links(client, f"/teenused/?{endless}") == ["/en/teenused/", "/ru/teenused/"]
