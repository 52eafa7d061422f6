"""The answer itself, as plain data: what is given of each record, the victim first, with nothing of anybody else in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from crossline.engines.indicators.rulebook import RULEBOOK, ConcernReason
from crossline.entities.models import Judgement
from crossline.entities.profile import MatchReason
from crossline.records.detail_words import detail_rows
from crossline.records.models import Mention
from crossline.records.naming import name_of
from crossline.records.phrases import phrase
from crossline.rights.exports_told import ExportTold
from crossline.rights.holding import HeldRecord, Holding, Said
from crossline.rights.schedule import OF_OTHERS, READ_FIRST, Part, Withheld, counted, details_given, left_out_of
from crossline.rights.treatment import Treatment, proposed
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import Basis, MentionKind, RecordKind, SubjectCategory

LEFT_OUT = "[left out: it concerns somebody else]"


@dataclass(frozen=True)
class SubjectRequest:
    """What was asked: the agency's own reference, the day it came, and whether it is known who asks."""

    ref: str
    received: date
    identity_checked: bool


@dataclass(frozen=True)
class Answer:
    """What may be given, and the schedule of what may not. `exports` is for whoever answers, not for whoever asked."""

    given: Mapping[str, Any]
    schedule: Sequence[Withheld]
    exports: Sequence[ExportTold]


def answer(
    holding: Holding,
    decisions: Mapping[UUID, Treatment],
    *,
    agency: str,
    request: SubjectRequest,
    exports: Sequence[ExportTold],
    now: datetime,
) -> Answer:
    """The answer that follows from a person's decisions on each record."""
    given = [held for held in holding.records if decisions[held.record.id].gives]
    ids = {held.record.id for held in given}
    schedule = [
        row
        for held in holding.records
        for row in left_out_of(held, decisions[held.record.id], proposed(held.record, agency=agency))
    ]
    judgements = [each for each in holding.profile.judgements if _is_given(each, ids, agency)]
    schedule += [_judgement_left_out(each, given=each in judgements) for each in holding.profile.judgements]
    said = {
        "answer": {
            "by": _agency(agency),
            "request": request.ref,
            "received": request.received.isoformat(),
            "made": now.date().isoformat(),
        },
        "help": [line for held in given for line in _help(held)],
        "person": _person([mention for held in given for mention in held.mentions]),
        "records": [_record(held, decisions[held.record.id]) for held in given],
        "held_to_be_one_person": sorted({m.sentence for m in holding.profile.matches if _ends_given(m, ids)}),
        "judgements": [_judgement(each) for each in judgements],
        "may_have_been_given_to": [_export(each, agency) for each in exports],
        "left_out": {
            "other_people_mentioned": counted(_among(schedule, given), Part.OTHER_PEOPLE),
            "other_ends_of_statements": counted(_among(schedule, given), Part.OTHER_END),
            "free_texts": counted(_among(schedule, given), Part.TEXT),
        },
    }
    return Answer(said, schedule, exports)


def _among(schedule: Sequence[Withheld], given: Sequence[HeldRecord]) -> list[Withheld]:
    """The rows of records that are given: that others exist may be what must not be told."""
    refs = {(held.record.owner_id, held.record.ref) for held in given}
    return [row for row in schedule if (row.sent_by, row.record) in refs and row.part is not Part.WHOLE]


def _help(held: HeldRecord) -> list[dict[str, Any]]:
    """What a record says of the person as somebody who may need help: first in the answer."""
    told = [_statement(each) | {"record": held.record.ref} for each in held.said if each.statement.says_victim]
    wordings = {RULEBOOK.rules[ConcernReason(each.reason)].wording: each for each in held.concerns}
    return told + [
        {"says": wording.rstrip("."), "record": held.record.ref, "put_forward": concern.raised_at.date().isoformat()}
        for wording, concern in wordings.items()
    ]


def _person(mentions: Sequence[Mention]) -> dict[str, list[str]]:
    """Who the given records say the person is."""
    return {
        "names": sorted({m.caption for m in mentions} | {alias for m in mentions for alias in m.aliases}),
        "born": sorted({m.born for m in mentions if m.born}),
        "numbers_of_forces": sorted({m.nominal for m in mentions if m.nominal}),
        "pnc_ids": sorted({m.pnc for m in mentions if m.pnc}),
    }


def _record(held: HeldRecord, treatment: Treatment) -> dict[str, Any]:
    record = held.record
    with_text = treatment is Treatment.GIVE_TEXT
    return {
        "reference": record.ref,
        "kind": RecordKind(record.kind).meaning,
        "sent_by": _agency(record.owner_id),
        "made": record.made_at.date().isoformat(),
        "happened": held.day.isoformat(),
        "next_review": record.review_at.isoformat(),
        "named_as": [_named(mention) for mention in held.mentions],
        "statements": [_statement(each) for each in held.said],
        "details": [list(row) for row in detail_rows(details_given(held))],
        "subject": record.subject if with_text else None,
        "text": record.text if with_text else None,
        "other_people_left_out": held.others,
    }


def _named(mention: Mention) -> dict[str, Any]:
    return {
        "name": mention.caption,
        "other_names": list(mention.aliases),
        "born": mention.born or None,
        "age_then": mention.age,
        "sex": mention.sex or None,
        "number_of_force": mention.nominal or None,
        "pnc_id": mention.pnc or None,
    }


def _statement(said: Said) -> dict[str, Any]:
    """One statement from the person's side. What lies at its other end is told only if it concerns nobody else."""
    assertion, other = said.statement.assertion, said.statement.other
    itself = other.kind == MentionKind.PERSON and not said.concerns_others
    category = SubjectCategory.VICTIM if said.statement.says_victim else assertion.category
    return {
        "says": phrase(assertion.type, forwards=said.statement.outward),
        "of": LEFT_OUT if said.concerns_others else "the same person" if itself else name_of(other),
        "left_out": said.concerns_others,
        "category": str(category) if said.statement.outward and category else None,
        "basis": Basis(assertion.basis).meaning,
        "from": assertion.from_date.isoformat() if assertion.from_date else None,
        "to": assertion.to_date.isoformat() if assertion.to_date else None,
    }


def _ends_given(match: MatchReason, ids: Collection[UUID]) -> bool:
    return match.left.record_id in ids and match.right.record_id in ids


def _is_given(judgement: Judgement, ids: Collection[UUID], agency: str) -> bool:
    ends = judgement.left.record_id in ids and judgement.right.record_id in ids
    return ends and judgement.decided_agency == agency


def _judgement(judgement: Judgement) -> dict[str, str]:
    return {
        "verdict": str(judgement.get_verdict_display()),
        "by": _agency(judgement.decided_agency),
        "on": judgement.decided_at.date().isoformat(),
    }


def _judgement_left_out(judgement: Judgement, *, given: bool) -> Withheld:
    """Of a judgement that is given, its reason, which is free text; of another, the whole."""
    why = Treatment.OTHERS if given else Treatment.OWNER
    authority = READ_FIRST if given else OF_OTHERS
    day = judgement.decided_at.date()
    return Withheld("", judgement.decided_agency, "judgement", day, Part.JUDGEMENT, 1, why, authority)


def _export(told: ExportTold, agency: str) -> dict[str, Any]:
    return {
        "on": told.at.date().isoformat(),
        "to": "You, in answer to an earlier request" if told.certain else f"Somebody of {_agency(agency)}",
        "what": told.what if told.certain else f"An export of {told.what}",
        "certain": told.certain,
    }


def _agency(agency: str) -> str:
    known = agencies().get(agency)
    return known.name if known else agency
