"""A pack lists the agency's own checks that may have asked about the person, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.deconfliction.checking import Asked, Why, ask_check

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
WHY = Why("before a visit", "Operation Rowan", "Rowan desk", 28)


def test_the_agency_s_own_checks_of_the_person_are_listed_and_not_given(
    make: Any, manager: Viewer, builders: Any
) -> None:
    essex = builders.enrolled("essex.asker", agency="essex", roles=(Role.ANALYST,))
    asked = [
        (manager, "person", "Jayden Cole|2008-04-11"),  # as somebody else writes him
        (manager, "person", "Orla Finch|1990-02-03"),
        (manager, "phone", builders.NUMBER),
        (essex, "person", "Jaden Cole|2008-04-11"),
    ]
    numbers = []
    for viewer, scheme, value in asked:
        with builders.seen_by(viewer) as viewpoint:
            made = ask_check(asked=Asked.read(scheme, value), why=WHY, viewpoint=viewpoint)
            numbers.append(made.number)
    opened = make()
    rows = opened.rows("checks")
    assert [(row["number"], row["asked_about"], row["by"]) for row in rows] == [
        (numbers[0], asked[0][2], "kent.records")
    ]
    assert numbers[0] not in opened.to_give and "Operation Rowan" not in "".join(opened.files.values())
