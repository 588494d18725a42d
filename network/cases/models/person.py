import unicodedata
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from network.models import Municipality
from portal.base.encryption import keyed_hash
from portal.base.fields import EncryptedTextField
from portal.base.models import Versioned

SURNAME = "cases.person.last_name"
CODE = "cases.person.personal_code"


def surname_hash(surname: str) -> str:
    """Look-up value of an exact surname, whatever its letters' case or how they were typed."""
    letters = unicodedata.normalize("NFC", surname).lower()
    return keyed_hash(" ".join(letters.split()), SURNAME)


def code_hash(personal_code: str) -> str:
    """Look-up value of a personal code (isikukood)."""
    return keyed_hash(personal_code.strip(), CODE)


class Person(Versioned):
    """The person a case is about. Everything that says who stands encrypted.

    A person may have no personal code (domain.md 8). Two teams may know the same code without
    learning of each other, so it is not unique (docs/decisions).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first_name = EncryptedTextField(_("first name"))
    last_name = EncryptedTextField(_("last name"))
    last_name_hash = models.CharField(max_length=64, db_index=True, editable=False)
    personal_code = EncryptedTextField(_("personal code"), null=True, blank=True)
    personal_code_hash = models.CharField(
        max_length=64, null=True, blank=True, db_index=True, editable=False
    )
    phone = EncryptedTextField(_("phone"), blank=True, default="")
    email = EncryptedTextField(_("e-mail"), blank=True, default="")
    address = EncryptedTextField(_("address"), blank=True, default="")
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="+"
    )
    is_sample = models.BooleanField(_("invented"), default=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def initials(self) -> str:
        """As on the desk: `M. K.`"""
        return f"{self.first_name[:1]}. {self.last_name[:1]}."
