"""A child of Essex who went missing and was found in Kent, and the people whose business that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from crossline.access.models import Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.entities.matching import match_people
from crossline.records.models import Mention
from crossline.safeguarding.missing.standing import Standing, episode_of

IDS = {"pnc": "26/9876Z", "nominal": "E9"}


@dataclass
class Case:
    """The people at work on missing episodes, and what they do most."""

    builders: ModuleType
    as_web: Any
    folder: Path
    kept: Path
    home: Viewer
    finder: Viewer
    centre: Viewer
    coordinator: Viewer
    elsewhere: Viewer
    analyst: Viewer
    now: datetime

    def sent(
        self, ref: str, *, by: str = "kent", gone: float = 120, back: float | None = 80, child: Any = None, **said: Any
    ) -> UUID:
        """A record of the child's episode, `gone` and `back` so many hours ago: the mention of the child in it."""
        mention = child or self.builders.person(surname="Okonkwo-Tamm", ids=IDS, dob="2011-02-03")
        more = {name: said.pop(name) for name in ("made_at", "audience") if name in said}
        episode = {
            "from": self.ago(gone),
            "found_at_time": None if back is None else self.ago(back),
            "found_place": "Hastings",
            "found_agency": "kent",
            "home_agency": "essex",
            "risk": "high",
            "return_interview": None,
        } | said
        made = {"made_at": self.ago(79), "occurred_from": None} | more
        report = self.builders.missing_report(
            ref, home="essex", found="kent", mentions=[mention], **made | {"missing": episode}
        )
        folder = self.folder / ref.replace("/", "-") / str(Mention.objects.count())
        self.builders.sent(folder, self.kept, agency=by, ref=folder.as_posix()[-60:], reports=[report])
        match_people()
        return Mention.objects.filter(record__ref=ref).order_by("-record__revision")[0].id

    def ago(self, hours: float) -> str:
        return (self.now - timedelta(hours=hours)).isoformat()

    def seen(self, who: Viewer, mention: UUID) -> Standing | None:
        with self.builders.seen_by(who) as viewpoint:
            return episode_of(viewpoint, mention)

    def browse(self, who: Viewer, address: str, said: dict[str, Any] | None = None) -> Any:
        client = Client(headers={"host": "localhost"})
        with self.as_web():
            client.force_login(Person.objects.get(username=who.username))
            return client.get(address) if said is None else client.post(address, said)


@pytest.fixture
def case(db: None, builders: Any, as_web: Any, tmp_path: Path, kept: Path, quick_passwords: None) -> Case:
    """Safeguarding leads of home, finder, the centre and another force; a coordinator of the centre; an analyst of home."""
    lead = [Role.SAFEGUARDING]
    return Case(
        builders,
        as_web,
        tmp_path,
        kept,
        home=builders.enrolled("essex.lead", agency="essex", roles=lead),
        finder=builders.enrolled("kent.lead", agency="kent", roles=lead),
        centre=builders.enrolled("nclcc.lead", agency="nclcc", roles=lead),
        coordinator=builders.enrolled("nclcc.coordinator", agency="nclcc", roles=[Role.COORDINATOR]),
        elsewhere=builders.enrolled("surrey.lead", agency="surrey", roles=lead),
        analyst=builders.enrolled("essex.analyst", agency="essex"),
        now=timezone.now().replace(microsecond=0),
    )
