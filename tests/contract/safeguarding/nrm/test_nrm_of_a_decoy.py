"""A decoy is answered like somebody whom a record names, and nothing is ever drafted about one."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from crossline.access.roles import Role
from crossline.records.decoys.drawing import Story
from crossline.records.decoys.models import DecoyRecord
from crossline.records.decoys.planting import agree, plant
from crossline.records.one_at_a_time import BUSY
from crossline.safeguarding.nrm.models import NrmCase

from .conftest import Case


def test_a_draft_about_a_decoy_opens_and_is_never_saved(case: Case) -> None:
    now = timezone.now()
    story = Story(
        ref="KENT/2026/decoy",
        made_at=now - timedelta(days=9),
        occurred_at=now - timedelta(days=10),
        source_grade="1",
        information_grade="A",
        conditions="A1 S2",
        subject="Operation Larch",
        text="Seen on the pier.",
        forename="Ottoline",
        surname="Marchbanks",
        born="1996-04-11",
        sex="F",
        number="07700 900777",
    )
    planter = case.builders.enrolled("kent.auditor", roles=[Role.AUDITOR])
    sponsor = case.builders.enrolled("kent.sponsor", roles=[Role.AUDITOR])
    said = {"days": 9, "reason": "Somebody sells what they read.", "sponsor": sponsor.username}
    with case.builders.seen_by(planter) as viewpoint:
        made = plant(story=story, viewpoint=viewpoint, **said).id
    with case.builders.seen_by(sponsor) as viewpoint:
        agree(decoy=made, viewpoint=viewpoint)
    with case.builders.role("none"):
        person = DecoyRecord.objects.get().person
    assert "Ottoline Marchbanks" in case.browse(case.lead, f"/nrm/new/{person}").content.decode()
    refused = case.browse(case.lead, f"/nrm/new/{person}", {"reason": "First."})
    assert refused.status_code == 422 and BUSY in refused.content.decode()
    assert not NrmCase.objects.exists()
    assert case.browse(case.essex_lead, f"/nrm/new/{person}").status_code == 404
