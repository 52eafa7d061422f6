"""What a record's page shows, as plain rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crossline.access.roles import Role
from crossline.records.models import Assertion, Mention, Record
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import AssertionType, MentionKind, RecordKind

_GROUPS = {
    "police": "Everyone with a policing role, in any agency",
    "centre": "The national coordination centre",
    "safeguarding": "Safeguarding leads of every agency",
}
_PLAIN = (str, int, float, bool)


def group_in_words(label: str) -> str:
    """A label as people say it."""
    kind, _, name = label.partition(":")
    if kind == "agency" and name in agencies():
        return agencies()[name].name
    if kind == "role" and name in frozenset(Role):
        return f"Everyone with the role {name}"
    return _GROUPS.get(label, label)


@dataclass(frozen=True)
class RecordPage:
    """One record with what it mentions and says."""

    record: Record
    mentions: Sequence[Mention]
    assertions: Sequence[Assertion]

    @property
    def kind(self) -> str:
        return RecordKind(self.record.kind).meaning

    @property
    def seen_by(self) -> list[str]:
        """The groups that may see the record."""
        return [group_in_words(label) for label in self.record.audience.fingerprint.split()]

    @property
    def summary(self) -> list[tuple[str, object]]:
        """Where it is from and how it is held."""
        record = self.record
        return [
            ("Sent by", record.owner.name),
            ("Reference", record.ref if record.revision == 1 else f"{record.ref}, revision {record.revision}"),
            ("Made", record.made_at),
            ("Happened", record.occurred_from),
            ("Classification", record.classification),
            ("Conditions", record.conditions or None),
            ("Next review", record.review_at),
        ]

    @property
    def things(self) -> list[dict[str, object]]:
        """What the record mentions."""
        return [
            {
                "kind": MentionKind(mention.kind).meaning,
                "caption": mention.caption,
                "mention": mention,
                "person": mention.kind == MentionKind.PERSON,
                "line": mention.kind == MentionKind.LINE,
                "born": mention.born,
            }
            for mention in self.mentions
        ]

    @property
    def sentences(self) -> list[dict[str, object]]:
        """What the record says between them."""
        return [
            {
                "subject": said.from_mention.caption,
                "says": AssertionType(said.type).meaning,
                "object": said.to_mention.caption,
                "basis": said.basis,
                "category": said.category,
                "from_date": said.from_date,
                "to_date": said.to_date,
            }
            for said in self.assertions
        ]

    @property
    def details(self) -> list[tuple[str, str]]:
        """The kind's own fields, flattened."""
        return list(_flattened("", self.record.detail))


def _flattened(prefix: str, value: object) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for name, inner in value.items() for pair in _flattened(f"{prefix} {name}".strip(), inner)]
    if isinstance(value, list):
        joined = ", ".join(str(part) for part in value)
        return [(prefix.replace("_", " ").capitalize(), joined)] if joined else []
    if isinstance(value, _PLAIN) and value != "":
        return [(prefix.replace("_", " ").capitalize(), str(value))]
    return []
