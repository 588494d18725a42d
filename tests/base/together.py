"""Several workers at the same moment, each with a database connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(work: Callable[[], Result], times: int) -> list[Result]:
    """Run `work` in `times` threads that start together; return what each returned."""
    start = threading.Barrier(times)

    def one() -> Result:
        try:
            start.wait(timeout=30)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return [waiting.result() for waiting in [pool.submit(one) for _ in range(times)]]
