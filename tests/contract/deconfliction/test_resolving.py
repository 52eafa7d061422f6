"""Either side records what became of a check, and what somebody silent records stays with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crossline.deconfliction.measures import of_own_agency, overall
from crossline.deconfliction.models import CheckOutcome
from crossline.deconfliction.resolving import outcomes_of
from crossline.deconfliction.rules import AnswerLevel, Resolution
from crossline.errors import MoveNotAllowed, NotPermitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


def test_either_side_records_what_became_of_it_and_silence_stays_silent(forces: Any) -> None:
    forces.investigates("essex", f"phone:{forces.number}")
    check = forces.asks("kent").id
    address = f"/deconfliction/checks/{check}"
    assert forces.page("surrey", address).status_code == 404
    with pytest.raises(NotPermitted):
        forces.resolves("kent", check, "essex", Resolution.JOINT)  # whom they were not told of
    with pytest.raises(NotPermitted):
        forces.resolves("surrey", check, "surrey", Resolution.JOINT)
    silent = forces.resolves("essex", check, "essex", Resolution.NO_CONFLICT)
    with forces.seen_by("kent") as viewpoint:
        assert outcomes_of(viewpoint, check) == []
    forces.answers("essex", AnswerLevel.CONTACT)
    assert b"It has met since" in forces.page("kent", address).content
    made = forces.resolves("kent", check, "essex", Resolution.FALSE_MATCH)
    with pytest.raises(MoveNotAllowed):
        forces.resolves("essex", check, "essex", Resolution.JOINT, stood=silent)
    with pytest.raises(MoveNotAllowed):
        forces.resolves("essex", check, "essex", Resolution.FALSE_MATCH, stood=made)
    said = {"other": "essex", "state": "joint", "note": "Agreed by telephone.", "stood": str(made)}
    assert forces.page("essex", address, **said).status_code == 302
    for agency in ("kent", "essex"):
        page = forces.page(agency, address).content.decode()
        assert "A joint operation" in page and "Agreed by telephone." in page
        assert (forces.why.operation in page) is (agency == "kent"), "the operation is the asker's own"
    CheckOutcome.objects.update(asked_at=timezone.now() - timedelta(hours=5))
    for agency, resolved in (("kent", 1), ("essex", 1), ("surrey", 0)):
        with forces.seen_by(agency) as viewpoint:
            measured = of_own_agency(viewpoint)
            assert (measured.resolved, measured.precision) == (resolved, 1.0 if resolved else None)
            assert overall(viewpoint) is None
    with forces.seen_by("nclcc") as viewpoint:
        whole = overall(viewpoint)
    assert whole is not None and (whole.checks, whole.resolved) == (1, 1) and 4.9 < (whole.hours or 0) < 5.2
    assert b"100.0%" in forces.page("nclcc", "/deconfliction/figures").content
