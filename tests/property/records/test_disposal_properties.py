"""After any sequence of reviews, holds, confirmations and disposals, no table holds a word of a record that went."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from crossline.access.retention import QUESTIONS, Cap
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.entities.matching import match_people
from crossline.errors import MoveNotAllowed, NotPermitted, TooMuchAtOnce
from crossline.records.disposal import dispose_due
from crossline.records.models import LegalHold, Record, Tombstone
from crossline.records.retention.models import Choice, Ground, HoldGround
from crossline.records.retention.reviews import confirm, lift_hold, place_hold, review
from crossline.records.retention.standing import held, to_confirm
from crossline.safeguarding.raising import raise_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

RECORDS: Final = 4
NOW: Final = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
WORDS: Final = ("Zephyrine", "Quillon", "Ambrosine", "Thaddeia")
"""One for each record: stands in whatever of it can hold a word, and in every reason given for it."""
WHICH: Final = st.integers(min_value=0, max_value=RECORDS - 1)
WHO: Final = st.sampled_from(["first", "second", "third"])
STEPS: Final = st.one_of(
    st.tuples(st.just("agree"), WHICH, WHO),
    st.tuples(st.just("agree"), WHICH, WHO),
    st.tuples(st.just("run"), st.integers(min_value=0, max_value=RECORDS), st.just("")),
    st.tuples(st.sampled_from(["decide", "keep", "confirm", "decline", "hold", "lift"]), WHICH, WHO),
)
"""`agree` is a decision that the next person confirms: by chance alone, two would seldom come to it."""
NEXT: Final = {"first": "second", "second": "third", "third": "first"}
ANSWERS: Final = {question.id: "unknown" for question in QUESTIONS}


@dataclass
class World:
    """A store with a few records, three information managers, and an oracle that only counts hands."""

    builders: Any
    people: dict[str, Viewer]
    records: list[UUID]
    kept: Path
    deciders: dict[int, str] = field(default_factory=dict)
    confirmed: dict[int, tuple[str, str]] = field(default_factory=dict)

    def do(self, act: str, which: int, who: str) -> None:
        """One step. What is not allowed is refused, and changes nothing that the end looks at."""
        if act == "run":
            cap = Cap(0.0, which, "[D] for tests")
            with suppress(TooMuchAtOnce):
                dispose_due(reach=self.builders.reach(self.kept), now=NOW, cap=cap)
            return
        if act == "agree":
            self.do("decide", which, who)
            self.do("confirm", which, NEXT[who])
            return
        with suppress(NotPermitted, MoveNotAllowed), self.builders.seen_by(self.people[who]) as viewpoint:
            record, words = self.records[which], WORDS[which]
            if act in ("decide", "keep"):
                said: dict[str, Any] = {"choice": Choice.KEEP, "next_review": date(2030, 1, 1)}
                if act == "decide":
                    said = {"choice": Choice.DISPOSE, "ground": Ground.INACCURATE}
                review(record=record, answers=ANSWERS, reason=words, viewpoint=viewpoint, today=NOW.date(), **said)
                self.deciders.pop(which, None)
                self.confirmed.pop(which, None)
                if act == "decide":
                    self.deciders[which] = who
            elif act in ("confirm", "decline"):
                waiting = to_confirm().filter(record=record).first()
                if waiting is None:
                    return
                confirm(review=waiting.id, agreed=act == "confirm", reason=words, viewpoint=viewpoint)
                decider = self.deciders.pop(which)
                if act == "confirm":
                    self.confirmed[which] = (decider, who)
            elif act == "hold":
                place_hold(record=record, ground=HoldGround.COMPLAINT, reason=words, viewpoint=viewpoint)
            else:
                for hold in LegalHold.objects.filter(record=record, lifted=None):
                    lift_hold(hold=hold.id, reason=words, viewpoint=viewpoint)


def report(builders: Any, place: int) -> dict[str, Any]:
    """A record with its word everywhere; two of them of one person, so that they match."""
    word = WORDS[place]
    mentions = [
        builders.person(surname="Cole", aliases=[word], ids={"nominal": word}),
        {"key": "l", "kind": "line", "name": word},
    ]
    said = [{"from": "p1", "to": "l", "type": "runs_for", "basis": "fact", "category": "victim"}]
    return builders.report(  # type: ignore[no-any-return]  # the builders module is untyped here
        word,
        subject=word,
        text=word,
        conditions=word,
        mentions=mentions,
        assertions=said,
        made_at="2019-01-01T00:00:00Z",
    )


def world(builders: Any, folder: Path) -> World:
    reports = [report(builders, place) for place in range(RECORDS)]
    again = [*reports, *(said | {"text": f"{said['text']} again"} for said in reports)]
    builders.sent(folder / "d", folder / "kept", reports=again)
    match_people()
    raise_due()
    people = {
        name: builders.enrolled(name, agency="kent", roles=[Role.INFORMATION_MANAGER])
        for name in ("first", "second", "third")
    }
    by_ref = {ref: key for key, ref in Record.objects.values_list("id", "ref")}
    return World(builders, people, [by_ref[word] for word in WORDS], folder / "kept")


@example(steps=[("agree", 0, "first"), ("hold", 1, "second"), ("agree", 2, "third"), ("run", 2, "")])
@example(steps=[("agree", 1, "first"), ("hold", 1, "second"), ("run", 4, ""), ("lift", 1, "first"), ("run", 4, "")])
@example(steps=[*(("agree", place, "second") for place in range(RECORDS)), ("run", 3, ""), ("run", 4, "")])
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=4, max_size=30))
def test_nothing_of_what_went_is_anywhere_and_nothing_went_on_one_persons_word(
    steps: list[tuple[str, int, str]], builders: Any
) -> None:
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        made = world(builders, Path(folder))
        held_back = set()
        for act, which, who in steps:
            before = set(Record.objects.values_list("id", flat=True))
            held_back = {record for record in before if held(record)}
            made.do(act, which, who)
            gone = before - set(Record.objects.values_list("id", flat=True))
            assert not gone & held_back, "a record on hold went"
            assert act == "run" or not gone
            assert len(gone) <= (which if act == "run" else 0), "more went than the cap allows"
            for record in gone:
                decider, confirmer = made.confirmed[made.records.index(record)]
                assert decider != confirmer
                stone = Tombstone.objects.get(id=record)
                assert (stone.decided_by, stone.confirmed_by) == (decider, confirmer)
        left = set(Record.objects.values_list("id", flat=True))
        event(f"{RECORDS - len(left)} went")
        assert set(Tombstone.objects.values_list("id", flat=True)) == set(made.records) - left
        for record, word in zip(made.records, WORDS, strict=True):
            holding = builders.tables_holding(word)
            assert (holding == []) is (record not in left), (word, holding)
            journal = builders.reach(made.kept).journal.files[0]
            assert not journal.exists() or word not in journal.read_text()
        transaction.set_rollback(True)
