import io
import json
import logging
import logging.config

import pytest
from django.test import Client
from django.urls import path

from portal.access.guards import public
from portal.base.logging import logging_config
from portal.views import errors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("edge")]


@pytest.fixture
def lines(monkeypatch):
    """What the log of production would hold."""
    stream = io.StringIO()
    config = logging_config(as_json=True, requests=True)
    config["handlers"]["console"]["stream"] = stream
    before = logging.getLogger("portal.request").level
    logging.config.dictConfig(config)
    yield stream
    logging.config.dictConfig(logging_config(as_json=False, requests=False))
    logging.getLogger("portal.request").setLevel(before)


def test_request_is_logged_by_its_route_and_outcome(lines):
    Client().get("/echo/?q=Mari+Maasikas")
    line = json.loads(lines.getvalue().splitlines()[-1])
    assert (line["route"], line["status"], line["method"]) == ("echo/", 200, "GET")
    assert "Mari" not in lines.getvalue()


def test_neither_address_nor_query_of_a_missing_page_is_logged(lines):
    Client().get("/Mari-Maasikas/?nimi=Mari")
    assert "Mari" not in lines.getvalue()
    assert json.loads(lines.getvalue().splitlines()[-1])["status"] == 404


def test_error_is_logged_with_its_traceback_but_no_values(lines):
    Client(raise_request_exception=False).get("/broken/?q=Mari")
    text = lines.getvalue()
    assert "OperationalError" in text
    assert "Traceback" in text
    assert "Mari" not in text
    assert "locals" not in text


def test_values_quoted_by_the_database_are_dropped(lines):
    # As PostgreSQL says it; put together here so that the line of code does not hold it.
    said = "\n".join(["duplicate key", "DETAIL:  Key (email)=(mari" + "@example.org) exists."])
    try:
        raise ValueError(said)
    except ValueError:
        logging.getLogger("any").exception(said)
    assert lines.getvalue().count("duplicate key") >= 2
    assert "mari@example" not in lines.getvalue()


def test_one_time_link_is_not_logged_when_its_page_breaks(lines, settings):
    @public
    def broken(request, key):
        raise ValueError

    class Addresses:
        urlpatterns = (path("konto/uus/<str:key>/", broken, name="broken"),)
        handler500 = staticmethod(errors.server_error)

    settings.ROOT_URLCONF = Addresses
    Client(raise_request_exception=False).get("/konto/uus/salajane-võti/")
    text = lines.getvalue()
    assert "konto/uus/<str:key>/" in text
    assert "salajane" not in text
