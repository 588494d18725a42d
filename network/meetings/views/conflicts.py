"""409 for forms about when and where: both texts, and the form once more. Nothing is lost."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.templatetags.ui import day as day_words

MakeForm = Callable[..., forms.Form]


def typed_in(form: forms.Form) -> dict[str, Any]:
    """What stands in a sent form, as it was typed, to be shown in a new one."""
    return {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def conflict(
    request: HttpRequest,
    typed: forms.Form,
    again: MakeForm,
    stored: Mapping[str, Any],
    *,
    back_url: str,
    title: str,
) -> HttpResponse:
    """What was typed beside what is `stored` by now; `again(initial=…)` makes the form anew."""
    # Asked again after both were read; another save, so another key.
    mine = typed_in(typed) | {"version": stored["version"], "key": uuid.uuid4()}
    form = again(initial=mine)
    names = [name for name in form.fields if name not in ("version", "key")]
    differing = [name for name in names if typed.cleaned_data[name] != _cleaned(form, name, stored)]
    return render(
        request,
        "meetings/planning_conflict.html",
        {
            "form": form,
            "differing": [
                {"field": form[name], "stored": _in_words(form.fields[name], stored[name])}
                for name in differing
            ],
            "same": [form[name] for name in names if name not in differing],
            "back_url": back_url,
            "title": title,
        },
        status=409,
    )


def _cleaned(form: forms.Form, name: str, stored: Mapping[str, Any]) -> Any:
    try:
        return form.fields[name].clean(stored[name])
    except forms.ValidationError:
        return stored[name]


def _in_words(field: forms.Field, value: Any) -> str:
    """A stored value as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.time):
        return f"{value.hour}.{value:%M}"
    if isinstance(value, dt.date):
        return day_words(value)
    if isinstance(field, forms.ChoiceField):
        values = value if isinstance(value, list) else [value]
        names = dict(_flat(field.choices))
        return ", ".join(str(names.get(str(one), "")) for one in values)
    return "" if value is None else str(value)


def _flat(choices: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for value, words in choices:
        if isinstance(words, list | tuple):
            found += [(str(inner), name) for inner, name in words]
        else:
            found.append((str(value), words))
    return found
