"""How the clocks of an episode stand, reckoned from what records tell and what people wrote, at one moment.

Pure: no store and no clock of its own. What nobody knows is a state that asks somebody, and never counts as done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models

from crossline.safeguarding.missing.episodes import Episode, InterviewTold
from crossline.safeguarding.missing.models import EntryKind, EpisodeEntry
from crossline.safeguarding.missing.rules import NOT_KNOWN, PREVENTION, ClockRule, rules
from crossline.wording import format_datetime

ADULT_AGE: Final = 18


class ClockState(models.TextChoices):
    """How one clock stands, what somebody has to act on first."""

    BREACHED = "breached", "Breached"
    DUE = "due", "Due"
    OPEN = "open", "Open"
    NOT_KNOWN = "not_known", "Not known: ask"
    WAITING = "waiting", "Not back yet"
    DONE_LATE = "done_late", "Done late"
    DECLINED = "declined", "Offered and declined"
    DONE = "done", "Done in time"
    NOT_FOR_ADULTS = "not_for_adults", "Not for adults"


RUNNING: Final = frozenset({ClockState.BREACHED, ClockState.DUE, ClockState.OPEN})
"""Clocks that somebody still has to answer."""


@dataclass(frozen=True)
class Clock:
    """One clock of one episode. `ask`: what is to be found out, where something is not known; `note`: what is known besides."""

    rule: ClockRule
    state: ClockState
    due: datetime | None
    done: datetime | None = None
    ask: str = ""
    note: str = ""
    goes_to: tuple[str, ...] = ()
    escalated: bool = False

    def late_by(self, now: datetime) -> float:
        """For how many seconds it has been breached, or was answered late; 0 where it is not."""
        if self.due is None or self.state not in (ClockState.BREACHED, ClockState.DONE_LATE):
            return 0.0
        return ((self.done or now) - self.due).total_seconds()


@dataclass(frozen=True)
class _Answer:
    """What is known of an interview: when it was done, whether it was declined, or what has to be asked."""

    done: datetime | None = None
    declined: bool = False
    ask: str = ""
    note: str = ""


def returned_at(episode: Episode, entries: Sequence[EpisodeEntry]) -> datetime | None:
    """When they came back: as somebody wrote last, else as the records tell."""
    wrote = [entry.happened_at for entry in entries if entry.kind == EntryKind.RETURNED]
    return wrote[-1] if wrote else episode.found_at


@dataclass(frozen=True)
class _Case:
    """What every clock of an episode is reckoned from."""

    episode: Episode
    entries: Sequence[EpisodeEntry]
    back: datetime | None
    age: int | None
    now: datetime
    centre: str

    @property
    def goes_to(self) -> tuple[str, ...]:
        """The home force; while that is not known, whoever reported it."""
        return (self.episode.home or self.episode.told[0].record.owner_id,)


def clocks_of(
    episode: Episode, entries: Sequence[EpisodeEntry], *, age: int | None, now: datetime, centre: str
) -> list[Clock]:
    """Every clock of an episode. `entries` in the order in which they were written; `age` in years when they went missing."""
    case = _Case(episode, entries, returned_at(episode, entries), age, now, centre)
    return [_clock(rule, case) for rule in rules().clocks]


def _not_running(rule: ClockRule, case: _Case) -> Clock | None:
    """A clock that does not run, or of which nobody knows from when."""
    if rule.children_only and case.age is not None and case.age >= ADULT_AGE:
        return Clock(rule, ClockState.NOT_FOR_ADULTS, None)
    if case.back is None and (case.episode.place or case.episode.finder):
        ask = "When did they come back? Records say that they were found, and not when."
        return Clock(rule, ClockState.NOT_KNOWN, None, ask=ask, goes_to=case.goes_to)
    return None


def _clock(rule: ClockRule, case: _Case) -> Clock:
    still = _not_running(rule, case)
    if still is not None or case.back is None:
        return still or Clock(rule, ClockState.WAITING, None, goes_to=case.goes_to)
    due = case.back + rule.length
    answer = _prevention(case.entries) if rule.id == PREVENTION else _interview(case.episode, case.entries, due)
    if answer.done is not None:
        state = ClockState.DONE if answer.done <= due else ClockState.DONE_LATE
        return Clock(rule, state, due, done=answer.done, note=answer.note)
    if answer.declined:
        return Clock(rule, ClockState.DECLINED, due, note=answer.note)
    if answer.ask:
        return Clock(rule, ClockState.NOT_KNOWN, due, ask=answer.ask, note=answer.note, goes_to=case.goes_to)
    return _running(rule, case, due, answer.note)


def _running(rule: ClockRule, case: _Case, due: datetime, note: str) -> Clock:
    """A clock that nothing has answered yet."""
    unsure = rule.children_only and case.age is None
    words = f"{note} Their age is not known: the interview is owed until it is.".strip() if unsure else note
    if case.now < due:
        state = ClockState.DUE if case.now >= due - rule.soon else ClockState.OPEN
        return Clock(rule, state, due, note=words, goes_to=case.goes_to)
    if rule.silence == NOT_KNOWN and not note:
        ask = "Was it done? The time is over, and nobody has written whether it was."
        return Clock(rule, ClockState.NOT_KNOWN, due, ask=ask, goes_to=case.goes_to)
    escalated = case.now >= due + rules().escalated_after
    goes_to = (*case.goes_to, case.centre) if escalated else case.goes_to
    return Clock(rule, ClockState.BREACHED, due, note=words, goes_to=goes_to, escalated=escalated)


def _prevention(entries: Sequence[EpisodeEntry]) -> _Answer:
    wrote = [entry for entry in entries if entry.kind == EntryKind.PREVENTION]
    done = [entry.happened_at for entry in wrote if entry.detail.get("outcome") == "done"]
    if done:
        return _Answer(done=min(done))
    if wrote and wrote[-1].detail.get("outcome") == "refused":
        return _Answer(declined=True)
    return _Answer(note=f"Tried {format_datetime(wrote[-1].happened_at)}, and not done." if wrote else "")


def _interview(episode: Episode, entries: Sequence[EpisodeEntry], due: datetime) -> _Answer:
    """What people wrote counts before what records tell: a record is as old as it is."""
    kinds = (EntryKind.OFFERED, EntryKind.ACCEPTED, EntryKind.DECLINED, EntryKind.DONE)
    wrote = [entry for entry in entries if entry.kind in kinds]
    if done := [entry.happened_at for entry in wrote if entry.kind == EntryKind.DONE]:
        return _Answer(done=min(done))
    if wrote:
        last = wrote[-1]
        note = f"{EntryKind(last.kind).label} {format_datetime(last.happened_at)}."
        return _Answer(declined=True) if last.kind == EntryKind.DECLINED else _Answer(note=note)
    return _told(episode, due)


def _told(episode: Episode, due: datetime) -> _Answer:
    match episode.interview:
        case None:
            return _Answer()
        case InterviewTold.DECLINED:
            return _Answer(declined=True, note="As a record tells.")
        case InterviewTold.DONE:
            made = episode.told_by(InterviewTold.DONE)
            if made <= due:  # a record of that time cannot tell of a later interview
                return _Answer(done=made, note="As a record tells, which was made then.")
            return _Answer(ask=f"When was it done? A record of {format_datetime(made)} says only that it was.")
        case said:
            return _Answer(note=f"{said.label}, as a record tells.")
