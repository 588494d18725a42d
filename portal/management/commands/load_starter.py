"""Fill a new portal with the starter content; run again, it adds only what is missing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from portal.access.cms_groups import ensure_cms_groups
from portal.base import content_version
from portal.search.maintenance import analyze
from portal.starter.cases import load_cases
from portal.starter.catalogue import load_catalogue
from portal.starter.gaps import load_gaps
from portal.starter.meetings import load_meetings
from portal.starter.network import load_network
from portal.starter.organisations import load_organisations
from portal.starter.pages import load_pages
from portal.starter.people import load_people
from portal.starter.places import load_places
from portal.starter.resources import load_resources
from portal.starter.retention import load_retention
from portal.starter.search import load_synonyms


class Command(BaseCommand):
    help = "Load places, catalogue, sample organisations and pages. Never overwrites anything."

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        with transaction.atomic():
            load_places()
            load_catalogue()
            load_organisations(today)
            load_pages()
            load_synonyms()
            ensure_cms_groups()
            load_retention()
            # Only a demo has sign-ins that everybody knows, and people to tell about.
            if password := getattr(settings, "DEMO_PASSWORD", ""):
                load_people(password)
                positions = load_network()
                load_resources(today)
                load_cases(positions, today)
                load_meetings(positions, load_gaps(today), today)
            content_version.move_on()
        analyze()
        if options["verbosity"]:
            self.stdout.write("Starter content is in place.")
