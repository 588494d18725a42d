"""A price form is sent, its questions are answered, its prices are taken over. CAT-23."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.importer.cells import Sheet, to_json
from catalogue.importer.plan import LEAVE, Aim
from catalogue.models import Component, PriceImport, Round
from catalogue.models.price_import import ROUND
from catalogue.services import set_price
from home.policies import PriceImportPolicy
from home.reports.price_import import Look, look_at
from home.reports.price_taken import outcome_of
from home.reports.price_targets import TargetRow, targets_of
from home.services.price_undo import chains_of, with_after
from network.models import Resource
from network.policies import ResourcePolicy
from network.services.facts import facts_of
from network.services.proposals import asked_for, waiting_on
from network.services.resources import change_resource
from portal.accounts.models import User
from portal.base.idempotency import once
from portal.base.versions import VersionConflict, save_versioned

KEEP = "price_import_keep"
APPLY = "price_import_apply"
DELETE = "price_import_delete"
# What stands already may be another price than then, so that this is asked anew.
ASKED_ANEW = frozenset({"clash"})
# What a name means holds in the next file too; what an empty cell means does not.
NAMES = ("component-", "domain-")
EARLIER = 10
# One person is not meant to fill the disk with lists that nobody takes over.
MOST_WAITING = 50


@transaction.atomic
def keep_import(
    *,
    target: TargetRow,
    file_name: str,
    sheets: list[Sheet],
    valid_from: dt.date,
    by: User,
    key: uuid.UUID,
) -> PriceImport:
    """Keep the cells of a price form until its prices are taken over. Raises PermissionDenied."""
    day = timezone.localdate()
    if target.value not in {one.value for one in targets_of(by, day)}:
        raise PermissionDenied
    with once(key, purpose=KEEP, by=str(by.pk)) as attempt:
        if attempt.is_first:
            waiting = PriceImport.objects.filter(by=by, applied_at__isnull=True).order_by("-at")
            for old in waiting[MOST_WAITING - 1 :]:
                old.delete()
            kept = PriceImport(
                by=by,
                target=target.value,
                file_name=file_name[:100],
                valid_from=valid_from,
                sheets=to_json(sheets),
            )
            kept.digest = _digest(kept.sheets)
            _answer_as_before(kept)
            kept.save()
            attempt.result = str(kept.pk)
    return PriceImport.objects.get(pk=attempt.result)


def _digest(sheets: list[dict[str, Any]]) -> str:
    """The same for the same cells, whatever the file was called."""
    text = json.dumps(sheets, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _answer_as_before(kept: PriceImport) -> None:
    """What was answered for the same target is not asked again: names, and all of the same cells.

    A name that was left out is asked about again.
    """
    sent = PriceImport.objects.filter(by=kept.by, target=kept.target, answered_at__isnull=False)
    earlier = list(sent.defer("sheets", "outcome").order_by("-at")[:EARLIER])
    if not earlier:
        return
    kept.answered_at = earlier[0].answered_at
    for one in reversed(earlier):
        kept.answers |= {
            name: answer
            for name, answer in one.answers.items()
            if name.startswith(NAMES) and answer != LEAVE
        }
    if same := sent.filter(digest=kept.digest).order_by("-at").first():
        kept.columns, kept.answered_at = same.columns, same.answered_at
        kept.answers |= {k: v for k, v in same.answers.items() if k not in ASKED_ANEW}


@transaction.atomic
def delete_import(price_import: PriceImport, *, version: int, by: User, key: uuid.UUID) -> None:
    """The cells and the answers go. Raises PermissionDenied, VersionConflict; that too once it
    is taken over.
    """
    with once(key, purpose=DELETE, by=str(by.pk)) as attempt:
        if attempt.is_first:
            held = PriceImport.objects.select_for_update().get(pk=price_import.pk)
            if not PriceImportPolicy.allows(by, "handle", held, timezone.localdate()):
                raise PermissionDenied
            if held.applied_at or held.version != version:
                raise VersionConflict(held)
            attempt.result = str(held.pk)
            held.delete()


@transaction.atomic
def answer_import(
    price_import: PriceImport,
    *,
    answers: Mapping[str, str],
    columns: Mapping[str, Mapping[str, str]],
    seen: Iterable[str] = (),
    version: int,
    by: User,
) -> bool:
    """Keep what was answered; True if anything was new. `seen`: the questions that stood there.

    Raises PermissionDenied, VersionConflict; that too once it is taken over.
    """
    if price_import.applied_at:
        raise VersionConflict(price_import)
    if not PriceImportPolicy.allows(by, "handle", price_import, timezone.localdate()):
        raise PermissionDenied
    new_answers = {**price_import.answers, **answers}
    new_answers = {name: answer for name, answer in new_answers.items() if answer}
    new_columns = {**price_import.columns, **{k: dict(v) for k, v in columns.items()}}
    if (new_answers, new_columns) == (price_import.answers, price_import.columns):
        return False
    price_import.answers, price_import.columns = new_answers, new_columns
    price_import.seen = sorted({*price_import.seen, *seen})
    price_import.answered_at = timezone.now()
    save_versioned(price_import, version, ["answers", "columns", "seen", "answered_at"])
    return True


@transaction.atomic
def apply_import(price_import: PriceImport, *, sign: str, by: User, key: uuid.UUID) -> PriceImport:
    """Take over the prices of the preview that `sign` stands for; all of them or none.

    Raises PermissionDenied, ValidationError with the row, VersionConflict if what stands there
    has changed since it was looked at.
    """
    with once(key, purpose=APPLY, by=str(by.pk)) as attempt:
        if attempt.is_first:
            held = PriceImport.objects.select_for_update().get(pk=price_import.pk)
            day = timezone.localdate()
            if not PriceImportPolicy.allows(by, "handle", held, day):
                raise PermissionDenied
            if held.applied_at:
                raise VersionConflict(held)
            _hold_what_stands(held)
            look = look_at(held, by, day)
            if look.plan.sign != sign or not look.to_take:
                raise VersionConflict(held)
            chains = chains_of(held, look.to_take, by)
            _take_over(look, by, day, key)
            held.outcome = outcome_of(look) | {"chains": with_after(chains)}
            held.applied_at, held.applied = timezone.now(), len(look.to_take)
            held.taken_back_at = None
            fields = ["applied_at", "applied", "outcome", "taken_back_at"]
            save_versioned(held, held.version, fields)
            attempt.result = str(held.pk)
    return PriceImport.objects.get(pk=attempt.result)


def _hold_what_stands(price_import: PriceImport) -> None:
    """Nobody sets another price of the same things between the last look and the change."""
    kind, _colon, pk = price_import.target.partition(":")
    rows: Any = Component.objects.all()
    if kind == ROUND:
        # Rounds before components, as wherever prices are set.
        list(Round.objects.filter(pk=pk).select_for_update().values_list("pk"))
    else:
        rows = Resource.objects.filter(organisation_id=pk)
    list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))


def _take_over(look: Look, by: User, day: dt.date, key: uuid.UUID) -> None:
    aims = [(step.line.row, step.aim) for step in look.to_take if step.aim]
    if isinstance(look.target.row, Round):
        _to_round(look.target.row, aims, by)
    else:
        _to_offers(aims, by, day, key)


def _to_round(round_: Round, aims: list[tuple[int, Aim]], by: User) -> None:
    components = Component.objects.in_bulk({aim.component.pk for _row, aim in aims})
    # The earliest first: each ends where the next begins.
    for row, aim in sorted(aims, key=lambda one: one[1].valid_from):
        try:
            set_price(
                component=components[aim.component.pk],
                form=aim.form.value,
                round=round_,
                net=aim.net,
                vat_rate=aim.vat_rate,
                gross=aim.gross,
                valid_from=aim.valid_from,
                by=by,
                correct=aim.corrects,
            )
        except ValidationError as error:
            raise _in_row(row, error) from error


def _to_offers(aims: list[tuple[int, Aim]], by: User, day: dt.date, key: uuid.UUID) -> None:
    """Each offer is changed once, or its change proposed, by the door that its own page uses."""
    by_offer: dict[str, list[tuple[int, Aim]]] = {}
    for row, aim in aims:
        by_offer.setdefault(aim.slot.key, []).append((row, aim))
    for pk, some in by_offer.items():
        resource = Resource.objects.select_related("offer", "organisation").get(pk=int(pk))
        manages = ResourcePolicy.allows(by, "manage", resource, day)
        facts = asked_for(facts_of(resource), None if manages else waiting_on(resource))
        prices = {aim.form.value: _facts(aim) for _row, aim in some}
        facts = facts | {"prices": facts["prices"] | prices}
        try:
            change_resource(
                resource,
                facts,
                version=resource.version,
                by=by,
                key=uuid.uuid5(key, pk),
            )
        except ValidationError as error:
            raise _in_row(some[0][0], error) from error


def _facts(aim: Aim) -> dict[str, Any]:
    """A price as the facts of a resource keep it."""
    return {
        "net": f"{aim.net:.2f}",
        "vat_rate": None if aim.vat_rate is None else f"{aim.vat_rate:.1f}",
        "gross": f"{aim.gross:.2f}",
        "valid_from": aim.valid_from.isoformat(),
    }


def _in_row(row: int, error: ValidationError) -> ValidationError:
    return ValidationError(
        _("Row %(row)s: %(why)s Nothing was taken over.")
        % {"row": row, "why": " ".join(error.messages)}
    )
