"""A person as a viewer sees them: victim status first, then each fact and assessment with its record, grade and dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.engines.resolution.explain import Explanation, explain, sentence
from crossline.entities.clusters import ENDS, THRESHOLD_BITS, Neighbourhood, neighbourhood
from crossline.entities.comparing import levels_of
from crossline.entities.models import Judgement, Match
from crossline.entities.reach import tells_where
from crossline.entities.registration import model_in_force
from crossline.entities.victims import says_victim
from crossline.records.models import Assertion, Mention, Record
from crossline.vocabulary.codes import Basis, MentionKind
from crossline.vocabulary.selectors import parse_partial_date


@dataclass(frozen=True)
class Statement:
    """One visible assertion with the record that makes it."""

    assertion: Assertion
    record: Record
    subject: Mention
    other: Mention
    outward: bool  # the person is the subject, not the object

    @property
    def is_fact(self) -> bool:
        return self.assertion.basis == Basis.FACT

    @property
    def says_victim(self) -> bool:
        """Whether this statement makes the person a victim."""
        return self.outward and says_victim(type=self.assertion.type, category=self.assertion.category)

    @property
    def tells_where(self) -> bool:
        """Whether this statement tells where the person can be reached."""
        return self.outward and tells_where(type=self.assertion.type, kind=self.other.kind)

    @property
    def day(self) -> date:
        """The day from which it holds, or its record's day."""
        return self.assertion.from_date or (self.record.occurred_from or self.record.made_at).date()


@dataclass(frozen=True)
class MatchReason:
    """Why two of the person's mentions are held to be one. `explanation` is None where an earlier model scored the pair."""

    left: Mention
    right: Mention
    weight: float
    explanation: Explanation | None

    @property
    def sentence(self) -> str:
        """The explanation in a sentence."""
        return sentence(self.explanation) if self.explanation else f"Scored {self.weight:.1f} bits by an earlier model."


@dataclass(frozen=True)
class PersonProfile:
    """Everything of a person that the viewer's rows say."""

    id: UUID
    mentions: Sequence[Mention]
    records: Sequence[Record]
    statements: Sequence[Statement]
    matches: Sequence[MatchReason]
    judgements: Sequence[Judgement]
    around: Neighbourhood | None = None  # what the person was made of; of a decoy nothing

    @property
    def name(self) -> str:
        """The fullest name a record gives."""
        return max((mention.caption for mention in self.mentions), key=lambda caption: (len(caption), caption))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted({m.caption for m in self.mentions} | {alias for m in self.mentions for alias in m.aliases}))

    @property
    def births(self) -> tuple[str, ...]:
        return tuple(sorted({mention.born for mention in self.mentions if mention.born}))

    @property
    def victim(self) -> Sequence[Statement]:
        """What makes the person a victim, newest first. Shown before everything else."""
        return sorted(
            (s for s in self.statements if s.says_victim), key=lambda s: (s.day, s.assertion.id), reverse=True
        )

    @property
    def facts(self) -> Sequence[Statement]:
        return [statement for statement in self.statements if statement.is_fact]

    @property
    def assessments(self) -> Sequence[Statement]:
        return [statement for statement in self.statements if not statement.is_fact]

    def may_be_child_on(self, day: date) -> bool | None:
        """Whether any recorded date of birth makes the person under 18 on a day; None when none is recorded."""
        read = [parse_partial_date(born) for born in self.births]
        known = [born.age_range_on(day)[0] < 18 for born in read if born is not None]
        return any(known) if known else None


def person_profile(viewpoint: Viewpoint, mention: UUID) -> PersonProfile | None:
    """The person of a visible mention, or None: for a hidden mention as for an absent one."""
    start = viewpoint.visible(Mention.objects.filter(id=mention, kind=MentionKind.PERSON)).first()
    if start is None:
        return None
    around = neighbourhood(viewpoint, (mention,))
    members = around.members(mention)
    mentions = list(viewpoint.visible(Mention.objects.filter(id__in=members)).order_by("owner_id", "caption", "id"))
    records = list(viewpoint.visible(Record.objects.filter(mention__in=members)).distinct().order_by("-made_at", "id"))
    return PersonProfile(
        min(members),
        mentions,
        records,
        _statements(viewpoint, members),
        _matches(viewpoint, members),
        list(
            viewpoint.visible(Judgement.objects.filter(left__in=members, right__in=members, withdrawal=None), *ENDS)
            .select_related("left", "right")
            .order_by("-decided_at")
        ),
        around,
    )


def _statements(viewpoint: Viewpoint, members: Sequence[UUID]) -> list[Statement]:
    rows = Assertion.objects.select_related("record", "from_mention", "to_mention")
    outward = viewpoint.visible(rows.filter(from_mention__in=members))
    inward = viewpoint.visible(rows.filter(to_mention__in=members).exclude(from_mention__in=members))
    found = [Statement(row, row.record, row.from_mention, row.to_mention, True) for row in outward]
    found += [Statement(row, row.record, row.to_mention, row.from_mention, False) for row in inward]
    return sorted(found, key=lambda statement: (statement.day, statement.assertion.id), reverse=True)


def _matches(viewpoint: Viewpoint, members: Sequence[UUID]) -> list[MatchReason]:
    rows = viewpoint.visible(
        Match.objects.filter(left__in=members, right__in=members, weight__gte=THRESHOLD_BITS), *ENDS
    ).select_related("left", "right")
    model = model_in_force()
    return [
        MatchReason(
            row.left,
            row.right,
            row.weight,
            explain(levels_of(row), model) if model and row.model_version == model.version else None,
        )
        for row in rows.order_by("-weight", "left_id", "right_id")[:200]
    ]
