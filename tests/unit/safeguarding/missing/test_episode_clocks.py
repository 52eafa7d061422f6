"""Clocks at the edges of their time, and which records are one episode."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from crossline.safeguarding.ages import age_on
from crossline.safeguarding.missing.clocks import Clock, ClockState, clocks_of
from crossline.safeguarding.missing.episodes import Episode, InterviewTold, RiskGrade, Told, one_by_one
from crossline.safeguarding.missing.models import EntryKind, EpisodeEntry
from crossline.safeguarding.missing.rules import rules

BACK = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(number: int = 1, *, since: float | None = -30, found: float | None = 0, **said: Any) -> Told:
    """A record, its times in hours from BACK."""
    detail = {
        "from": None if since is None else (BACK + since * HOUR).isoformat(),
        "found_at_time": None if found is None else (BACK + found * HOUR).isoformat(),
        "found_place": "Hastings",
        "found_agency": "kent",
        "home_agency": "essex",
        "risk": "medium",
        "return_interview": None,
    } | said.pop("detail", {})
    record = SimpleNamespace(
        detail={"missing": detail},
        owner_id=said.pop("owner", "kent"),
        ref=f"R{number}",
        made_at=BACK + said.pop("made", 1) * HOUR,
        occurred_from=None,
    )
    return Told.read(SimpleNamespace(id=UUID(int=number), record=record, caption="A child"))  # type: ignore[arg-type]


def entry(kind: EntryKind, hours: float, **detail: str) -> EpisodeEntry:
    return EpisodeEntry(kind=kind, happened_at=BACK + hours * HOUR, detail=detail)


def clock(which: str, at: float, *entries: EpisodeEntry, age: int | None = 14, **said: Any) -> Clock:
    episode = Episode("p", (told(**said),))
    found = clocks_of(episode, entries, age=age, now=BACK + at * HOUR, centre="nclcc")
    return next(each for each in found if each.rule.id == which)


@pytest.mark.parametrize(
    ("at", "state", "goes_to"),
    [
        (1, ClockState.OPEN, ("essex",)),
        (47.9, ClockState.OPEN, ("essex",)),
        (48, ClockState.DUE, ("essex",)),
        (71.9, ClockState.DUE, ("essex",)),
        (72, ClockState.BREACHED, ("essex",)),
        (95.9, ClockState.BREACHED, ("essex",)),
        (96, ClockState.BREACHED, ("essex", "nclcc")),
    ],
)
def test_the_return_interview_is_due_breached_and_escalated_by_the_hour(
    at: float, state: ClockState, goes_to: tuple[str, ...]
) -> None:
    found = clock("return_interview", at)
    assert (found.state, found.goes_to, found.escalated) == (state, goes_to, len(goes_to) > 1)
    assert found.late_by(BACK + at * HOUR) == pytest.approx(max(at - 72, 0) * 3_600)


@pytest.mark.parametrize(
    ("entries", "state"),
    [
        ([entry(EntryKind.DONE, 72)], ClockState.DONE),
        ([entry(EntryKind.DONE, 72.5)], ClockState.DONE_LATE),
        ([entry(EntryKind.OFFERED, 2)], ClockState.BREACHED),
        ([entry(EntryKind.OFFERED, 2), entry(EntryKind.ACCEPTED, 3)], ClockState.BREACHED),
        ([entry(EntryKind.OFFERED, 2), entry(EntryKind.DECLINED, 3)], ClockState.DECLINED),
        ([entry(EntryKind.DECLINED, 3), entry(EntryKind.OFFERED, 9)], ClockState.BREACHED),
        ([entry(EntryKind.DECLINED, 3), entry(EntryKind.DONE, 90)], ClockState.DONE_LATE),
        ([entry(EntryKind.RETURNED, 30)], ClockState.DUE),
    ],
)
def test_what_people_wrote_answers_the_return_interview(entries: list[EpisodeEntry], state: ClockState) -> None:
    assert clock("return_interview", 100, *entries).state is state


@pytest.mark.parametrize(
    ("word", "made", "state"),
    [
        ("done", 50, ClockState.DONE),
        ("done", 80, ClockState.NOT_KNOWN),
        ("declined", 80, ClockState.DECLINED),
        ("offered", 5, ClockState.BREACHED),
        ("not_offered", 5, ClockState.BREACHED),
        ("a word of their own", 5, ClockState.BREACHED),
    ],
)
def test_what_a_record_says_counts_as_far_as_it_can(word: str, made: float, state: ClockState) -> None:
    found = clock("return_interview", 100, made=made, detail={"return_interview": word})
    assert found.state is state and bool(found.ask) is (state is ClockState.NOT_KNOWN)


def test_silence_breaches_anothers_limit_and_asks_about_our_own() -> None:
    assert {each.id: each.silence for each in rules().clocks} == {
        "prevention": "not_known",
        "return_interview": "breached",
    }
    assert clock("prevention", 25).state is ClockState.NOT_KNOWN
    assert clock("prevention", 19).state is ClockState.DUE
    assert clock("prevention", 25, entry(EntryKind.PREVENTION, 3, outcome="tried")).state is ClockState.BREACHED
    assert clock("prevention", 25, entry(EntryKind.PREVENTION, 3, outcome="refused")).state is ClockState.DECLINED
    assert clock("prevention", 25, entry(EntryKind.PREVENTION, 3, outcome="done")).state is ClockState.DONE


def test_an_age_that_nobody_knows_is_a_childs_and_adults_are_owed_the_police_alone() -> None:
    assert clock("return_interview", 80, age=None).state is ClockState.BREACHED
    assert "age is not known" in clock("return_interview", 80, age=None).note
    assert clock("return_interview", 80, age=18).state is ClockState.NOT_FOR_ADULTS
    assert clock("prevention", 1, age=18).state is ClockState.OPEN


def test_a_return_that_is_not_told_waits_or_asks() -> None:
    assert clock("return_interview", 80, found=None).state is ClockState.NOT_KNOWN
    nowhere = {"found_place": None, "found_agency": None}
    assert clock("return_interview", 80, found=None, detail=nowhere).state is ClockState.WAITING
    assert clock("return_interview", 80, detail={"found_at_time": "last night"}).state is ClockState.NOT_KNOWN


def test_records_whose_spans_overlap_or_begin_together_are_one_episode() -> None:
    first = told(1, since=-30, found=0)
    inside, close = told(2, since=-12, found=1), told(3, since=-30.5, found=None)
    after, unsaid = told(4, since=2, found=9), told(5, since=None, found=None)
    found = one_by_one("p", [unsaid, after, close, inside, first])
    assert [[each.record.ref for each in episode.told] for episode in found] == [["R1", "R2", "R3"], ["R4"], ["R5"]]
    apart = [told(1, since=-30, found=None), told(2, since=-23, found=None)]
    assert len(one_by_one("p", apart)) == 2, "without an end, they begin within six hours or are two"


def test_of_several_records_the_earliest_times_and_the_highest_risk_stand() -> None:
    records = (
        told(1, since=-30, found=0, detail={"return_interview": "offered", "risk": "absent"}),
        told(
            2, since=-31, found=2, made=4, detail={"return_interview": "done", "risk": "high", "home_agency": "surrey"}
        ),
    )
    episode = Episode("p", records)
    assert (episode.since, episode.found_at) == (BACK - 31 * HOUR, BACK)
    assert (episode.risk, episode.interview, episode.home) == (RiskGrade.HIGH, InterviewTold.DONE, "surrey")
    assert records[0].risk is RiskGrade.NONE and episode.told_by(InterviewTold.DONE) == BACK + 4 * HOUR
    assert episode.differs == ["missing since", "found at", "home force", "risk"]


@pytest.mark.parametrize(
    ("home", "finder", "out"),
    [("essex", "kent", True), ("kent", "kent", False), ("essex", "btp", None), ("", "kent", None), ("essex", "", None)],
)
def test_the_railway_police_tell_no_area(home: str, finder: str, out: bool | None) -> None:
    said = told(detail={"home_agency": home, "found_agency": finder})
    assert Episode("p", (said,)).out_of_area is out


@pytest.mark.parametrize(
    ("mentions", "age"),
    [
        ([], None),
        ([("2011-02-03", None)], 15),
        ([("2011", None)], 14),
        ([("", 13)], 13),
        ([("1990-02-03", None), ("2011-02-03", None)], 15),
        ([("1970-01-01", None)], None),
    ],
)
def test_of_several_ages_the_youngest_counts(mentions: list[tuple[str, int | None]], age: int | None) -> None:
    record = SimpleNamespace(occurred_from=None, made_at=BACK)
    said = [SimpleNamespace(born=born, age=years, record=record) for born, years in mentions]
    assert age_on(said, BACK) == age  # type: ignore[arg-type]
