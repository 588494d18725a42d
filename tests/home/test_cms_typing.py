"""What editors type in the CMS: days as everywhere else, numbers that can be dialled."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from home.cms_days import TypedMoment
from home.models import HelpPage, NewsPage
from network.models import Organisation
from portal.access.cms_groups import ensure_cms_groups
from tests.factories import UserFactory
from tests.home.factories import SmallSite
from tests.network.factories import OrganisationFactory

PHONE = "telefoninumber numbritega"


@pytest.fixture
def publisher(db: None) -> Client:
    user = UserFactory()
    user.groups.add(ensure_cms_groups()["publishers"])
    browser = Client()
    browser.force_login(user)
    return browser


def save(browser: Client, page: Page, **fields: Any) -> Any:
    """The answer to publishing `page` with `fields`; 302 is done, 200 the form with errors."""
    sent = {"title": page.title, "slug": page.slug, "intro": "Lühidalt.", **fields}
    sent |= {"comments": inline_formset([]), "action-publish": "1"}
    return browser.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), nested_form_data(sent))


@pytest.mark.parametrize(
    "typed", ["1.3.2027", "01.03.2027", "01.03.27", "1. 3. 2027", "2027-03-01", "1. märts 2027"]
)
def test_the_day_of_news_is_the_day_that_was_typed(
    site: SmallSite, publisher: Client, typed: str
) -> None:
    page = site.news_item("uudis")
    answer = save(publisher, page, date=typed, body=rich_text("<p>Tekst.</p>"))
    assert answer.status_code == 302
    assert NewsPage.objects.get(pk=page.pk).date == dt.date(2027, 3, 1)


@pytest.mark.parametrize("typed", ["31.02.2027", "homme", "13.13.2027"])
def test_a_day_that_cannot_be_read_is_refused_and_stays_in_the_field(
    site: SmallSite, publisher: Client, typed: str
) -> None:
    page = site.news_item("uudis")
    answer = save(publisher, page, date=typed, body=rich_text("<p>Tekst.</p>"))
    assert answer.status_code == 200
    assert answer.context["form"].errors["date"]
    assert f'value="{typed}"' in answer.content.decode()
    assert NewsPage.objects.get(pk=page.pk).date == page.date


def test_the_calendar_writes_days_as_the_portal_shows_them_and_begins_on_monday(
    site: SmallSite, publisher: Client
) -> None:
    page = site.news_item("uudis", date=dt.date(2027, 3, 1))
    text = publisher.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert 'value="01.03.2027"' in text
    assert '"dayOfWeekStart": 1, "format": "d.m.Y"' in text
    assert "cms-days" in text


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("1.12.2026 9:00", (9, 0)),
        ("01.12.26 9.30", (9, 30)),
        ("1. 12. 2026, kell 9", (9, 0)),
        ("2026-12-01 09:00", (9, 0)),
        ("1. detsember 2026 kell 9.30", (9, 30)),
        ("1.12.2026", (0, 0)),
    ],
)
def test_a_moment_is_read_as_it_is_typed(typed: str, hour: tuple[int, int]) -> None:
    with timezone.override("Europe/Tallinn"):
        read = timezone.localtime(TypedMoment().clean(typed))
    assert (read.date(), (read.hour, read.minute)) == (dt.date(2026, 12, 1), hour)


@pytest.mark.parametrize("typed", ["31.02.2027 9:00", "1.12.2026 25:00", "homme", "9:00"])
def test_a_moment_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        TypedMoment().clean(typed)


def help_number(number: str) -> dict[str, Any]:
    empty = {"text": "", "hours": "", "source": "", "checked_on": "", "in_header": "on"}
    return {"number": number, "name": "Abi", **empty}


@pytest.mark.parametrize(
    ("number", "status"), [("116 006", 302), ("+372 55 55", 302), ("abc", 200), ("11", 200)]
)
def test_a_help_number_can_be_dialled(
    site: SmallSite, publisher: Client, number: str, status: int
) -> None:
    page = HelpPage.objects.get()
    numbers = streamfield([("number", help_number(number))])
    answer = save(publisher, page, numbers=numbers, plain=rich_text(""), reviewed_on="")
    assert answer.status_code == status
    assert (PHONE in answer.content.decode()) == (status == 200)


@pytest.mark.parametrize("phone", ["abc", "helista Marile", "12"])
def test_a_phone_of_a_contact_can_be_dialled(site: SmallSite, phone: str) -> None:
    organisation = Organisation.objects.get(pk=OrganisationFactory().pk)
    for contact in (site.contact, organisation):
        contact.phone = phone
        with translation.override("et"), pytest.raises(ValidationError) as refused:
            contact.clean()
        assert PHONE in refused.value.message_dict["phone"][0]
        contact.phone = "000 1010"
        contact.clean()
