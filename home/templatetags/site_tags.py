"""Addresses of pages for templates, without a query."""

from django import template
from wagtail.models import Page

from home.addresses import page_address

register = template.Library()


@register.simple_tag
def page_url(page: Page) -> str:
    """The address of `page` in the language of the moment."""
    return page_address(page.url_path)
