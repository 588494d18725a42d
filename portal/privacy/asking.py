"""How the commands ask whose data are meant."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from portal.base import personal
from portal.base.personal import Subject

WHO = {
    "person": "Nobody has this id.",
    "case": "No case has this number or id.",
    "worker": "No account has this address or id, or it was erased already.",
}


def add_arguments(parser: ArgumentParser, *, names: tuple[str, ...] = tuple(WHO)) -> None:
    """`--person UUID`, `--case NUMBER`, `--worker EMAIL`: one of them."""
    about = parser.add_mutually_exclusive_group(required=True)
    helps = {
        "person": "a person, by the id of the row: with all cases about them",
        "case": "the person of one case, by its number or id; other cases are left out",
        "worker": "an account, by its e-mail or id",
    }
    for name in names:
        about.add_argument(f"--{name}", help=helps[name])


def asked(options: dict[str, Any]) -> Subject:
    """Whoever is meant. Raises CommandError."""
    name = next(name for name in WHO if options.get(name))
    subject = personal.find(name, options[name])
    if subject is None:
        raise CommandError(WHO[name])
    return subject
