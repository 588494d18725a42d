"""The starter content of the region, written as `load_starter` does it."""

import datetime as dt

from django.utils import timezone

from portal.starter.cases import load_cases
from portal.starter.catalogue import load_catalogue
from portal.starter.gaps import load_gaps
from portal.starter.meetings import load_meetings
from portal.starter.network import load_network
from portal.starter.organisations import load_organisations
from portal.starter.people import load_people
from portal.starter.places import load_places
from portal.starter.resources import load_resources

PASSWORD = "demo on ainult näitamiseks"


def load(today: dt.date | None = None) -> None:
    """People, their network, cases, gaps and meetings, told as of `today`."""
    today = today or timezone.localdate()
    load_places()
    load_catalogue()
    load_organisations(today)
    load_people(PASSWORD)
    positions = load_network()
    load_resources(today)
    load_cases(positions, today)
    load_meetings(positions, load_gaps(today), today)
