"""The first coordinator and steering group of a region; later ones are let in by these."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from network.models import Organisation, Region, Seat
from network.services.region import begin_seat


class Command(BaseCommand):
    help = "Give a position of an organisation a seat in a region, from today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("region", help="its short name, as in vorumaa")
        parser.add_argument("organisation", help="its short name in the address")
        parser.add_argument("title", help="the position; made if there is none of this name")
        parser.add_argument("body", choices=Seat.Body.values)

    def handle(self, *args: Any, **options: Any) -> None:
        region = Region.objects.filter(slug=options["region"]).first()
        if region is None:
            known = ", ".join(Region.objects.values_list("slug", flat=True))
            raise CommandError(f"There is no region of this name. There are: {known}.")
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError("There is no such organisation: add it in the CMS first.")
        try:
            seat = begin_seat(
                region=region,
                organisation=organisation,
                title=options["title"],
                body=options["body"],
                day=timezone.localdate(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{seat.position}: {seat.get_body_display()}, {region}")
