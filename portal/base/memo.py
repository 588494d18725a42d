"""Small reference data, and counts, kept in the process until something public changes."""

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, ParamSpec, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

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


# Answers that are kept at once; the ones that were asked for longest ago go first.
MOST_ANSWERS = 500

_answers: OrderedDict[Any, tuple[str, Any]] = OrderedDict()
_lock = threading.Lock()


def per_statement(rows: QuerySet[Any], make: Callable[[], Result], *also: Hashable) -> Result:
    """What `make` reads through `rows`, remembered until the content version moves on.

    For counts over many public rows: the statement itself is the name of the answer, so two
    visitors who ask the same share it. `also`: what the answer depends on besides the statement.
    The result is shared: treat it as read-only.
    """
    version = content_version.current()
    try:
        statement = rows.query.sql_with_params()
    except EmptyResultSet:
        return make()
    name = (*statement, *also)
    with _lock:
        kept = _answers.get(name)
        if version and kept and kept[0] == version:
            _answers.move_to_end(name)
            return cast(Result, kept[1])
    answer = make()
    with _lock:
        _answers[name] = (version, answer)
        _answers.move_to_end(name)
        while len(_answers) > MOST_ANSWERS:
            _answers.popitem(last=False)
    return answer
