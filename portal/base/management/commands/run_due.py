"""One pass of the worker, for a timer outside or by hand."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.base.worker import pass_once


class Command(BaseCommand):
    help = "Run queued tasks, deliver the outbox and do the repeated jobs that are due, once."

    def handle(self, *args: Any, **options: Any) -> None:
        pass_once(timezone.now())
