"""Keeping the register: entering premises, bringing them on, writing in their log, saying who of their tenants is a victim."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.generation import advance
from crossline.records.models import Mention, Record
from crossline.records.one_at_a_time import claim
from crossline.safeguarding.premises.guide import GuideEntry, guide
from crossline.safeguarding.premises.models import (
    Premises,
    PremisesEntry,
    PremisesEntryKind,
    PremisesState,
    PremisesStep,
    TenantStanding,
    VictimTenant,
)
from crossline.safeguarding.premises.standing import (
    AGAIN,
    QUIET,
    PremisesStanding,
    may_keep,
    premises_at,
    premises_found,
    same_address,
)
from crossline.safeguarding.premises.tenants import times_said
from crossline.vocabulary.codes import MentionKind

PURPOSE: Final = "safeguarding"
LONGEST_REASON: Final = 2_000
LONGEST_LINE: Final = 300
OVERTAKEN: Final = "Somebody else wrote here since you opened it, so nothing was saved; read it again first."


def register_premises(*, about: UUID, reason: str, viewpoint: Viewpoint) -> Premises:
    """Enter the address of a visible mention, for the viewer's agency."""
    mention = address_for(viewpoint, about)
    if mention is None:
        raise NotPermitted("That address does not exist, or you may not see it.")
    if not may_keep(viewpoint, viewpoint.viewer.agency):
        raise NotPermitted("Only a safeguarding lead enters premises in the register; ask your agency's.")
    own = [each for each in premises_at(viewpoint, mention) if each.premises.owner_id == viewpoint.viewer.agency]
    if own:
        raise MoveNotAllowed("Your agency has these premises in the register already; write in their log.")
    why = reason_in_full(reason)
    viewer = viewpoint.viewer
    made = Premises(about=mention, owner_id=viewer.agency, by=viewer.username, by_agency=viewer.agency)
    made.save(force_insert=True)
    made.refresh_from_db(fields=["audience"])
    _step(made, 1, PremisesState.REPORTED, day=timezone.localdate(), reason=why, viewpoint=viewpoint)
    return made


def move_premises(
    *, premises: UUID, state: PremisesState, stood: int, day: date, reason: str, viewpoint: Viewpoint
) -> PremisesStep:
    """Bring premises to a state. `stood`: how many steps they had when whoever moves them read them."""
    found = _to_keep(viewpoint, premises)
    if found.steps[-1].number != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if state not in found.moves:
        raise MoveNotAllowed(f"“{found.state.label}” does not lead to “{state.label}”.")
    _check_past(day)
    if day < found.steps[-1].day and len(found.steps) > 1:
        raise UserError("The day lies before that of the step before.")
    if state is PremisesState.ENDED and any(each.answer is None for each in found.reviews):
        raise MoveNotAllowed("Not every review is answered yet; they are reviewed to the end first.")
    return _step(found.premises, stood + 1, state, day=day, reason=reason_in_full(reason), viewpoint=viewpoint)


def note_on_premises(
    *,
    premises: UUID,
    kind: PremisesEntryKind,
    day: date,
    text: str,
    viewpoint: Viewpoint,
    said: Mapping[str, str] | None = None,
    signs: Collection[str] = (),
    uses: Collection[str] = (),
) -> PremisesEntry:
    """Write in the log. A review that finds premises in use again opens them again in the same act."""
    found = _to_keep(viewpoint, premises)
    _check_past(day)
    given = said or {}
    make: Mapping[PremisesEntryKind, Callable[[], Mapping[str, object]]] = {
        PremisesEntryKind.VISIT: lambda: _visit(given, day),
        PremisesEntryKind.SIGNS: lambda: _signs(signs, uses),
        PremisesEntryKind.REVIEW: lambda: _review(found, given),
        PremisesEntryKind.ORDER: lambda: _order(given),
        PremisesEntryKind.OUTCOME: lambda: {"outcome": _chosen(guide().outcomes, given.get("outcome", ""), "outcome")},
    }
    detail = dict(make[kind]())
    viewer = viewpoint.viewer
    made = PremisesEntry(
        premises=found.premises,
        kind=kind,
        day=day,
        detail=detail,
        text=reason_in_full(text),
        by=viewer.username,
        by_agency=viewer.agency,
        audience_id=found.premises.audience_id,
    )
    made.save(force_insert=True)
    about = Subject("premises", str(premises), {"entry": str(kind)})
    log(Event.PREMISES_NOTED, by=viewer, about=about, purpose=PURPOSE)
    if kind is PremisesEntryKind.REVIEW and detail["answer"] == AGAIN:
        number = found.steps[-1].number + 1
        _step(found.premises, number, PremisesState.AGAIN, day=day, reason=made.text, viewpoint=viewpoint)
    return made


@dataclass(frozen=True)
class TenantSaid:
    """What somebody says of a tenant: whom, on which record, since when, and why."""

    tenant: UUID
    record: UUID
    standing: str
    from_day: date
    reason: str


def say_tenant(*, premises: UUID, stood: int, said: TenantSaid, viewpoint: Viewpoint) -> VictimTenant:
    """Say that a tenant is a victim, or no longer. `stood`: how many such rows there were when whoever says it read them."""
    found = _to_keep(viewpoint, premises)
    tenant = next((each for each in found.residents if each.id == said.tenant), None)
    if tenant is None:
        raise UserError("Choose the tenant from the list: somebody whom a record says lives there.")
    if said.standing not in TenantStanding.values:
        raise UserError("Choose from the list whether the tenant is a victim.")
    _check_past(said.from_day)
    if said.record not in {record.id for record in evidence_for(found)}:
        raise UserError("Choose the record that it rests on from the list.")
    # No number that is one: a clash with a row that the viewer does not see would tell of it. Only one writes here at a time.
    if times_said(viewpoint, premises) != stood:
        raise MoveNotAllowed(OVERTAKEN)
    held = found.tenants.get(people(viewpoint).of(str(tenant.id)))
    if (held.standing if held else TenantStanding.NO_LONGER) == said.standing:
        raise MoveNotAllowed("That stands already; nothing was changed.")
    viewer = viewpoint.viewer
    made = VictimTenant(
        premises=found.premises,
        about=tenant,
        record_id=said.record,
        standing=said.standing,
        from_day=said.from_day,
        reason=reason_in_full(said.reason),
        owner_id=found.premises.owner_id,
        by=viewer.username,
        by_agency=viewer.agency,
    )
    made.save(force_insert=True)
    advance()  # who is a victim is kept by pages and exports
    about = Subject("premises", str(premises), {"standing": said.standing, "reason": made.reason[:200]})
    log(Event.VICTIM_TENANT_SAID, by=viewer, about=about, purpose=PURPOSE)
    return made


def evidence_for(found: PremisesStanding) -> list[Record]:
    """The records that name the address or somebody who lives there, the newest first: what such a word can rest on."""
    viewpoint = found.viewpoint
    naming = viewpoint.visible(Mention.objects.filter(same_address(found.premises.about))).values_list(
        "record_id", flat=True
    )
    ids = {*naming, *(each.record_id for each in found.residents)}
    return list(viewpoint.visible(Record.objects.filter(id__in=ids)).order_by("-made_at", "id"))


def address_for(viewpoint: Viewpoint, about: UUID) -> Mention | None:
    """The visible mention of an address."""
    rows = viewpoint.visible(Mention.objects.filter(id=about, kind=MentionKind.ADDRESS), "audience", "record__audience")
    return rows.select_related("record").first()


def reason_in_full(reason: str) -> str:
    """The reason of an act, as it is kept."""
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        raise UserError(f"Give the reason, in up to {LONGEST_REASON:,} characters: others will read it years from now.")
    return said


def _to_keep(viewpoint: Viewpoint, premises: UUID) -> PremisesStanding:
    if premises_found(viewpoint, premises) is None:
        raise NotPermitted("These premises are not in the register, or you may not see them.")
    claim(premises)
    found = premises_found(viewpoint, premises)
    if found is None or not found.may_keep:
        raise NotPermitted(
            "Only a safeguarding lead of the agency that registered the premises, or of the centre, writes here."
        )
    return found


def _step(
    premises: Premises, number: int, state: PremisesState, *, day: date, reason: str, viewpoint: Viewpoint
) -> PremisesStep:
    viewer = viewpoint.viewer
    step = PremisesStep(
        premises=premises,
        number=number,
        state=state,
        day=day,
        reason=reason,
        by=viewer.username,
        by_agency=viewer.agency,
        audience_id=premises.audience_id,
    )
    try:
        with transaction.atomic():
            step.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    about = Subject("premises", str(premises.id), {"state": str(state), "reason": reason[:200]})
    log(Event.PREMISES_MOVED, by=viewer, about=about, purpose=PURPOSE)
    return step


def _check_past(day: date) -> None:
    if day > timezone.localdate():
        raise UserError("The day lies ahead; write down what has happened.")


def _visit(said: Mapping[str, str], day: date) -> dict[str, str]:
    detail = {"outcome": _chosen(guide().visits, said.get("outcome", ""), "what came of the visit")}
    if following := said.get("next", ""):
        try:
            following = date.fromisoformat(following).isoformat()
        except ValueError:
            raise UserError("Give a whole date for the next visit.") from None
        if following <= day.isoformat():
            raise UserError("The next visit comes after this one.")
        detail["next"] = following
    return detail


def _signs(signs: Collection[str], uses: Collection[str]) -> dict[str, object]:
    known, kinds = {each.id for each in guide().signs}, {each.id for each in guide().uses}
    if not set(signs) <= known or not set(uses) <= kinds or not (signs or uses):
        raise UserError("Choose at least one sign or kind of use from the lists.")
    return {"signs": sorted(signs), "uses": sorted(uses)}


def _review(found: PremisesStanding, said: Mapping[str, str]) -> dict[str, object]:
    due = {str(each.after): each for each in found.reviews}
    which, answer = due.get(said.get("after", "")), said.get("answer", "")
    if which is None or answer not in (AGAIN, QUIET):
        raise UserError("Choose which review it is, and whether the premises are quiet or in use again.")
    if which.answer is not None:
        raise MoveNotAllowed(f"The review {which.after} days after they were made safe was answered already.")
    safe = next(step for step in reversed(found.steps) if step.state == PremisesState.SAFE)
    return {"after": which.after, "answer": answer, "stood": safe.number}


def _order(said: Mapping[str, str]) -> dict[str, str]:
    reference = said.get("reference", "").strip()
    if not 0 < len(reference) <= LONGEST_LINE:
        raise UserError(f"Give the order's reference, in up to {LONGEST_LINE} characters.")
    return {"closure": _chosen(guide().closures, said.get("closure", ""), "kind of order"), "reference": reference}


def _chosen(entries: Collection[GuideEntry], chosen: str, what: str) -> str:
    if chosen not in {each.id for each in entries}:
        raise UserError(f"Choose the {what} from the list.")
    return chosen
