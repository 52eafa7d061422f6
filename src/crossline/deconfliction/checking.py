"""Asking whether others work on the same: one act, with a purpose and an operation, that gets a number and an answer.

What is asked is keyed here and looked up by a function of the database (functions.py), which writes the check with its answer.
Nobody's silence can be told from nobody's being there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.receipt_numbers import receipt_number
from crossline.access.roles import POLICING_ROLES
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.following import PHONE, Links, followed, links
from crossline.deconfliction.functions import LIMIT
from crossline.deconfliction.keying import token
from crossline.deconfliction.rules import (
    CHECKS_AN_HOUR,
    FILE_ROWS_ALONE,
    STANDS,
    TOKENS_OF_ONE,
    CheckKind,
    sureness,
    verdict_at,
)
from crossline.deconfliction.texts import texts_asked
from crossline.deconfliction.trying_out import alike
from crossline.engines.deconfliction.tokens import Verdict, verdict_of
from crossline.errors import NotPermitted, TooMuchAtOnce, UserError

PURPOSE: Final = "deconfliction"
LONGEST_PURPOSE: Final = 200
LONGEST_OPERATION: Final = 100
LONGEST_CONTACT: Final = 200
LONGEST_VALUE: Final = 300


@dataclass(frozen=True)
class Reason:
    """What a check is for: on the record with it, and told to whoever is met (all but the operation)."""

    purpose: str
    operation: str
    contact: str

    def __post_init__(self) -> None:
        for name, said, longest in (
            ("the purpose", self.purpose, LONGEST_PURPOSE),
            ("the operation", self.operation, LONGEST_OPERATION),
            ("whom to ring", self.contact, LONGEST_CONTACT),
        ):
            if not 0 < len(said.strip()) <= longest:
                raise UserError(f"Say {name}, in up to {longest} characters: a check without it is not answered.")


@dataclass(frozen=True)
class Why(Reason):
    """The same of a check of something that goes on, with how long it stands."""

    stands: int  # days, of rules.STANDS

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.stands not in STANDS:
            raise UserError(f"A check stands for one of these numbers of days: {', '.join(map(str, STANDS))}.")

    @property
    def until(self) -> date:
        return timezone.localdate() + timedelta(days=self.stands)


@dataclass(frozen=True)
class Asked:
    """One thing that is asked about, with the texts that it is looked up by, and found by while it stands."""

    scheme: str
    value: str
    texts: tuple[str, ...]

    @property
    def kind(self) -> CheckKind:
        """People and lines are kinds of their own; everything else is a value."""
        return CheckKind.read(self.scheme) or CheckKind.SELECTOR

    @classmethod
    def read(cls, scheme: str, value: str) -> Asked:
        """A value as somebody wrote it; raises where it cannot be read."""
        written = value.strip()[:LONGEST_VALUE]
        return cls(scheme, written, texts_asked(scheme, written))


@dataclass(frozen=True)
class Told:
    """One agency that was met."""

    agency: str
    contact: str
    category: str
    nearness: str = ""  # of planned events
    verdict: Verdict | None = None  # of everything else


@dataclass(frozen=True)
class Answered:
    """A check with what came back: nobody, or the agencies that let themselves be told of."""

    id: UUID
    number: str
    asked: Asked
    told: tuple[Told, ...]


def ask_check(*, asked: Asked, why: Why, viewpoint: Viewpoint) -> Answered:
    """Ask about one thing."""
    return ask_checks(asked=[asked], why=why, viewpoint=viewpoint, in_file=False)[0]


def ask_checks(
    *, asked: Sequence[Asked], why: Why, viewpoint: Viewpoint, in_file: bool = True, approval: UUID | None = None
) -> list[Answered]:
    """Ask about many things at once, in one statement. `approval`: the one that was used for it, where it needs one."""
    require_asker(viewpoint)
    numbered = {uuid4(): (receipt_number("D"), each) for each in asked}
    # What a number took over from is looked up as well, as far as whoever asks sees that it did.
    along = links(viewpoint) if any(text.startswith(PHONE) for each in asked for text in each.texts) else {}
    checks = [
        {
            "id": str(id_),
            "number": number,
            "kind": str(each.kind),
            "scheme": each.scheme,
            "value": each.value,
            "tokens": list(_tokens(each, along)),
        }
        for id_, (number, each) in numbered.items()
    ]
    near = alike((text for each in asked for text in each.texts), viewpoint)
    told: dict[UUID, list[Told]] = {}
    for id_, agency, contact, category, sure in _looked_up(json.dumps(checks), why, in_file, approval):
        told.setdefault(id_, []).append(Told(agency, contact, category, verdict=verdict_at(sure)))
    made = [
        Answered(id_, number, each, tuple(sorted(told.get(id_, ()), key=lambda each: each.agency)))
        for id_, (number, each) in numbered.items()
    ]
    for subject in subjects(made, why, in_file=in_file, alike=near):
        log(Event.DECONFLICTION_CHECKED, by=viewpoint.viewer, about=subject, purpose=PURPOSE)
    return made


def require_asker(viewpoint: Viewpoint) -> None:
    """Raise unless the viewer may ask."""
    if not viewpoint.viewer.roles & POLICING_ROLES or viewpoint.viewer.person_id is None:
        raise NotPermitted("Only somebody of a policing role, in their own name, may ask what others work on.")


def _tokens(asked: Asked, along: Links) -> Iterator[dict[str, object]]:
    """What is looked up: the thing's own texts, and numbers that took over; no more than one check may look up."""
    own = [(text, verdict_of(text), None) for text in asked.texts]
    others = [(each.text, each.verdict, str(each.via)) for each in followed(asked.texts, along)]
    for text, verdict, via in [*own, *others][:TOKENS_OF_ONE]:
        yield {"token": token(text).hex(), "sure": sureness(verdict), "via": via}


def _looked_up(
    checks: str, why: Why, in_file: bool, approval: UUID | None
) -> list[tuple[UUID, str, str, str, int | None]]:
    parameters: list[str | date | bool | UUID | None] = [
        checks,
        why.purpose.strip(),
        why.operation.strip(),
        why.contact.strip(),
        why.until,
        in_file,
        approval,
    ]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT asked, agency, contact, category, sure FROM crossline_deconflict(%s::jsonb, %s, %s, %s, %s, %s, %s)",
                parameters,
            )
            return list(cursor.fetchall())
    except OperationalError as error:
        raise too_often(error, in_file=in_file) from None


def too_often(error: OperationalError, *, in_file: bool = False) -> Exception:
    """What somebody is told who has asked too often; the error itself where it is another."""
    if getattr(error.__cause__, "sqlstate", "") != LIMIT:
        return error
    return TooMuchAtOnce(
        f"You have checked {FILE_ROWS_ALONE} rows of files in a day; a second person has to allow more."
        if in_file
        else f"You have asked {CHECKS_AN_HOUR} times within the hour; ask again later, or give a file."
    )


def subjects(made: Sequence[Answered], why: Reason, *, in_file: bool = False, alike: int = 0) -> list[Subject]:
    """What the audit says: a row for a check, one for a file. The value stands with the check and nowhere else."""
    said: dict[str, object] = {"purpose": why.purpose.strip(), "operation": why.operation.strip()}
    said |= {"alike": alike} if alike > 1 else {}
    if in_file:
        met = sum(bool(each.told) for each in made)
        return [Subject("check", "", said | {"rows": len(made), "met": met})]
    return [
        Subject(
            "check", str(each.id), said | {"number": each.number, "scheme": each.asked.scheme, "met": len(each.told)}
        )
        for each in made
    ]
