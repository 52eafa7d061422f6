"""Whoever asks about values that run up one by one is shown to those who answer for the agency's people."""

from __future__ import annotations

from typing import Any

import pytest

from crossline.access.roles import Role
from crossline.deconfliction.checking import Asked, Why, ask_check, ask_checks
from crossline.deconfliction.measures import TryingOut, trying_out
from crossline.deconfliction.rules import ALIKE_SHOWN
from crossline.deconfliction.trying_out import alike

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
WHY = Why("a seized phone", "Operation Elm", "Elm desk", 28)


def test_values_that_run_up_one_by_one_are_shown_and_one_asked_often_is_not(builders: Any) -> None:
    asker, other = builders.enrolled("kent.asker"), builders.enrolled("kent.other")
    auditor = builders.enrolled("kent.auditor", roles=(Role.AUDITOR,))
    for place in range(ALIKE_SHOWN - 2):
        with builders.seen_by(asker) as viewpoint:
            ask_check(asked=Asked.read("phone", f"07700 90010{place}"), why=WHY, viewpoint=viewpoint)
    with builders.seen_by(asker) as viewpoint:
        now = ["phone:+447700900109", "phone:+447700900100", "vrm:AB12CDE"]
        assert alike(now, viewpoint) == ALIKE_SHOWN - 1
    with builders.seen_by(auditor) as viewpoint:
        assert trying_out(viewpoint) == []
    with builders.seen_by(asker) as viewpoint:
        ask_checks(asked=[Asked.read("phone", f"07700 90020{each}") for each in "12"], why=WHY, viewpoint=viewpoint)
    with builders.seen_by(other) as viewpoint:
        for _ in range(ALIKE_SHOWN + 1):
            ask_check(asked=Asked.read("phone", "07700 900300"), why=WHY, viewpoint=viewpoint)
    with builders.seen_by(auditor) as viewpoint:
        assert trying_out(viewpoint) == [TryingOut("kent.asker", ALIKE_SHOWN, ALIKE_SHOWN, ALIKE_SHOWN)]
