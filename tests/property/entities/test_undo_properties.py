"""Judging, taking back, running again, mentions and pairs that come and go: people are what a fresh run makes of what stands."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crossline.access.actions import intern_audience
from crossline.access.viewer import Viewer
from crossline.engines.resolution import clusters as engine
from crossline.engines.resolution.model import released_model
from crossline.engines.resolution.resolve import vetoes_of
from crossline.entities.clusters import THRESHOLD_BITS, cluster_around, people
from crossline.entities.conflicts import conflicts
from crossline.entities.judgements import judge, withdraw
from crossline.entities.models import Judgement, Match, Verdict
from crossline.records.generation import advance
from crossline.records.intake.parsed import ParsedMention, ParsedRecord
from crossline.records.intake.store import Keeping, store
from crossline.records.models import Mention, Record
from crossline.vocabulary.codes import Classification, Handling, MentionKind, RecordKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

NOW = datetime(2026, 3, 2, tzinfo=UTC)
BIRTHS = ("", "2008-04-11", "1971-03-09")
VERDICTS = st.sampled_from([Verdict.SAME, Verdict.SAME, Verdict.DIFFERENT, Verdict.DIFFERENT, Verdict.UNSURE])
PLACE = st.integers(min_value=0, max_value=30)


def record(born: str, sex: str, *, anchored: bool, hidden: bool) -> tuple[ParsedRecord, int, Any]:
    mention = ParsedMention(
        "p1",
        MentionKind.PERSON,
        "X",
        forename="X" if anchored else "",
        surname="Y" if anchored else "",
        born=born,
        sex=sex,
    )
    parsed = ParsedRecord(
        source="reports",
        ref=uuid4().hex,
        kind=RecordKind.INTELLIGENCE,
        made_at=NOW,
        handling=Handling.P,
        classification=Classification.OFFICIAL,
        mentions=(mention,),
    )
    return parsed, 1, intern_audience({"agency:essex"} if hidden else {"police"})


def matched(one: Mention, other: Mention, bits: float) -> None:
    left, right = sorted((one, other), key=lambda mention: mention.id)
    Match.objects.filter(left=left, right=right).delete()
    ends = {"left": left, "right": right, "left_audience": left.audience, "right_audience": right.audience}
    Match.objects.create(kind="person", weight=bits, model_version="tests", explanation=[], **ends)


def fresh(seen: Mapping[str, engine.Profile]) -> engine.Clustering:
    """What the engine makes of all that stands in the tables and touches these mentions alone, in another order."""
    pairs = [
        engine.Pair(str(each.right_id), str(each.left_id), each.weight) for each in Match.objects.order_by("-right")
    ]
    said = [
        engine.Judgement(str(each.left_id), str(each.right_id), each.verdict, each.decided_at.isoformat())
        for each in Judgement.objects.filter(withdrawal=None, decided_agency="nclcc").order_by("id")
    ]
    return engine.clustering(seen, pairs, said, THRESHOLD_BITS, vetoes_of(released_model()))


class Reviewing(RuleBasedStateMachine):
    """A store in which people judge and take back while mentions and pairs come and go."""

    builders: Any
    kent: Viewer

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.kent = self.builders.enrolled(f"kent.{uuid4().hex[:8]}")
        self.profiles: dict[UUID, tuple[engine.Profile, bool]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def pick(self, place: int) -> Mention:
        return list(Mention.objects.order_by("record__ref"))[place % len(self.profiles)]

    def two(self, one: int, other: int, *, seen: bool = False) -> tuple[Mention, Mention] | None:
        """Two different mentions, of those that Kent sees if asked for; None where there are no two."""
        held = [each for each in Mention.objects.order_by("record__ref") if not (seen and self.profiles[each.id][1])]
        if len(held) < 2:
            return None
        first = one % len(held)
        return held[first], held[(first + 1 + other % (len(held) - 1)) % len(held)]

    @property
    def several(self) -> bool:
        return len(self.profiles) > 1

    @initialize(hidden=st.lists(st.sampled_from([False, False, True]), min_size=4, max_size=6))
    def some_are_there(self, hidden: list[bool]) -> None:
        for each in hidden:
            self.comes(born="", sex="", anchored=True, hidden=each)

    @rule(
        born=st.sampled_from(BIRTHS), sex=st.sampled_from(["", "M", "F"]), anchored=st.booleans(), hidden=st.booleans()
    )
    def a_mention_comes(self, born: str, sex: str, anchored: bool, hidden: bool) -> None:
        self.comes(born=born, sex=sex, anchored=anchored, hidden=hidden)

    def comes(self, *, born: str, sex: str, anchored: bool, hidden: bool) -> None:
        store([record(born, sex, anchored=anchored, hidden=hidden)], Keeping("essex", None, NOW))
        (new,) = Mention.objects.exclude(id__in=self.profiles)
        self.profiles[new.id] = engine.Profile(born or None, sex or None, None, anchored), hidden
        advance()

    @precondition(lambda self: self.several)
    @rule(place=PLACE)
    def a_mention_goes(self, place: int) -> None:
        gone = self.pick(place)
        del self.profiles[gone.id]
        Record.objects.filter(id=gone.record_id).delete()
        advance()

    @precondition(lambda self: self.several)
    @rule(one=PLACE, other=PLACE, bits=st.sampled_from([1.0, 5.0, 9.0, 26.0]))
    def a_pair_is_scored(self, one: int, other: int, bits: float) -> None:
        if ends := self.two(one, other):
            matched(*ends, bits)
            advance()

    @precondition(lambda self: Match.objects.exists())
    @rule(place=PLACE)
    def a_pair_goes(self, place: int) -> None:
        held = list(Match.objects.order_by("weight", "id"))
        held[place % len(held)].delete()
        advance()

    @rule()
    def everything_is_matched_again(self) -> None:
        held = [(each.left, each.right, each.weight) for each in Match.objects.all()]
        Match.objects.all().delete()
        for left, right, weight in held:
            matched(left, right, weight)
        advance()

    @precondition(lambda self: self.several)
    @rule(one=PLACE, other=PLACE, verdict=VERDICTS)
    def the_centre_decides(self, one: int, other: int, verdict: Verdict) -> None:
        if ends := self.two(one, other):
            with self.builders.administrator() as viewpoint:
                judge(left=ends[0].id, right=ends[1].id, verdict=verdict, reason="seen", viewpoint=viewpoint)

    @precondition(lambda self: self.several)
    @rule(one=PLACE, other=PLACE, verdict=VERDICTS)
    def kent_proposes(self, one: int, other: int, verdict: Verdict) -> None:
        if ends := self.two(one, other, seen=True):
            with self.builders.seen_by(self.kent) as viewpoint:
                judge(left=ends[0].id, right=ends[1].id, verdict=verdict, reason="seen", viewpoint=viewpoint)

    @precondition(lambda self: Judgement.objects.filter(withdrawal=None, decided_agency="nclcc").exists())
    @rule(place=PLACE)
    def a_decision_is_taken_back(self, place: int) -> None:
        held = list(Judgement.objects.filter(withdrawal=None, decided_agency="nclcc").order_by("decided_at", "id"))
        with self.builders.administrator() as viewpoint:
            withdraw(judgement=held[place % len(held)].id, reason="mistaken", viewpoint=viewpoint)

    @invariant()
    def people_are_what_a_fresh_run_makes_of_what_stands(self) -> None:
        for hidden_too in (True, False):
            seen = {str(key): profile for key, (profile, hidden) in self.profiles.items() if hidden_too or not hidden}
            made = fresh(seen)
            opened = self.builders.administrator() if hidden_too else self.builders.seen_by(self.kent)
            with opened as viewpoint:
                found = people(viewpoint)
                assert {mention: found.of(mention) for mention in seen} == dict(made.cluster_of)
                if seen:
                    one = min(seen)
                    group = {mention for mention in seen if made.cluster_of[mention] == made.cluster_of[one]}
                    assert {str(each) for each in cluster_around(viewpoint, UUID(one))} == group
                told = {(str(each.same.left_id), str(each.same.right_id)) for each in conflicts(viewpoint)}
            assert told == {(each.left, each.right) for each in made.contradicted}
            self.decisions_hold(made, told)

    def decisions_hold(self, made: engine.Clustering, told: set[tuple[str, str]]) -> None:
        newest: dict[tuple[str, str], str] = {}
        for each in Judgement.objects.filter(withdrawal=None, decided_agency="nclcc").order_by("decided_at"):
            newest[str(each.left_id), str(each.right_id)] = each.verdict
        for (left, right), verdict in newest.items():
            if left not in made.cluster_of or right not in made.cluster_of:
                continue
            one = made.cluster_of[left] == made.cluster_of[right]
            assert not (verdict == Verdict.DIFFERENT and one)
            assert verdict != Verdict.SAME or one != ((left, right) in told)


def test_whatever_happens_people_are_what_a_fresh_run_makes_of_what_stands(builders: Any) -> None:
    class WithBuilders(Reviewing):
        pass

    WithBuilders.builders = builders
    run_state_machine_as_test(
        WithBuilders,
        settings=settings(max_examples=8, stateful_step_count=20, suppress_health_check=list(HealthCheck)),
    )


@pytest.mark.parametrize("number", [60, pytest.param(1_000, marks=pytest.mark.slow)])
def test_many_judgements_taken_back_in_any_order_give_back_every_person(number: int, builders: Any) -> None:
    chance = random.Random(number)
    size = number // 4
    rows = [
        record(chance.choice(BIRTHS), chance.choice("MF"), anchored=chance.random() > 0.1, hidden=chance.random() < 0.2)
        for _ in range(size)
    ]
    store(rows, Keeping("essex", None, NOW))
    mentions = list(Mention.objects.order_by("record__ref"))
    for _ in range(3 * size):
        matched(*chance.sample(mentions, 2), chance.uniform(-2, 30))
    advance()
    kent = builders.enrolled("kent.analyst")

    def held() -> list[dict[str, str]]:
        found = []
        for opened in (builders.administrator(), builders.seen_by(kent)):
            with opened as viewpoint:
                found.append(dict(people(viewpoint).cluster_of))
        return [
            {mention: of for mention, of in each.items() if of != mention or list(each.values()).count(of) > 1}
            for each in found
        ]

    before = held()
    with builders.administrator() as viewpoint:
        made = [
            judge(left=left.id, right=right.id, verdict=verdict, reason="seen", viewpoint=viewpoint)
            for _ in range(number)
            for (left, right), verdict in [(chance.sample(mentions, 2), chance.choice(list(Verdict)))]
        ]
    assert held() != before
    chance.shuffle(made)
    with builders.administrator() as viewpoint:
        for each in made:
            withdraw(judgement=each.id, reason="mistaken", viewpoint=viewpoint)
    assert held() == before
