"""What tests of decoys share: a story, planting and agreeing as people do, and the same said by a record that is really there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.records.decoys.drawing import Story
from crossline.records.decoys.planting import agree, end, plant
from crossline.records.models import Decoy, Mention, Record

STORY = Story(
    ref="KENT/2026/044871",
    made_at=datetime(2026, 3, 2, 14, 10, tzinfo=UTC),
    occurred_at=datetime(2026, 3, 1, 20, 0, tzinfo=UTC),
    source_grade="2",
    information_grade="B",
    conditions="A1 S2",
    subject="Stop and search",
    text="Ottilie Fennimore, born 1994-05-06, was stopped and searched. Gave 07700 900321#4456 as a number.",
    forename="Ottilie",
    surname="Fennimore",
    born="1994-05-06",
    sex="F",
    number="07700 900321#4456",
)
REASON = "Somebody sells what they read."


def enrolled(builders: Any) -> dict[str, Viewer]:
    """Kent's auditors and information managers, of whom one is asked to agree; who works with records; and another agency's."""
    auditor, manager = (Role.AUDITOR,), (Role.INFORMATION_MANAGER,)
    return {
        "auditor": builders.enrolled("kent.auditor", roles=auditor),
        "other auditor": builders.enrolled("kent.auditor2", roles=auditor),
        "sponsor": builders.enrolled("kent.sponsor", roles=manager),
        "manager": builders.enrolled("kent.manager", roles=manager),
        "analyst": builders.enrolled("kent.analyst"),
        "administrator": builders.enrolled("kent.administrator", roles=(Role.ADMINISTRATOR,)),
        "essex auditor": builders.enrolled("essex.auditor", agency="essex", roles=auditor),
        "essex": builders.enrolled("essex.analyst", agency="essex"),
        "centre": builders.enrolled("centre.analyst", agency="nclcc", roles=(Role.COORDINATOR, Role.ANALYST)),
    }


def asked(builders: Any, people: Mapping[str, Viewer], story: Story = STORY, **said: Any) -> Decoy:
    """Planted, and nobody agreed yet."""
    given = {"days": 30, "reason": REASON, "sponsor": people["sponsor"].username} | said
    with builders.seen_by(people["auditor"]) as viewpoint:
        return plant(story=story, viewpoint=viewpoint, **given)


def agreed(builders: Any, people: Mapping[str, Viewer], story: Story = STORY, **said: Any) -> Decoy:
    """In force."""
    made = asked(builders, people, story, **said)
    with builders.seen_by(people["sponsor"]) as viewpoint:
        agree(decoy=made.id, viewpoint=viewpoint)
    return made


def ended(builders: Any, people: Mapping[str, Viewer], made: Decoy) -> None:
    with builders.seen_by(people["other auditor"]) as viewpoint:
        end(decoy=made.id, note="It has done its work.", viewpoint=viewpoint)


def really(builders: Any, folder: Path, kept: Path, story: Story = STORY) -> Record:
    """A record that says what the story says, kept to Kent by its sender."""
    mentions = [
        {
            "key": "p1",
            "kind": "person",
            "forename": story.forename,
            "surname": story.surname,
            "dob": story.born,
            "sex": story.sex,
        },
        {"key": "t1", "kind": "phone", "number": story.number},
    ]
    report = builders.report(
        story.ref,
        made_at=story.made_at.isoformat(),
        occurred_from=story.occurred_at.isoformat(),
        source_grade=int(story.source_grade),
        information_grade=story.information_grade,
        handling="C",
        conditions=story.conditions,
        audience=["kent"],
        subject=story.subject,
        text=story.text,
        mentions=mentions,
        assertions=[{"from": "p1", "to": "t1", "type": "uses", "basis": "fact"}],
    )
    builders.sent(folder, kept, ref="2026-77", reports=[report])
    return Record.objects.get(ref=story.ref)


def ids_of(made: Decoy | Record) -> dict[str, str]:
    """The ids of a decoy or of a record, and of whom and what it mentions."""
    if isinstance(made, Decoy):
        return {"record": str(made.id), "person": str(made.person), "phone": str(made.phone)}
    own = Mention.objects.filter(record=made)
    return {"record": str(made.id)} | {each.kind: str(each.id) for each in own}


def another(ref: str) -> Story:
    return replace(STORY, ref=ref)
