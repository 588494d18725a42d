"""Small reference data kept in the process until something public changes."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from portal.base import content_version

Args = ParamSpec("Args")
Result = TypeVar("Result")


def per_content_version(function: Callable[Args, Result]) -> Callable[Args, Result]:
    """Remember the results of `function` until the content version moves on.

    For data that is small, the same for everybody, and read on nearly every page. Arguments are
    positional and hashable. The result is shared: treat it as read-only.
    """
    store: dict[Any, tuple[str, Result]] = {}

    @functools.wraps(function)
    def remembered(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        version = content_version.current()
        kept = store.get(args)
        if not version or kept is None or kept[0] != version:
            kept = store[args] = (version, function(*args, **kwargs))
        return kept[1]

    return remembered
