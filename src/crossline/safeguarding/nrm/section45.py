"""Section 45: for whom it has to be considered, of those held for supplying drugs, and the log of who considered it.

Due at every such custody record of somebody who is or may be under 18, or whom a visible record calls a victim, to the agency
that holds them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.people import may_be_under
from crossline.engines.indicators.rulebook import RULEBOOK, ConcernReason, is_supply
from crossline.entities.clusters import people
from crossline.entities.victims import victims
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.decoys.finding import refuse_decoy
from crossline.records.models import Mention
from crossline.records.one_at_a_time import claim
from crossline.safeguarding.nrm.drafting import LONGEST_LINE, LONGEST_REASON, PURPOSE, reason_given
from crossline.safeguarding.nrm.form import section_45
from crossline.safeguarding.nrm.models import Section45Decision, Section45Entry
from crossline.safeguarding.nrm.routes import ADULT_AGE, Age, age_of, is_child
from crossline.safeguarding.nrm.security import WHO_CONSIDERS
from crossline.safeguarding.nrm.standing import nrm_about
from crossline.vocabulary.codes import MentionKind, RecordKind, Tristate

NO_REFERRAL: Final = "No referral that you see"
_SUPPLY: Final = reduce(
    or_,
    (
        Q(**{f"record__detail__{where}__icontains": term})
        for term in RULEBOOK.rules[ConcernReason.CHILD_IN_SUPPLY_CUSTODY].terms
        for where in ("custody__offence", "offence")
    ),
)
"""As is_supply has it, asked of the store, so that not every custody record is read."""
ANSWERS: Final = tuple((each.value, each.meaning) for each in Tristate)


@dataclass(frozen=True)
class Held:
    """Somebody held for supplying drugs, by the mention of them in one custody record; and what was considered."""

    mention: Mention
    age: Age
    is_victim: bool
    entries: Sequence[Section45Entry]

    @property
    def offence(self) -> str:
        return custody_of(self.mention).get("offence", "")

    @property
    def day(self) -> date:
        record = self.mention.record
        return (record.occurred_from or record.made_at).date()

    @property
    def due(self) -> date:
        """The day by which it has to be considered."""
        return self.day + timedelta(days=section_45().due_days)

    @property
    def is_due(self) -> bool:
        """Whether nobody has considered it yet, as far as the viewer sees."""
        return not self.entries

    @property
    def is_late(self) -> bool:
        return self.is_due and self.due < timezone.localdate()


@dataclass(frozen=True)
class Considered:
    """What somebody writes in the log."""

    considered_by: str
    evidence: str
    decision: str
    reason: str
    tests: Mapping[str, str] = field(default_factory=dict)
    scheduled: str = ""
    safeguarding_disposal: str = ""


def held(viewpoint: Viewpoint) -> list[Held]:
    """Everybody for whom it has to be considered: late ones first, then the newest."""
    rows = Mention.objects.filter(kind=MentionKind.PERSON, record__kind=RecordKind.CUSTODY)
    return _held(viewpoint, viewpoint.visible(rows, "audience", "record__audience"))


def held_in(viewpoint: Viewpoint, record: UUID) -> Held | None:
    """The person held by one custody record, where it has to be considered."""
    rows = Mention.objects.filter(kind=MentionKind.PERSON, record__kind=RecordKind.CUSTODY, record=record)
    return next(iter(_held(viewpoint, viewpoint.visible(rows, "audience", "record__audience"))), None)


def held_among(viewpoint: Viewpoint, mentions: Collection[UUID]) -> list[Held]:
    """Those of the people of these mentions."""
    known = people(viewpoint)
    wanted = {known.of(str(mention)) for mention in mentions}
    return [each for each in held(viewpoint) if known.of(str(each.mention.id)) in wanted]


def custody_of(mention: Mention) -> Mapping[str, str]:
    """What a custody record says of the holding."""
    detail = mention.record.detail
    inner = detail.get("custody")
    return inner if isinstance(inner, dict) else detail


def may_consider(viewpoint: Viewpoint, owner: str) -> bool:
    """Whether the viewer writes in the log for an agency."""
    viewer = viewpoint.viewer
    return bool(viewer.roles & WHO_CONSIDERS) and viewer.agency in (owner, CENTRE)


def nrm_state_of(viewpoint: Viewpoint, mention: UUID) -> str:
    """How a referral of this person stands, in words."""
    found = nrm_about(viewpoint, [mention])
    return f"{found[0].ref}: {found[0].state.label}" if found else NO_REFERRAL


def consider(*, record: UUID, stood: int, said: Considered, viewpoint: Viewpoint) -> Section45Entry:
    """Write down that the defence was considered. `stood`: how many entries there were when whoever writes read them."""
    if held_in(viewpoint, record) is None:
        refuse_decoy(viewpoint, record)
        raise NotPermitted(
            "There is no such custody record for which this has to be considered, or you may not see it."
        )
    claim(record)
    found = held_in(viewpoint, record)
    if found is None or not may_consider(viewpoint, found.mention.record.owner_id):
        raise NotPermitted(
            "Only a safeguarding lead or an investigator of the agency that holds the person, or of the centre, writes here."
        )
    overtaken = "Somebody else considered this since you opened it, so nothing was saved; read it again first."
    if len(found.entries) != stood:
        raise MoveNotAllowed(overtaken)
    _check(found, said)
    viewer = viewpoint.viewer
    made = Section45Entry(
        about=found.mention,
        record_id=record,
        owner_id=found.mention.record.owner_id,
        number=stood + 1,
        test=found.age,
        considered_by=said.considered_by.strip(),
        tests={each.id: said.tests[each.id] for each in section_45().tests_for(found.age)},
        evidence=said.evidence.strip(),
        scheduled=said.scheduled,
        safeguarding_disposal=said.safeguarding_disposal.strip(),
        nrm_state=nrm_state_of(viewpoint, found.mention.id),
        decision=said.decision,
        reason=reason_given(said.reason),
        day=timezone.localdate(),
        by=viewer.username,
        by_agency=viewer.agency,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(overtaken) from None
    about = {"decision": said.decision, "child": is_child(found.age), "reason": made.reason[:200]}
    log(Event.SECTION_45_CONSIDERED, by=viewer, about=Subject("section 45", str(record), about), purpose=PURPOSE)
    return made


def _check(found: Held, said: Considered) -> None:
    law = section_45()
    if not 0 < len(said.considered_by.strip()) <= LONGEST_LINE:
        raise UserError(f"Say who considered it: name and post, in up to {LONGEST_LINE} characters.")
    for text, what in ((said.evidence, "on what evidence"), (said.safeguarding_disposal, "the safeguarding disposal")):
        if len(text.strip()) > LONGEST_REASON:
            raise UserError(f"Say {what} in up to {LONGEST_REASON:,} characters.")
    if not said.evidence.strip():
        raise UserError("Say on what evidence it was considered.")
    if is_child(found.age) and not said.safeguarding_disposal.strip():
        raise UserError("Say which safeguarding disposal was considered: for a child it comes before a charge.")
    if said.decision not in Section45Decision.values:
        raise UserError("Choose what became of it from the list.")
    if any(said.tests.get(each.id) not in frozenset(Tristate) for each in law.tests_for(found.age)):
        raise UserError("Answer each question of the test: yes, no or not known.")
    if said.scheduled and said.scheduled not in {each.id for each in law.offences}:
        raise UserError("Choose the offence of Schedule 4 from the list, or none.")


def _held(viewpoint: Viewpoint, rows: QuerySet[Mention]) -> list[Held]:
    mentions = rows.filter(_SUPPLY).select_related("record").order_by("record_id", "place", "id")
    first: dict[UUID, Mention] = {}
    for mention in mentions:  # the person held comes first in a custody record
        first.setdefault(mention.record_id, mention)
    supplying = [each for each in first.values() if is_supply(str(custody_of(each).get("offence") or ""))]
    if not supplying:
        return []
    known, suffering = people(viewpoint), victims(viewpoint)
    ages = _ages(viewpoint, supplying)
    entries: dict[UUID, list[Section45Entry]] = {}
    written = Section45Entry.objects.filter(record__in=[each.record_id for each in supplying])
    for entry in viewpoint.visible(written, "audience", "about__audience", "record__audience").order_by("number"):
        entries.setdefault(entry.record_id, []).append(entry)
    found = [
        Held(each, ages[each.id], known.of(str(each.id)) in suffering, entries.get(each.record_id, []))
        for each in supplying
    ]
    concerned = [each for each in found if is_child(each.age) or each.is_victim]
    return sorted(
        concerned, key=lambda each: (not each.is_late, not each.is_due, -each.day.toordinal(), str(each.mention.id))
    )


def _ages(viewpoint: Viewpoint, supplying: Sequence[Mention]) -> dict[UUID, Age]:
    """How old each was on the day, by all that visible records say of them, the custody record's own word among it."""
    known = people(viewpoint)
    wanted = {known.of(str(each.id)) for each in supplying}
    others = [UUID(mention) for mention, person in known.cluster_of.items() if person in wanted]
    rows = viewpoint.visible(Mention.objects.filter(id__in=others), "audience", "record__audience")
    said: dict[str, list[Mention]] = {}
    for mention in rows.select_related("record"):
        said.setdefault(known.of(str(mention.id)), []).append(mention)
    return {each.id: _age(each, said.get(known.of(str(each.id)), [each])) for each in supplying}


def _age(held_: Mention, same: Sequence[Mention]) -> Age:
    day = (held_.record.occurred_from or held_.record.made_at).date()
    stated: list[bool | None] = [
        may_be_under(each.born, each.age, (each.record.occurred_from or each.record.made_at).date(), day, ADULT_AGE)
        for each in same
    ]
    under = custody_of(held_).get("under_18")
    return age_of([*stated, under if isinstance(under, bool) else None])
