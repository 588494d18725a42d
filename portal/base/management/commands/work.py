"""The embedded worker: passes without end, until it is told to stop."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connections
from django.utils import timezone

from portal.base.busy import is_busy
from portal.base.worker import pass_once

logger = logging.getLogger(__name__)

# After the database failed, so that a broken one is not asked every second.
PAUSE = 10


class Command(BaseCommand):
    help = "Run queued tasks, the outbox and repeated jobs until SIGTERM or SIGINT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="Seconds between passes.")

    def handle(self, *args: Any, interval: float, **options: Any) -> None:
        stop = threading.Event()
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            # What is under way is finished; the next pass does not begin.
            signal.signal(signal_number, lambda number, frame: stop.set())
        while not stop.is_set():
            stop.wait(interval if self._pass() else PAUSE)

    def _pass(self) -> bool:
        close_old_connections()
        try:
            pass_once(timezone.now())
        except Exception as error:
            # One broken pass must not silence the mail of the whole region.
            if is_busy(error):
                logger.warning("worker: the database does not answer, trying again in %s s", PAUSE)
            else:
                logger.exception("worker: a pass failed")
            # A file that was read-only when it was opened stays so for its connection.
            connections.close_all()
            return False
        finally:
            close_old_connections()
        return True
