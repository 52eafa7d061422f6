"""The page of one person's concerns as plain rows: reasons, who answers, how it stands, who was told, what was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from crossline.engines.indicators.answerers import OF_FORCES, Capacity
from crossline.engines.indicators.rulebook import RULEBOOK, ConcernReason
from crossline.safeguarding.answering.models import CaseEntry, CaseReason, CaseStep, How, Told
from crossline.safeguarding.answering.moves import CaseEnd, CaseState
from crossline.safeguarding.answering.standing import CaseStanding, names_of
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.places import authorities
from crossline.wording import format_datetime

COLOURS: Final[Mapping[CaseState, str]] = MappingProxyType(
    {
        CaseState.RAISED: "yellow",
        CaseState.REOPENED: "yellow",
        CaseState.TAKEN_ON: "blue",
        CaseState.IN_HAND: "blue",
        CaseState.OFFERED: "purple",
        CaseState.DECLINED: "orange",
        CaseState.WITHDRAWN: "orange",
        CaseState.ACCEPTED: "blue",
        CaseState.ENDED: "grey",
    }
)


def agency_name(agency: str) -> str:
    """An agency of the reference list by its name."""
    return agencies()[agency].name if agency in agencies() else agency


def authority_name(code: str) -> str:
    """A local authority by its name and code."""
    known = authorities().get(code)
    return f"{known.name} ({code})" if known else code


def owner_in_words(found: CaseStanding) -> str:
    """Whose a case is: a person of an agency, or its safeguarding desk and why."""
    agency = agency_name(found.held.agency)
    if found.held.has_ended:
        return f"Nobody any more: it ended with {agency}"
    if found.owner_name:
        return f"{found.owner_name}, {agency}"
    if found.written.person:
        return f"The safeguarding desk of {agency}: {found.written.person}, who had it, answers there no more"
    return f"The safeguarding desk of {agency}"


def due_in_words(found: CaseStanding, now: datetime) -> str:
    """What is owed and by when: “To take it on by 3 March 2026 at 2:10pm”."""
    due = found.due
    if due is None:
        return ""
    return f"To {due.what} by {format_datetime(due.by)}{', which is past' if due.is_late(now) else ''}"


def state_tag(found: CaseStanding) -> tuple[str, str]:
    """How a case stands, with its colour."""
    state = found.held.state
    return state.label, COLOURS[state]


def case_summary(found: CaseStanding, now: datetime) -> list[tuple[str, str]]:
    """What is said of a case before anything else."""
    rows = [("Who answers now", owner_in_words(found)), ("Due", due_in_words(found, now))]
    if found.held.offered:
        rows.append(("Offered to", f"{agency_name(found.held.offered)}; the owner stays until it accepts"))
    if found.step.end:
        rows.append(("How it ended", f"{CaseEnd(found.step.end).label}. {found.step.reason}"))
    return [(key, value) for key, value in rows if value]


def told_rows(told: Iterable[Told], entries: Iterable[CaseEntry]) -> list[dict[str, object]]:
    """Who answers in each capacity, and how they were told; what has still to be done by telephone says so."""
    done = {entry.told_id: entry for entry in entries if entry.told_id}
    return [
        {
            "id": str(row.id),
            "capacity": Capacity(row.capacity).meaning,
            "who": told_who(row),
            "how": _how(row, done.get(row.id)),
            "waits": row.how != How.PAGE and row.id not in done,
            "at": row.at,
            "because": row.because,
        }
        for row in told
    ]


def told_who(row: Told) -> str:
    """Whom a row of Told names, by name."""
    if not row.who:
        return ""
    if row.capacity in OF_FORCES:
        return agency_name(row.who)
    organisation = f", {row.agency.name}" if row.agency is not None else ""
    return f"{authority_name(row.who)}{organisation}"


def _how(row: Told, done: CaseEntry | None) -> str:
    if row.how == How.PAGE:
        return How.PAGE.label
    if done is not None:
        return f"By telephone, {format_datetime(done.at)}: {done.text}"
    return "By telephone: not yet done" if row.who else "Not known who: find out, and tell them"


def time_line(
    reasons: Iterable[CaseReason], steps: Iterable[CaseStep], told: Iterable[Told], entries: Iterable[CaseEntry]
) -> list[dict[str, object]]:
    """Everything that happened to one case, the newest first."""
    steps, entries, told = list(steps), list(entries), list(told)
    names = names_of({step.by for step in steps} | {entry.by for entry in entries} | {step.person for step in steps})
    by_id = {row.id: row for row in told}
    items = [_step_item(step, names) for step in steps]
    items += [
        {
            "title": f"Told by telephone: {told_who(by_id[entry.told_id]) or Capacity(by_id[entry.told_id].capacity).meaning}"
            if entry.told_id in by_id
            else "Done",
            "at": entry.at,
            "byline": _byline(entry.by, entry.by_agency, names),
            "text": entry.text,
        }
        for entry in entries
    ]
    items += [
        {
            "title": "A reason",
            "at": reason.at,
            "byline": "",
            "text": RULEBOOK.rules[ConcernReason(reason.reason)].wording,
        }
        for reason in reasons
    ]
    return sorted(items, key=lambda item: (str(item["at"]), str(item["title"]), str(item["text"])), reverse=True)


def _step_item(step: CaseStep, names: Mapping[str, str]) -> dict[str, object]:
    state, title = CaseState(step.state), CaseState(step.state).label
    if state in (CaseState.TAKEN_ON, CaseState.ACCEPTED):
        title = f"{title} by {names.get(step.person, step.person)}"
    elif state is CaseState.OFFERED:
        title = f"Offered to {agency_name(step.offered)}"
    elif state is CaseState.ENDED:
        title = f"Ended: {CaseEnd(step.end).label.lower()}"
    return {"title": title, "at": step.at, "byline": _byline(step.by, step.by_agency, names), "text": step.reason}


def _byline(by: str, agency: str, names: Mapping[str, str]) -> str:
    return f"{names.get(by, by)}, {agency_name(agency)}" if agency else "Crossline itself"


def owner_cells(found: Sequence[CaseStanding], now: datetime) -> list[dict[str, object]]:
    """Of each case of a person on the list: whose it is, how it stands, and what is due."""
    return [
        {
            "ref": each.ref,
            "owner": owner_in_words(each),
            "state": state_tag(each),
            "due": due_in_words(each, now),
            "late": each.is_late(now),
        }
        for each in found
    ]
