"""EncryptedTextField: plain text on the instance, cipher text everywhere else.

Decrypting needs the row's key, and Django hands a field's value over without its row
(`from_db_value`). So a loaded instance keeps the cipher text, and the attribute opens it each time
it is read, where the row is known. `.values()`, raw rows, pickles and tracebacks hold cipher text.

The way in is `pre_save`, which knows the row too. Nothing else can write: `update()`,
`bulk_update()` and fixtures get a TypeError instead of storing plain text.

A historical model (django-simple-history) is a table of its own: each of its rows is bound to its
own `history_id`, which therefore is a UUID (SIMPLE_HISTORY_HISTORY_ID_USE_UUID) and known before
the row is stored. So an older version cannot be passed off as a newer one either.

Renaming the model or the field breaks the binding: a data migration must re-encrypt.
"""

from typing import Any, cast

from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from portal.base.encryption import CipherText, binding, decrypt, encrypt


class OpenedAttribute(DeferredAttribute):
    """Opens the stored text at each reading; what was assigned is returned as it is."""

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is not None and isinstance(value, CipherText):
            field = cast(EncryptedTextField, self.field)
            return decrypt(value, field.place_of(instance))
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """A text that only the application can read. No look-up but `isnull`, no index.

    To find a row by an exact value keep a `keyed_hash` of it beside. None stays NULL; an empty
    text is encrypted like any other.
    """

    descriptor_class = OpenedAttribute

    def place_of(self, instance: models.Model) -> bytes:
        """Where the text of this instance stands: the model that holds the column, field, row."""
        return binding(self.model._meta.label_lower, self.name, instance.pk)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else CipherText(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None:
            return None
        place = self.place_of(model_instance)
        if isinstance(value, CipherText):
            # Unchanged since it was loaded. If the row's key was changed since, this refuses.
            decrypt(value, place)
            return value
        if not isinstance(value, str):
            raise TypeError(f"{self.model._meta.label}.{self.name} holds text only.")
        return encrypt(value, place)

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, CipherText):
            # The database drivers want the exact type.
            return str(value)
        raise TypeError(
            f"{self.model._meta.label}.{self.name} is encrypted: it is written by save() or "
            "create() only, where the row is known."
        )

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> Any:
        return None

    def value_to_string(self, obj: models.Model) -> str:
        """For `dumpdata`: the dump of a secret stays a secret."""
        return self.pre_save(obj, add=False)

    def check(self, **kwargs: Any) -> list[Any]:
        return [*super().check(**kwargs), *self._check_place()]

    def _check_place(self) -> list[Any]:
        problems = []
        if self.unique or self.db_index:  # type: ignore[attr-defined]
            problems.append("an index over cipher text finds nothing")
        key = self.model._meta.pk
        while key is not None and key.remote_field:
            key = key.target_field  # type: ignore[attr-defined]
        if not isinstance(key, models.UUIDField):
            problems.append("the row needs a UUID key, known before it is stored")
        return [
            checks.Error(f"EncryptedTextField: {problem}.", obj=self, id="base.E001")
            for problem in problems
        ]
