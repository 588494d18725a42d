"""A price list sent, answered, taken over and taken back, as a browser does it."""

import re
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalogue.models import PriceImport
from tests.catalogue.price_forms import table

HEAD = ["Valdkond", "Teenuskomponent", "Vorm", "Hind", "KM", "Kokku"]


def of(row):
    return f"round:{row.pk}" if hasattr(row, "slug") and hasattr(row, "note") else row


def send(client, target, rows, *, name="hinnad.csv", day="01.01.2026", data=None, **more):
    """Send a price list as the form does."""
    file = SimpleUploadedFile(name, data if data is not None else table(rows))
    sent = {"target": target, "file": file, "valid_from": day, "key": str(uuid.uuid4())} | more
    return client.post(reverse("price_import"), sent)


def sent_to(client, target, rows, **more):
    """The same, and the import that came of it."""
    answer = send(client, target, rows, **more)
    assert answer.status_code == 302, answer.text
    return PriceImport.objects.get(pk=uuid.UUID(answer["Location"].split("/")[-2]))


def page_of(client, kept):
    return client.get(reverse("price_import_detail", args=[kept.pk]))


def fields_of(page):
    """The fields of the page's form with what is chosen in them."""
    inputs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    selects = re.findall(r'<select id="[^"]*" name="([^"]+)".*?</select>', page.text, re.S)
    fields = dict(inputs)
    for name in selects:
        block = re.search(rf'<select id="[^"]*" name="{name}".*?</select>', page.text, re.S)[0]
        chosen = re.search(r'<option value="([^"]*)" selected', block)
        fields[name] = chosen[1] if chosen else ""
    return fields


def act(client, kept, do="apply", **chosen):
    """What a browser sends from the page as it stands."""
    fields = fields_of(page_of(client, kept)) | chosen | {"do": do}
    return client.post(reverse("price_import_detail", args=[kept.pk]), fields)


def question(page, kind):
    """The name of the only question of a kind."""
    (name,) = {name for name in fields_of(page) if name.startswith(f"q-{kind}")}
    return name


def take_back(client, kept, **more):
    """The confirmation page, pressed."""
    url = reverse("price_import_undo", args=[kept.pk])
    return client.post(url, fields_of(client.get(url)) | more)
