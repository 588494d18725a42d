"""The real server in front of the edge."""

import urllib.error
import urllib.request

import pytest


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("letter", ["a", "%C3%B5"])
def test_ten_kilobytes_in_a_parameter_are_a_normal_page(site, letter):
    assert status(f"{site.url}/teenused/?q={letter * 10_000}") == 200


def test_line_without_end_is_refused(site):
    assert status(f"{site.url}/teenused/?q={'a' * 70_000}") in (400, 414)


def test_nul_in_the_address_is_a_missing_page(site):
    assert status(f"{site.url}/teenused/%00/") == 404
