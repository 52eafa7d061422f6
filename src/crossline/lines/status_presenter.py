"""What the pages of declared states and check-backs show, as plain rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from django.urls import reverse

from crossline.access.viewer import Viewpoint
from crossline.engines.lines.reemergence import SightingKind, Sign
from crossline.entities.clusters import people
from crossline.entities.victims import victims
from crossline.lines.attention import attention, may_change_attention
from crossline.lines.declaring import may_declare, numbers_of_return
from crossline.lines.declaring_orders import may_declare_orders
from crossline.lines.evidence import evidence_of
from crossline.lines.in_words import names, orders_in_words
from crossline.lines.models import LineAttention, Proves, StateEvidence
from crossline.lines.reemerging import Closed
from crossline.lines.register import RegisterLine
from crossline.lines.standing import CheckBack, Declared, Standing
from crossline.lines.states import MOVES, DeclaredState, OrdersTaken
from crossline.records.models import Mention, Record
from crossline.records.naming import tidy_brand, tidy_name
from crossline.vocabulary.codes import LineStatus
from crossline.wording import format_date, format_phone, plural

SEEN_IN: Final[Mapping[SightingKind, str]] = {
    SightingKind.REPORT: "A report names it",
    SightingKind.RETURN: "A return has it in use",
    SightingKind.DEAL_LINE: "Call records show it in use as a deal line",
    SightingKind.TOOK_OVER: "Took over from a closed number",
}
SPEAKS: Final = "Put forward: it speaks again. A person confirms it or says that it is out of use"
"""Of the check-back that waits, where the records show a number in use since the closure."""
_NAMED: Final = frozenset({SightingKind.REPORT, SightingKind.DEAL_LINE})
MOST_NAMED: Final = 5
SHOWN: Final[Mapping[str, str]] = {"to-do": "To do", "found": "Speak again", "all": "All closures"}


@dataclass(frozen=True)
class StatusPage:
    """One returned line: what its agency says, what was declared, and what may be declared now."""

    viewpoint: Viewpoint
    returned: Record
    line: RegisterLine
    standing: Standing
    closed: Closed | None
    today: date

    @property
    def name(self) -> str:
        return tidy_brand(self.line.name)

    @property
    def line_href(self) -> str:
        return reverse("line", args=[self.line.id])

    @property
    def stood(self) -> str:
        """The newest declaration, for the form to say what its reader saw."""
        return str(self.standing.last or "")

    @cached_property
    def summary(self) -> list[Mapping[str, object]]:
        """What the agency says, what was declared, and which of them the register follows."""
        said = LineStatus(self.returned.detail["status"]).meaning
        agency = names((self.returned.owner_id,))
        return [
            {"key": "Status in the register", "value": status_basis(self.line)},
            {
                "key": f"{agency} returned",
                "value": f"{said}, on {format_date(self.returned.made_at.date())}",
                **self._return,
            },
            {"key": "Declared", "value": declared_in_words(self.standing)},
            {"key": "Numbers of the return", "value": ", ".join(map(format_phone, self.numbers)) or "None"},
            {"key": "Takes orders", "value": orders_in_words(self.line)},
            {"key": "National attention", "value": attention_in_words(self.attention)},
        ]

    @property
    def _return(self) -> Mapping[str, str]:
        return {"href": reverse("record", args=[self.returned.id]), "href_text": "Open the return"}

    @cached_property
    def numbers(self) -> list[str]:
        return numbers_of_return(self.line, *self.standing.returned)

    @cached_property
    def attention(self) -> LineAttention | None:
        """The row that raised national attention, where it stands."""
        return attention(self.viewpoint, [self.standing.returned]).get(self.standing.returned)

    @property
    def may_change_attention(self) -> bool:
        return may_change_attention(self.viewpoint)

    @property
    def orders_choices(self) -> list[tuple[str, str]]:
        """What the viewer may say of how it takes orders: another than what stands; nothing where they may not."""
        said = next((row for row in self.line.said_of_orders if row.line_ref == self.returned.ref), None)
        stands = said.taken if said and said.owner_id == self.returned.owner_id else OrdersTaken.AS_FOUND
        may = may_declare_orders(self.returned.owner_id, self.viewpoint)
        return [(each.value, each.label) for each in OrdersTaken if may and each != stands]

    @property
    def moves(self) -> list[DeclaredState]:
        """What the viewer may declare now."""
        allowed = MOVES[self.standing.state]
        own = self.viewpoint.viewer.username
        proposal = self.standing.proposal
        return [
            each
            for each in DeclaredState
            if each in allowed
            and may_declare(each, self.returned.owner_id, self.viewpoint)
            and not (proposal and proposal.by == own and each is not DeclaredState.TAKEN_BACK)
        ]

    @cached_property
    def holder_choices(self) -> list[tuple[str, str]]:
        """Each person whom a visible record says controls the line, once; whoever a record calls a victim is marked."""
        known, suffering = people(self.viewpoint), victims(self.viewpoint)
        mentions = self.viewpoint.visible(Mention.objects.filter(id__in=self.line.holders)).order_by("id")
        of_person: dict[str, tuple[str, str]] = {}
        for mention in mentions:
            person = known.of(str(mention.id))
            marked = " (a record calls them a victim)" if person in suffering else ""
            of_person.setdefault(person, (str(mention.id), f"{tidy_name(mention.caption)}{marked}"))
        return sorted(of_person.values(), key=lambda choice: choice[1])

    @property
    def open_checks(self) -> list[tuple[str, str]]:
        """The check-backs that somebody can answer today."""
        due = [each for each in self.standing.check_backs if each.is_due(self.today)]
        return [
            (str(each.days), f"{plural(each.days, 'day')} after the closure, due {format_date(each.due)}")
            for each in due
        ]

    @property
    def checks(self) -> list[dict[str, object]]:
        """The check-backs of the closure that stands."""
        waits = self.standing.next_check if self.signs else None
        rows = [(each, check_row(each, self.today)) for each in self.standing.check_backs]
        return [row | {"state": SPEAKS} if each is waits or each == waits else row for each, row in rows]

    @property
    def signs(self) -> list[dict[str, object]]:
        return [sign_row(each) for each in self.closed.signs] if self.closed else []

    @property
    def put_forward(self) -> Mapping[str, str]:
        """What the form holds already where the line may speak again, so that confirming it is one act of a person."""
        if self.closed is None or not self.closed.signs or DeclaredState.REOPENED not in self.moves:
            return {}
        named = dict.fromkeys(s.sighting.ref for s in self.closed.signs if s.sighting.kind in _NAMED)
        due = self.open_checks[0][0] if self.open_checks else ""
        records = ", ".join(list(named)[:MOST_NAMED])
        return {"state": DeclaredState.REOPENED, "records": records, "check_back": due}

    @property
    def history(self) -> list[dict[str, object]]:
        """What was declared, the newest first."""
        return [
            {
                "state": row.state.label,
                "since": row.since,
                "reason": row.reason,
                "check": f"{row.check_said} ({format_date(row.checked_on)})" if row.checked_on else None,
                "by": row.by,
                "agency": row.agency,
                "at": row.at,
            }
            for row in reversed(self.standing.rows)
        ]

    @cached_property
    def evidence_records(self) -> list[Record]:
        """The records named as evidence that the viewer sees."""
        return [each.record for each in self._evidence]

    @cached_property
    def _evidence(self) -> Sequence[StateEvidence]:
        return evidence_of([row.id for row in self.standing.rows], self.viewpoint)

    @property
    def evidence(self) -> list[dict[str, object]]:
        """Each with what it is to show."""
        of_state = {row.id: row.state.label for row in self.standing.rows}
        return [
            {
                "ref": each.record.ref,
                "href": reverse("record", args=[each.record_id]),
                "shows": Proves(each.proves).label,
                "person": tidy_name(each.mention.caption) if each.mention else None,
                "of": of_state[each.state_id],
                "owner": names((each.record.owner_id,)),
            }
            for each in self._evidence
        ]


def status_basis(line: RegisterLine) -> str:
    """The register's status of a line, and what it rests on."""
    declared, newest = line.declared, line.newest_return
    if declared is not None and line.is_as_declared:
        return f"{line.status.meaning}, as declared on {format_date(declared.at.date())}"
    if newest is not None:
        return f"{line.status.meaning}, as {names((newest.owner,))} returned it on {format_date(newest.made_at.date())}"
    return f"{line.status.meaning}: no agency has returned it"


def attention_in_words(row: LineAttention | None) -> str:
    """Whether a line has the nation's attention, since when and why."""
    return f"Since {format_date(row.decided_at.date())}: {row.reason}" if row else "No"


def return_rows(line: RegisterLine, closed: Sequence[Closed]) -> list[dict[str, object]]:
    """Each return of a line: what its agency says, what was declared of it, and what was seen since where that closed it."""
    stands = {each.returned: each for each in line.standings}
    signs = {each.standing.returned: len(each.signs) for each in closed}
    return [
        {
            "ref": row.ref,
            "href": reverse("line-status", args=[row.record]),
            "agency": row.owner,
            "said": LineStatus(row.detail["status"]).meaning,
            "on": row.made_at.date(),
            "declared": declared_in_words(stands.get(returned, Standing(returned))),
            "signs": signs.get(returned) or None,
        }
        for row in line.returns
        if (returned := (row.owner, row.ref))
    ]


def declared_in_words(standing: Standing) -> str:
    """What was declared of a return, and what waits for the centre."""
    row, proposal = standing.gives_status, standing.proposal
    said = f"{row.state.label} since {format_date(row.since)}{_of_number(row)}" if row else "Nothing yet"
    return f"{said}; {proposal.state.label.lower()}, which waits for the centre" if proposal else said


def _of_number(row: Declared) -> str:
    return f" (number {format_phone(row.number)})" if row.number else ""


def check_row(check: CheckBack, today: date) -> dict[str, object]:
    """A check-back in a row."""
    return {
        "days": plural(check.days, "day"),
        "due": check.due,
        "state": check_state(check, today),
        "by": check.answer.by if check.answer else None,
        "said": check.answer.reason if check.answer else None,
    }


def check_state(check: CheckBack, today: date) -> str:
    """How a check-back stands."""
    if check.answer is not None:
        return "Out of use"
    if check.passed_over:
        return "Not made; a later one was"
    if check.is_overdue(today):
        return "Overdue"
    return "Due" if check.is_due(today) else "Not due yet"


def sign_row(sign: Sign) -> dict[str, object]:
    """A sign of use after the closure, in a row."""
    seen, path = sign.sighting, sign.watched.path
    came = [f"from {format_phone(link.old)} on {format_date(link.date)}" for link in path]
    mark = "" if sign.watched.is_certain else "; put forward, nobody has confirmed it"
    return {
        "number": seen.number,
        "day": seen.day,
        "what": SEEN_IN[seen.kind],
        "why": f"Took over {', then '.join(came)}{mark}" if path else "The closed number",
        "ref": seen.ref,
        "href": reverse("number-change" if seen.kind is SightingKind.TOOK_OVER else "record", args=[seen.record]),
    }


def closed_row(closed: Closed, record: Mapping[tuple[str, str], str], today: date) -> dict[str, object]:
    """A closure in a row of the list of check-backs."""
    standing, closure, check = closed.standing, closed.standing.closure, closed.next_check
    first = closed.signs[0].sighting if closed.signs else None
    return {
        "name": tidy_brand(closed.line.name),
        "href": reverse("line-status", args=[record[standing.returned]]),
        "agency": standing.returned[0],
        "state": closure.state.label if closure else None,
        "since": closure.since if closure else None,
        "check": plural(check.days, "day") if check else "All made",
        "due": check.due if check else None,
        "stands": check_state(check, today) if check else None,
        "signs": len(closed.signs) or None,
        "first": f"{format_phone(first.number)} on {format_date(first.day)}" if first else None,
    }


def is_due(closed: Closed, today: date) -> bool:
    """Whether a check-back of a closure is due."""
    return closed.next_check is not None and closed.next_check.is_due(today)


def in_order(found: Sequence[Closed]) -> list[Closed]:
    """Those that speak again first, then by the day on which the next check-back is due."""
    return sorted(
        found,
        key=lambda each: (not each.signs, each.next_check.due if each.next_check else date.max, each.standing.returned),
    )
