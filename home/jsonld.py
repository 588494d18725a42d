"""Public pages in the words of schema.org, for search engines: JSON-LD beside what people read."""

import json
from typing import Any

from home.addresses import language_prefix, page_address
from network.models import Organisation

CONTEXT = "https://schema.org"
COUNTRY = "EE"
CURRENCY = "EUR"
NAME = "Tugivõrk"
# Inside a script nothing may look like its end, or like the beginning of a comment.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
Thing = dict[str, Any]


class JsonLd:
    """Things of one page, as the script element that a template shows.

    A script of this type is data: no browser runs it, so the policy has no word for it.
    """

    def __init__(self, things: list[Thing]) -> None:
        self.things = things

    def __html__(self) -> str:
        graph = {"@context": CONTEXT, "@graph": self.things}
        text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
        return f'<script type="application/ld+json">{text}</script>'


def known(kind: str, **values: Any) -> Thing:
    """A thing with what is known of it."""
    return {"@type": kind} | {
        key: value for key, value in values.items() if value not in (None, "", [], {})
    }


def breadcrumb(site: str, trail: list[tuple[str, str]]) -> Thing:
    """`trail`: name and address of each page from the front page down to this one."""
    return known(
        "BreadcrumbList",
        itemListElement=[
            {"@type": "ListItem", "position": place, "name": str(name), "item": site + address}
            for place, (name, address) in enumerate(trail, start=1)
        ],
    )


def network(site: str) -> Thing:
    """Who stands behind the portal."""
    return known("Organization", **{"@id": f"{site}/#tugivork"}, name=NAME, url=f"{site}/")


def organisation(site: str, row: Organisation) -> Thing:
    """An organisation with its contact: what its page shows."""
    return known(
        "Organization",
        **{"@id": f"{site}/asutused/{row.slug}/#asutus"},
        name=row.name,
        description=row.text,
        url=f"{site}{language_prefix()}asutused/{row.slug}/",
        sameAs=row.website,
        identifier=row.registry_code,
        address=known(
            "PostalAddress",
            streetAddress=row.address,
            addressLocality=row.municipality.name,
            addressCountry=COUNTRY,
        ),
        contactPoint=known(
            "ContactPoint",
            contactType=row.contact_role,
            telephone=row.phone,
            email=row.email,
        )
        if row.phone or row.email
        else None,
    )


def component(site: str, page: Any, report: Any) -> Thing:
    """A component as a service: for whom, where, at which prices, how to begin."""
    facts = page.component
    offers = report.offers
    places = sorted({offer.municipality for offer in offers})
    prices = [price.gross for offer in offers for price in offer.prices]
    address = site + page_address(page.url_path)
    return known(
        "GovernmentService",
        **{"@id": f"{address}#teenus"},
        name=page.title,
        description=page.summary,
        url=address,
        identifier=facts.code,
        serviceType=report.domain_name or str(facts.get_kind_display()),
        audience=known("Audience", audienceType=page.for_whom),
        areaServed=[known("AdministrativeArea", name=name) for name in places],
        serviceOperator={"@id": f"{site}/#tugivork"},
        provider=[
            known(
                "Organization",
                **{"@id": f"{site}/asutused/{slug}/#asutus"},
                name=name,
                url=f"{site}{language_prefix()}asutused/{slug}/",
            )
            for slug, name in sorted(
                {(offer.organisation_slug, offer.organisation) for offer in offers}
            )
        ],
        availableChannel=known(
            "ServiceChannel",
            serviceUrl=address,
            servicePhone=known("ContactPoint", telephone=report.contact.phone)
            if report.contact and report.contact.phone
            else None,
        ),
        offers=known(
            "AggregateOffer",
            priceCurrency=CURRENCY,
            lowPrice=str(min(prices)),
            highPrice=str(max(prices)),
            offerCount=len(offers),
        )
        if prices
        else None,
    )


def news(site: str, page: Any) -> Thing:
    """A piece of news."""
    address = site + page_address(page.url_path)
    return known(
        "NewsArticle",
        **{"@id": f"{address}#uudis"},
        headline=page.title,
        description=page.intro,
        url=address,
        mainEntityOfPage=address,
        inLanguage=page.locale.language_code,
        datePublished=page.date.isoformat(),
        dateModified=page.last_published_at.isoformat() if page.last_published_at else None,
        author={"@id": f"{site}/#tugivork"},
        publisher={"@id": f"{site}/#tugivork"},
    )
