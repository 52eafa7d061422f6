"""A person's page says by which chain its records are one person, and warns of what inside speaks against it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from crossline.access.models import Person
from crossline.entities.cohesion import cohesion_of
from crossline.entities.judgements import judge
from crossline.entities.matching import match_people
from crossline.entities.models import Verdict
from crossline.entities.profile import person_profile
from crossline.records.models import Mention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

JADEN = {"forename": "Jaden", "surname": "Quillfeather", "dob": "2008-04-11"}
WILMA = {"forename": "Wilhelmina", "surname": "Throckmorton", "dob": "1971-03-09", "sex": "F"}


def test_a_decision_that_joins_what_cannot_be_one_is_the_link_and_the_warning(
    db: None, builders: Any, tmp_path: Path, kept: Path, as_web: Any
) -> None:
    people = {
        "j1": JADEN | {"ids": {"nominal": "K1"}},
        "j2": JADEN | {"ids": {"nominal": "K2"}},
        "wilma": WILMA,
    }
    reports = [builders.report(ref, mentions=[builders.person(**said)]) for ref, said in people.items()]
    builders.sent(tmp_path / "k", kept, reports=reports)
    match_people()
    mentions = dict(Mention.objects.values_list("record__ref", "id"))
    viewer = builders.enrolled("centre.analyst", agency="nclcc")
    with builders.seen_by(viewer) as viewpoint:
        profile = person_profile(viewpoint, mentions["j1"])
        assert profile is not None
        held = cohesion_of(profile)
        assert held.warnings == [] and held.bridge is not None and len(held.links) == 1
        assert [each["says"] for each in held.notes] == [
            "One force knows this person under two nominals; that happens with one person, too"
        ]
        ends = {"left": mentions["j1"], "right": mentions["wilma"]}
        judge(**ends, verdict=Verdict.SAME, reason="known by two names", viewpoint=viewpoint)
        profile = person_profile(viewpoint, mentions["wilma"])
        assert profile is not None
        held = cohesion_of(profile)
    assert {link["held"] for link in held.links} > {"a person’s decision"}
    assert [each["says"] for each in held.warnings] == [
        "Records give dates of birth that cannot be one",
        "Records give both sexes",
    ]
    with as_web():
        client = Client()
        client.force_login(Person.objects.get(username=viewer.username))
        page = client.get(f"/people/{mentions['j1']}").content.decode()
    assert "These records may not all be of one person" in page and "weakest link" in page
    assert all(f'href="{each["href"]}"' in page for each in (*held.warnings, *held.links))
