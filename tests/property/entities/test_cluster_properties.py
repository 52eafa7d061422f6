"""For any mentions, matches and judgements: a viewer's people are those of a store in which hidden rows never were."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossline.access.actions import intern_audience
from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import cluster_around, people
from crossline.entities.judgements import judge, withdraw
from crossline.entities.models import Match, Verdict
from crossline.records.generation import advance
from crossline.records.intake.parsed import ParsedMention, ParsedRecord
from crossline.records.intake.store import Keeping, store
from crossline.records.models import Mention, Record
from crossline.vocabulary.codes import Classification, Handling, MentionKind, RecordKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MOST = 9
PLACE = st.integers(min_value=0, max_value=MOST - 1)
PROFILE = st.tuples(st.sampled_from(["", "2008-04-11", "1971-03-09"]), st.sampled_from(["", "M", "F"]), st.booleans())
MENTIONS = st.lists(st.tuples(st.booleans(), PROFILE), min_size=3, max_size=MOST)
PAIRS = st.dictionaries(st.tuples(PLACE, PLACE), st.floats(min_value=-2, max_value=30), max_size=14)
JUDGEMENTS = st.lists(st.tuples(PLACE, PLACE, st.sampled_from(Verdict), st.booleans()), max_size=5)

Store = tuple[
    list[tuple[bool, tuple[str, str, bool]]], dict[tuple[int, int], float], list[tuple[int, int, Verdict, bool]]
]


def written(said: Store, builders: Any) -> dict[int, UUID]:
    """The store of an example: hidden mentions are Essex's alone. Gives each mention's id by its place."""
    mentions, pairs, judgements = said
    audiences = {True: intern_audience({"agency:essex"}), False: intern_audience({"police"})}
    records = [
        (
            ParsedRecord(
                source="reports",
                ref=uuid4().hex,
                kind=RecordKind.INTELLIGENCE,
                made_at=NOW,
                handling=Handling.P,
                classification=Classification.OFFICIAL,
                mentions=(
                    ParsedMention(
                        str(place),
                        MentionKind.PERSON,
                        "X",
                        forename="Xenia" if anchored else "",
                        surname="Yore" if anchored else "",
                        born=born,
                        sex=sex,
                    ),
                ),
            ),
            1,
            audiences[hidden],
        )
        for place, (hidden, (born, sex, anchored)) in enumerate(mentions)
    ]
    store(records, Keeping("essex", None, NOW))
    held = {int(mention.key): mention for mention in Mention.objects.all()}
    for (one, other), bits in pairs.items():
        if one < other < len(mentions):
            left, right = sorted((held[one], held[other]), key=lambda mention: mention.id)
            Match.objects.create(
                left=left,
                right=right,
                kind="person",
                weight=bits,
                model_version="tests",
                explanation=[],
                left_audience=left.audience,
                right_audience=right.audience,
            )
    with builders.administrator() as viewpoint:
        for one, other, verdict, undone in judgements:
            if one != other and max(one, other) < len(mentions):
                ids = {"left": held[one].id, "right": held[other].id}
                made = judge(**ids, verdict=verdict, reason="seen", viewpoint=viewpoint)
                if undone:
                    withdraw(judgement=made.id, reason="mistaken", viewpoint=viewpoint)
    advance()
    return {place: mention.id for place, mention in held.items()}


def groups(viewpoint: Viewpoint) -> set[frozenset[UUID]]:
    """The people of a viewpoint: all at once and around each mention, which must be the same."""
    visible = list(Mention.objects.values_list("id", flat=True))
    found = people(viewpoint)
    grouped: dict[str, set[UUID]] = {}
    for mention in visible:
        grouped.setdefault(found.of(str(mention)), set()).add(mention)
    assert found.number == len(grouped)
    for group in grouped.values():
        for mention in group:
            assert set(cluster_around(viewpoint, mention)) == group
    return {frozenset(group) for group in grouped.values()}


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(mentions=MENTIONS, pairs=PAIRS, judgements=JUDGEMENTS)
def test_hidden_rows_change_nothing_of_what_a_viewer_sees(
    mentions: Any, pairs: Any, judgements: Any, builders: Any
) -> None:
    with transaction.atomic():
        kent = builders.enrolled("kent.analyst")
        written((mentions, pairs, judgements), builders)
        with builders.administrator() as viewpoint:
            everything = groups(viewpoint)
        with builders.seen_by(kent) as viewpoint:
            seen = groups(viewpoint)

        Record.objects.exclude(audience__fingerprint="police").delete()  # the world in which they never were
        advance()
        with builders.administrator() as viewpoint:
            without = groups(viewpoint)

        assert seen == without
        assert sum(map(len, seen)) == sum(not hidden for hidden, _ in mentions)
        assert sum(map(len, everything)) == len(mentions)
        transaction.set_rollback(True)


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(mentions=MENTIONS, pairs=PAIRS, judgements=JUDGEMENTS, more=JUDGEMENTS.filter(bool))
def test_judging_and_taking_it_back_gives_exactly_what_was(
    mentions: Any, pairs: Any, judgements: Any, more: Any, builders: Any
) -> None:
    with transaction.atomic():
        ids = written((mentions, pairs, judgements), builders)
        with builders.administrator() as viewpoint:
            before = dict(people(viewpoint).cluster_of)
            made = [
                judge(left=ids[one], right=ids[other], verdict=verdict, reason="seen", viewpoint=viewpoint)
                for one, other, verdict, _ in more
                if one != other and max(one, other) < len(ids)
            ]
            for judgement in made:
                withdraw(judgement=judgement.id, reason="mistaken", viewpoint=viewpoint)
            after = people(viewpoint)
            assert {mention: after.of(mention) for mention in before} == before
            assert len(set(after.cluster_of.values())) - len(after.cluster_of) == len(set(before.values())) - len(
                before
            )
        transaction.set_rollback(True)
