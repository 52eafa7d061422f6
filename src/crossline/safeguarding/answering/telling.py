"""Telling those who answer for a person: rows of who was told, in which capacity and how, and notices for partner organisations.

A force that may see the concern is told by it standing on its page. An authority is told on the page of the organisation that
covers it, where one is here with somebody in it; else somebody has to ring them, which stands there until it is done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from crossline.access.actions import intern_audience
from crossline.access.partners import organisations_for
from crossline.access.policy import partner_label
from crossline.engines.indicators.answerers import OF_FORCES, Answerer
from crossline.safeguarding.answering.models import CaseReason, How, PartnerNotice, Told
from crossline.vocabulary.agencies import PartnerKind


@dataclass(frozen=True)
class Telling:
    """Who is to be told of one reason. `anew`: of this one everybody is told, whatever they were told of the case before.

    `on_pages`: forces whose desks see the concern; `may_leave`: partner organisations may be told of it by the process.
    """

    reason: CaseReason
    answers: Sequence[Answerer]
    owner: str
    is_child: bool
    anew: bool
    on_pages: frozenset[str]
    may_leave: bool


def tell(tellings: Sequence[Telling]) -> int:
    """Write who was told and how. Gives how many rows were written."""
    before = _told_before(each.reason.case_id for each in tellings)
    covering: dict[tuple[str, PartnerKind], list[str]] = {}
    told, notices = [], []
    for telling in tellings:
        known = before[telling.reason.case_id]
        for answer in telling.answers:
            if (answer.capacity, answer.who) in known and not telling.anew:
                continue
            known.add((answer.capacity, answer.who))
            for row in _rows(telling, answer, covering):
                told.append(row)
                if row.how == How.PAGE and answer.capacity not in OF_FORCES:
                    notices.append(_notice(telling, row))
    Told.objects.bulk_create(told, batch_size=5_000)
    PartnerNotice.objects.bulk_create(notices, batch_size=5_000)
    return len(told)


def reference_of(case: UUID) -> str:
    """What people call a case by, on the telephone too."""
    return f"CON-{str(case)[:8].upper()}"


def _told_before(cases: Iterable[UUID]) -> defaultdict[UUID, set[tuple[str, str]]]:
    found: defaultdict[UUID, set[tuple[str, str]]] = defaultdict(set)
    for case, capacity, who in Told.objects.filter(case__in=set(cases)).values_list("case_id", "capacity", "who"):
        found[case].add((capacity, who))
    return found


def _rows(telling: Telling, answer: Answerer, covering: dict[tuple[str, PartnerKind], list[str]]) -> list[Told]:
    if not answer.who:
        return [_row(telling, answer, None, How.NOBODY, answer.because)]
    if answer.capacity in OF_FORCES:
        sees = answer.who in telling.on_pages
        because = (
            answer.because if sees else f"{answer.because}; the record is not shared with it, so ask its owner first"
        )
        return [_row(telling, answer, answer.who, How.PAGE if sees else How.TELEPHONE, because)]
    kind = PartnerKind.CHILDRENS_SERVICES if telling.is_child else PartnerKind.ADULT_SOCIAL_CARE
    if (answer.who, kind) not in covering:
        covering[answer.who, kind] = organisations_for(answer.who, kind)
    organisations = covering[answer.who, kind]
    if not organisations:
        because = f"{answer.because}; no organisation of it is here with somebody in it: tell them by telephone"
        return [_row(telling, answer, None, How.TELEPHONE, because)]
    if not telling.may_leave:
        because = f"{answer.because}; a person decides whether they are told of this"
        return [_row(telling, answer, each, How.TELEPHONE, because) for each in organisations]
    return [_row(telling, answer, each, How.PAGE, answer.because) for each in organisations]


def _row(telling: Telling, answer: Answerer, agency: str | None, how: How, because: str) -> Told:
    reason = telling.reason
    return Told(
        case_id=reason.case_id,
        reason=reason,
        capacity=answer.capacity,
        who=answer.who,
        agency_id=agency,
        how=how,
        because=f"{because[0].upper()}{because[1:]}.",
        basis_audience_id=reason.basis_audience_id,
        audience_id=reason.audience_id,
    )


def _notice(telling: Telling, row: Told) -> PartnerNotice:
    return PartnerNotice(
        told=row,
        ref=reference_of(row.case_id),
        authority=row.who,
        capacity=row.capacity,
        is_child=telling.is_child,
        ring_id=telling.owner,
        audience_id=intern_audience({partner_label(str(row.agency_id))}),
    )
