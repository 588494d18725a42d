"""After a new key stands first in FIELD_ENCRYPTION_KEYS: write every old text anew with it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from portal.base.encryption import MARK, CipherText, current_key_id, decrypt, encrypt
from portal.base.fields import EncryptedTextField

Column = tuple[type[models.Model], EncryptedTextField]


@dataclass(frozen=True)
class Place:
    """A place where texts of ours stand encrypted: its name, how many are old, rotating them."""

    name: str
    count_old: Callable[[], int]
    rotate: Callable[[], int]


# Texts that other people's tables hold for us, inside columns of their own.
_further: dict[str, Place] = {}


def register(name: str, count_old: Callable[[], int], rotate: Callable[[], int]) -> None:
    """Rotate texts that stand in no encrypted field of ours (`AppConfig.ready()`)."""
    _further[name] = Place(name, count_old, rotate)


def places() -> list[Place]:
    """Everything that has to be written anew before an old key may go."""
    columns = [
        Place(
            f"{model._meta.label}.{field.name}",
            partial(_count_old, model, field),
            partial(rotate, model, field),
        )
        for model, field in encrypted_fields()
    ]
    return [*columns, *_further.values()]


def encrypted_fields(among: Iterable[type[models.Model]] | None = None) -> list[Column]:
    """Every encrypted column, of all models if not `among` some; history tables are models too."""
    return [
        (model, field)
        for model in (apps.get_models() if among is None else among)
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField) and not model._meta.proxy
    ]


def rows_with_old_key(model: type[models.Model], field: EncryptedTextField) -> models.QuerySet:
    """The rows whose text was written with another key than the current one."""
    current = f"{MARK}.{current_key_id()}."
    return (
        model._base_manager.annotate(stored_text=Cast(field.attname, models.TextField()))
        .filter(stored_text__isnull=False)
        .exclude(stored_text__startswith=current)
    )


def _count_old(model: type[models.Model], field: EncryptedTextField) -> int:
    return rows_with_old_key(model, field).count()


def rotate(model: type[models.Model], field: EncryptedTextField) -> int:
    """Re-encrypt the column row by row; return how many. May be cut off and begun again."""
    done = 0
    for pk in list(rows_with_old_key(model, field).values_list("pk", flat=True)):
        done += _rotate_row(model, field, pk)
    return done


def _rotate_row(model: type[models.Model], field: EncryptedTextField, pk: object) -> int:
    with transaction.atomic():
        # Locked, so that somebody saving the row right now is not overwritten.
        row = rows_with_old_key(model, field).filter(pk=pk).select_for_update(of=("self",)).first()
        if row is None:
            return 0
        place = field.place_of(row)
        text = decrypt(CipherText(row.__dict__[field.attname]), place)
        # update(): the text is the same, so neither history nor version has anything to say.
        return model._base_manager.filter(pk=pk).update(**{field.attname: encrypt(text, place)})
