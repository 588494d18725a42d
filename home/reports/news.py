from typing import Any

from django.core.paginator import Page
from django.http import QueryDict

from home.reports.paging import page_of
from home.visit import Visit

NEWS_A_PAGE = 20


def news_report(visit: Visit, asked: QueryDict, news: Any) -> Page[Any]:
    """One page of news, newest first, in two statements."""
    rows = news.visible().in_language(visit.language).order_by("-date", "-pk")
    return page_of(rows, asked.get("page"), NEWS_A_PAGE)
