"""The daily round follows changes of number, each agency by its own data, and forgets what is shut away or goes."""

from __future__ import annotations

from typing import Any

import pytest

from crossline.access.compartments.actions import open_compartment
from crossline.access.compartments.models import CompartmentKind
from crossline.deconfliction.following import links
from crossline.deconfliction.inbox import met
from crossline.deconfliction.models import CheckToken, Pointer
from crossline.deconfliction.pointing import make_pointers
from crossline.deconfliction.rules import verdict_at
from crossline.engines.deconfliction.tokens import Verdict
from crossline.lines.models import ChangeState
from crossline.records.compartments.actions import put_in
from crossline.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
OLD, NEW, NEWEST = (f"+4477009003{place}#0001" for place in (10, 20, 30))


def test_an_agency_points_at_what_its_own_data_show_and_today_s_check_is_met_tomorrow(two: Any) -> None:
    two.investigates("essex", OLD)
    asked = two.asks("kent", NEW)
    assert asked.told == () and make_pointers() == 0
    two.shows("kent", OLD, NEW)
    make_pointers()
    assert Pointer.objects.filter(owner="essex").count() == 1, "nobody points by another's data"
    with two.seen_by("kent") as viewpoint:
        found = [(each.own, each.agency, verdict_at(each.sure)) for each in met(viewpoint)]
        assert found == [(asked.id, "essex", Verdict.MAY_BE)], "Kent's own check follows what Kent has found since"
    finding = two.shows("essex", OLD, NEW)
    assert make_pointers() == 1 and make_pointers() == 0
    first = Pointer.objects.get(via__isnull=False)
    assert first.via_id == finding
    make_pointers(full=True)
    assert Pointer.objects.get(via__isnull=False).made_at == first.made_at, "it points since it first did"
    assert two.told("nclcc", NEW) == [("essex", Verdict.MAY_BE)]
    two.decides("essex", finding, ChangeState.REJECTED)
    make_pointers()
    assert not Pointer.objects.filter(via__isnull=False).exists()


def test_what_is_shut_away_or_disposed_of_leads_nowhere(two: Any) -> None:
    two.investigates("essex", OLD)
    finding = two.shows("essex", OLD, NEW)
    make_pointers()
    two.asks("essex", OLD)
    assert Pointer.objects.filter(via=finding).count() == CheckToken.objects.filter(via_id=finding).count() == 1
    with two.seen_by("essex") as viewpoint:
        shut = open_compartment(kind=CompartmentKind.OPERATION, name="Covert", reason="covert", viewpoint=viewpoint)
    data = Record.objects.get(owner="essex", kind="communications").id
    with two.seen_by("essex") as viewpoint:
        put_in(record=data, compartment=shut.id, reason="covert", viewpoint=viewpoint)
    assert not Pointer.objects.filter(via=finding).exists() and not CheckToken.objects.filter(via_id=finding).exists()
    make_pointers()
    assert two.told("kent", NEW) == [] and not Pointer.objects.filter(via=finding).exists()
    with two.seen_by("essex") as viewpoint:
        assert links(viewpoint) == {}, "not even for whoever belongs to it: colleagues read the receipt"
    two.investigates("kent", NEW)
    other = two.shows("kent", NEW, NEWEST)
    make_pointers()
    assert Pointer.objects.filter(via=other).exists()
    two.asks("kent", NEW)
    assert CheckToken.objects.filter(via_id=other).exists()
    Record.objects.get(id=other).delete()
    assert not Pointer.objects.filter(via=other).exists() and not CheckToken.objects.filter(via_id=other).exists()
