"""What points follows its record: revisions, closing, restriction, compartments, running out, going."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from crossline.access.compartments.actions import open_compartment
from crossline.access.compartments.models import CompartmentKind
from crossline.access.roles import Role
from crossline.deconfliction.answering import set_answer
from crossline.deconfliction.inbox import asked_about
from crossline.deconfliction.models import Pointer
from crossline.deconfliction.pointing import make_pointers
from crossline.deconfliction.rules import AnswerLevel
from crossline.errors import NotPermitted
from crossline.records.compartments.actions import put_in
from crossline.records.models import Record
from crossline.records.restriction import lift, restrict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


def test_what_points_follows_the_record(forces: Any) -> None:
    """A later revision, closing, restriction, compartment, running out, another round, going."""
    forces.answers("essex", AnswerLevel.CONTACT)
    record = forces.investigates("essex", f"phone:{forces.number}")
    first = Pointer.objects.get()
    assert make_pointers() == 0 and make_pointers(full=True) == 1
    assert Pointer.objects.get().made_at == first.made_at != Pointer.objects.get().id
    record = forces.investigates("essex", f"phone:{forces.number};vrm:AB12 CDE")
    assert {each.record_id for each in Pointer.objects.all()} == {record} and Pointer.objects.count() == 2
    assert len(forces.asks("kent", "ab12cde", "vrm").told) == 1
    with forces.seen_by("essex", Role.INFORMATION_MANAGER) as viewpoint:
        restrict(record=record, reason="disputed", viewpoint=viewpoint)
    assert forces.asks("kent").told == () and not Pointer.objects.exists()
    make_pointers(full=True)
    assert not Pointer.objects.exists()
    with forces.seen_by("essex", Role.INFORMATION_MANAGER) as viewpoint:
        lift(record=record, reason="settled", viewpoint=viewpoint)
    assert make_pointers() == 2 and len(forces.asks("kent").told) == 1
    with forces.seen_by("essex", Role.INFORMATION_MANAGER) as viewpoint:
        made = open_compartment(kind=CompartmentKind.OPERATION, name="Covert", reason="covert", viewpoint=viewpoint)
    with forces.seen_by("essex", Role.INFORMATION_MANAGER) as viewpoint:
        put_in(record=record, compartment=made.id, reason="covert", viewpoint=viewpoint)
    asked = forces.asks("kent")
    assert asked.told == () and forces.told("essex") == [], "whoever does not belong to it is not told either"
    with forces.seen_by("essex", Role.INFORMATION_MANAGER) as viewpoint:
        assert asked.number in {each.number for each in asked_about(viewpoint)}
        with pytest.raises(NotPermitted):
            set_answer(level=AnswerLevel.CONTACT, contact="x", category="", record=UUID(int=3), viewpoint=viewpoint)
    Record.objects.get(id=record).delete()
    forces.investigates("surrey", f"phone:{forces.number}", status="closed", closed="2026-02-01")
    assert not Pointer.objects.exists()
    gone = forces.investigates("norfolk", f"phone:{forces.number}")
    assert len(forces.told("norfolk")) > 1
    Pointer.objects.filter(record=gone).update(until=timezone.localdate() - timedelta(days=1))
    assert forces.told("norfolk") == [] and make_pointers() == 0
    assert not Pointer.objects.exists()
