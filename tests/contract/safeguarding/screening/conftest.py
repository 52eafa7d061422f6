"""A child whom a record of Kent names, and the safeguarding leads who screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from crossline.access.models import Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.records.models import Mention
from crossline.safeguarding.screening.form import newest
from crossline.safeguarding.screening.models import Screening, Stage
from crossline.safeguarding.screening.reckoning import Answer
from crossline.safeguarding.screening.saving import Said, screen_person
from crossline.safeguarding.screening.standing import Screened, screening_of
from crossline.vocabulary.codes import Tristate

NO = Answer(Tristate.NO)
NOTHING_SEEN = {each.id: NO for each in newest().questions}
SEEN = Answer(Tristate.YES, 2, "Seen by a teacher on 3 March.")


@dataclass
class Screens:
    """The people at work on screenings, and what they do most."""

    builders: ModuleType
    as_web: Any
    folder: Path
    kept: Path
    lead: Viewer
    second: Viewer
    essex: Viewer
    centre: Viewer
    analyst: Viewer
    child: UUID

    def screen(
        self, who: Viewer | None = None, answers: Mapping[str, Answer] | None = None, *, stood: int = 0, **said: Any
    ) -> Screening:
        """A screening of the child at 15, in which everything not said otherwise is no."""
        whole = {
            "stage": Stage.REVIEW if stood else Stage.FIRST,
            "answers": NOTHING_SEEN | dict(answers or {}),
            "asked": {each.id: "essex" for each in newest().domains},
            "age": 15,
            "voice": "“They are my friends.”",
            "judgement": "As the answers say.",
        } | said
        with self.builders.seen_by(who or self.lead) as viewpoint:
            about = whole.pop("about", self.child)
            return screen_person(about=about, said=Said(**whole), stood=stood, viewpoint=viewpoint)

    def found(self, screening: UUID, who: Viewer | None = None) -> Screened | None:
        with self.builders.seen_by(who or self.lead) as viewpoint:
            found = screening_of(viewpoint, screening)
            if found is not None:
                assert found[1].outcome
        return found[1] if found else None

    def person(self, ref: str, **said: Any) -> UUID:
        """Somebody whom one more record of Kent names."""
        report = self.builders.report(ref, mentions=[self.builders.person(**said)])
        self.builders.sent(self.folder / ref.replace("/", "-"), self.kept, ref=ref, reports=[report])
        return Mention.objects.get(record__ref=ref).id

    def browse(self, who: Viewer, address: str, said: dict[str, Any] | None = None) -> Any:
        client = Client(headers={"host": "localhost"})
        with self.as_web():
            client.force_login(Person.objects.get(username=who.username))
            return client.get(address) if said is None else client.post(address, said)


@pytest.fixture
def screens(db: None, builders: Any, as_web: Any, tmp_path: Path, kept: Path, quick_passwords: None) -> Screens:
    lead = [Role.SAFEGUARDING]
    report = builders.report("KENT/1", mentions=[builders.person(surname="Okonkwo-Tamm", dob="2011-02-03")])
    builders.sent(tmp_path / "kent", kept, reports=[report])
    return Screens(
        builders,
        as_web,
        tmp_path,
        kept,
        lead=builders.enrolled("kent.lead", roles=lead),
        second=builders.enrolled("kent.second", roles=lead),
        essex=builders.enrolled("essex.lead", agency="essex", roles=lead),
        centre=builders.enrolled("nclcc.lead", agency="nclcc", roles=lead),
        analyst=builders.enrolled("kent.analyst"),
        child=Mention.objects.get(record__ref="KENT/1").id,
    )
