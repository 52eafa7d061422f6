"""Judging, taking back, running again, mentions and pairs that come and go: people are what a fresh run makes of what stands."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
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
from crossline.access.viewer import Viewer, Viewpoint
from crossline.engines.resolution import clusters as engine
from crossline.engines.resolution.model import released_model
from crossline.engines.resolution.resolve import vetoes_of
from crossline.entities.clusters import THRESHOLD_BITS, cluster_around, people
from crossline.entities.conflicts import conflicts
from crossline.entities.judgements import judge, withdraw
from crossline.entities.models import Judgement, Match, Verdict
from crossline.entities.profile import person_profile
from crossline.entities.reviewing import queue
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


def record(ref: int, born: str, sex: str, *, anchored: bool, hidden: bool) -> tuple[ParsedRecord, int, Any]:
    mention = ParsedMention(
        "p1",
        MentionKind.PERSON,
        "X",
        forename="Xenia" if anchored else "",
        surname="Yore" if anchored else "",
        born=born,
        sex=sex,
    )
    parsed = ParsedRecord(
        source="reports",
        ref=f"{ref:05d}",
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
    """A store in which people judge and take back while mentions and pairs come and go.

    Ids are given by chance, so whatever is chosen is chosen in the order in which things came, and no two weights are alike:
    the same script then does the same again.
    """

    builders: Any
    kent: Viewer
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.kent = self.builders.enrolled(f"kent.{uuid4().hex[:8]}")
        self.profiles: dict[UUID, tuple[engine.Profile, bool]] = {}
        self.people: list[list[UUID]] = []  # as the centre sees them
        self.came = self.scored = 0

    def did(self, what: str) -> None:
        type(self).done[what] += 1

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
        self.did("mention comes")

    def comes(self, *, born: str, sex: str, anchored: bool, hidden: bool) -> None:
        self.came += 1
        store([record(self.came, born, sex, anchored=anchored, hidden=hidden)], Keeping("essex", None, NOW))
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
        self.did("mention goes")

    @precondition(lambda self: self.several)
    @rule(one=PLACE, other=PLACE, bits=st.sampled_from([1.0, 5.0, 9.0, 26.0]))
    def a_pair_is_scored(self, one: int, other: int, bits: float) -> None:
        if ends := self.two(one, other):
            self.scored += 1
            matched(*ends, bits + self.scored / 1_000_000)
            advance()
            self.did("pair scored")

    @precondition(lambda self: Match.objects.exists())
    @rule(place=PLACE)
    def a_pair_goes(self, place: int) -> None:
        held = list(Match.objects.order_by("weight", "id"))
        held[place % len(held)].delete()
        advance()
        self.did("pair goes")

    @rule()
    def everything_is_matched_again(self) -> None:
        held = [(each.left, each.right, each.weight) for each in Match.objects.all()]
        Match.objects.all().delete()
        for left, right, weight in held:
            matched(left, right, weight)
        advance()
        self.did("run again")

    @precondition(lambda self: self.several)
    @rule(one=PLACE, other=PLACE, verdict=VERDICTS)
    def the_centre_decides(self, one: int, other: int, verdict: Verdict) -> None:
        if ends := self.two(one, other):
            self.decided(ends[0].id, ends[1].id, verdict)
            self.did("decided")

    @precondition(lambda self: any(len(each) > 1 for each in self.people))
    @rule(one=PLACE, other=PLACE)
    def the_centre_splits_a_person(self, one: int, other: int) -> None:
        several = [each for each in self.people if len(each) > 1]
        members = several[one % len(several)]
        first = other % len(members)
        self.decided(members[first], members[(first + 1) % len(members)], Verdict.DIFFERENT)
        self.did("split")

    @precondition(lambda self: len(self.people) > 1)
    @rule(one=PLACE, other=PLACE)
    def the_centre_merges_two_people(self, one: int, other: int) -> None:
        first = one % len(self.people)
        second = (first + 1 + other % (len(self.people) - 1)) % len(self.people)
        self.decided(self.people[first][0], self.people[second][-1], Verdict.SAME)
        self.did("merge")

    def decided(self, left: UUID, right: UUID, verdict: Verdict) -> None:
        with self.builders.administrator() as viewpoint:
            judge(left=left, right=right, verdict=verdict, reason="seen", viewpoint=viewpoint)

    @precondition(lambda self: self.several)
    @rule(one=PLACE, other=PLACE, verdict=VERDICTS)
    def kent_proposes(self, one: int, other: int, verdict: Verdict) -> None:
        if ends := self.two(one, other, seen=True):
            with self.builders.seen_by(self.kent) as viewpoint:
                judge(left=ends[0].id, right=ends[1].id, verdict=verdict, reason="seen", viewpoint=viewpoint)
            self.did("proposed")

    @precondition(lambda self: Judgement.objects.filter(withdrawal=None, decided_agency="nclcc").exists())
    @rule(place=PLACE)
    def a_decision_is_taken_back(self, place: int) -> None:
        held = list(Judgement.objects.filter(withdrawal=None, decided_agency="nclcc").order_by("decided_at", "id"))
        with self.builders.administrator() as viewpoint:
            withdraw(judgement=held[place % len(held)].id, reason="mistaken", viewpoint=viewpoint)
        self.did("taken back")

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
                shown = conflicts(viewpoint)
            told = {(str(each.same.left_id), str(each.same.right_id)) for each in shown}
            assert told == {(each.left, each.right) for each in made.contradicted}
            assert all(each.different for each in shown)
            self.decisions_hold(made, told)
            if hidden_too:
                groups: dict[str, list[UUID]] = {}
                for mention in self.profiles:
                    groups.setdefault(made.cluster_of[str(mention)], []).append(mention)
                self.people = list(groups.values())

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


PARTS = 16
"""The long run is cut up: a test is one transaction, and the database takes no row that is dated long after that began."""


@pytest.mark.parametrize(
    ("scripts", "steps", "least", "of_each"),
    [
        (8, 20, 100, 1),
        *(pytest.param(5, 50, 640, 10, marks=pytest.mark.slow, id=f"part {at + 1} of {PARTS}") for at in range(PARTS)),
    ],
)
def test_whatever_happens_people_are_what_a_fresh_run_makes_of_what_stands(
    scripts: int, steps: int, least: int, of_each: int, builders: Any
) -> None:
    class WithBuilders(Reviewing):
        done: ClassVar[Counter[str]] = Counter()

    WithBuilders.builders = builders
    done = WithBuilders.done
    chosen = settings(max_examples=scripts, stateful_step_count=steps, suppress_health_check=list(HealthCheck))
    asked = ("run again", "split", "merge", "taken back")
    while done.total() < least or min(done[each] for each in asked) < of_each:  # some steps find nothing to do
        run_state_machine_as_test(WithBuilders, settings=chosen)
    print(f"{done.total():,} steps: {dict(done.most_common())}")


def state(viewpoint: Viewpoint) -> dict[str, Any]:
    """Everything that judgements move, of one viewer: who is one, what is asked, what contradicts, and some people's pages."""
    found = people(viewpoint)
    profiles = [person_profile(viewpoint, UUID(each)) for each in sorted(set(found.cluster_of.values()))[:20]]
    return {
        "number": found.number,
        "people": sorted(found.cluster_of.items()),
        "asked": [each.question for each in queue(viewpoint)],
        "conflicts": [[each.same.id, [said.id for said in each.different]] for each in conflicts(viewpoint)],
        "profiles": [
            [each.id, [row.id for row in each.mentions], [row.id for row in each.judgements], each.around.pairs]
            for each in profiles
            if each and each.around
        ],
    }


def rows(*tables: str) -> list[Any]:
    """Every row of these tables, as the database writes it."""
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{each}', t::text FROM {each} t" for each in tables) + " ORDER BY 1, 2"
        )
        return cursor.fetchall()


@pytest.mark.parametrize("number", [60, pytest.param(1_000, marks=pytest.mark.slow)])
def test_many_judgements_taken_back_in_any_order_give_back_every_byte(number: int, builders: Any) -> None:
    """Decisions and proposals, beside some that stand throughout; on the way nothing that stands is violated."""
    chance = random.Random(number)
    size = number // 4
    made = [
        record(at, *born_and_sex, anchored=chance.random() > 0.1, hidden=chance.random() < 0.2)
        for at in range(size)
        for born_and_sex in [(chance.choice(BIRTHS), chance.choice("MF"))]
    ]
    store(made, Keeping("essex", None, NOW))
    mentions = list(Mention.objects.order_by("record__ref"))
    for _ in range(3 * size):
        matched(*chance.sample(mentions, 2), chance.uniform(-2, 30))
    advance()
    kent = builders.enrolled("kent.analyst")
    with builders.seen_by(kent) as viewpoint:
        seen = list(viewpoint.visible(Mention.objects.order_by("record__ref")))

    def said(times: int) -> list[tuple[UUID, bool]]:
        """So many judgements, four in five of the centre; each with whether it is Kent's."""
        kents = [chance.random() < 0.2 for _ in range(times)]
        told = []
        for of_kent in kents:
            with builders.seen_by(kent) if of_kent else builders.administrator() as viewpoint:
                left, right = chance.sample(seen if of_kent else mentions, 2)
                verdict = chance.choice(list(Verdict))
                row = judge(left=left.id, right=right.id, verdict=verdict, reason="seen", viewpoint=viewpoint)
                told.append((row.id, of_kent))
        return told

    def held() -> bytes:
        with builders.administrator() as viewpoint:
            whole = state(viewpoint)
        with builders.seen_by(kent) as viewpoint:
            part = state(viewpoint)
        return json.dumps([whole, part, rows("records_mention", "entities_match")], default=str).encode()

    said(size // 5)
    before, first = held(), set(Judgement.objects.values_list("id", flat=True))
    undone = said(number)
    assert held() != before
    chance.shuffle(undone)
    for place, (each, of_kent) in enumerate(undone):
        with builders.seen_by(kent) if of_kent else builders.administrator() as viewpoint:
            withdraw(judgement=each, reason="mistaken", viewpoint=viewpoint)
        if place % (number // 10) == 0:
            no_decision_is_violated(builders)
    assert held() == before
    assert set(Judgement.objects.filter(withdrawal=None).values_list("id", flat=True)) == first
    assert len(undone) == number


def no_decision_is_violated(builders: Any) -> None:
    """As the centre sees it: what is different is two, what is the same is one or shown as a conflict."""
    with builders.administrator() as viewpoint:
        found, shown = people(viewpoint), {each.same.id for each in conflicts(viewpoint)}
    standing = Judgement.objects.filter(withdrawal=None, decided_agency="nclcc").order_by("decided_at", "id")
    for each in {(row.left_id, row.right_id): row for row in standing}.values():
        one = found.of(str(each.left_id)) == found.of(str(each.right_id))
        assert not (each.verdict == Verdict.DIFFERENT and one)
        assert each.verdict != Verdict.SAME or one != (each.id in shown)
