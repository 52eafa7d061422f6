"""Files of checks: read row by row, asked once, allowed by a second person where they are long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from crossline.access.approvals import decide
from crossline.access.roles import Role
from crossline.deconfliction.checking import ask_checks
from crossline.deconfliction.files import CheckFile, as_rows, check_file, read_check_file
from crossline.deconfliction.models import Check
from crossline.deconfliction.rules import FILE_ROWS_ALONE, AnswerLevel
from crossline.errors import FileUnreadable, MoveNotAllowed, TooMuchAtOnce

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
LONG = FILE_ROWS_ALONE + 20


def test_a_long_file_needs_a_second_person_and_a_bad_row_says_why(forces: Any, tmp_path: Path) -> None:
    forces.investigates("essex", "phone:07700 900123#0000;vrm:AB12 CDE")
    forces.answers("essex", AnswerLevel.CONTACT)
    path = tmp_path / "values.csv"

    def given(rows: list[str]) -> CheckFile:
        path.write_text("scheme,value,note\n" + "\n".join(rows), encoding="utf-8")
        return read_check_file(path)

    file = given(
        ["phone,07700 900123#0000,", "Phone,+44 7700 900123#0000,again", "postcode,TN34 1AA,", "vrm,?,", "vrm,AB12 CDE"]
    )
    with forces.seen_by("kent") as viewpoint:
        rows = list(as_rows(check_file(file=file, why=forces.why, viewpoint=viewpoint)))
    assert [row[4] for row in rows] == ["essex", "essex", "", "", "essex"]
    assert rows[0][3] == rows[1][3] != rows[4][3] and Check.objects.count() == 2, "what means the same is asked once"
    assert ["cannot be" in str(row[8]) for row in rows] == [False, False, False, True, False] and "not a kind" in str(
        rows[2][8]
    )
    long = given([f"phone,07700 900{each % 1000:03}#{each // 1000:04}," for each in range(LONG)])
    with forces.seen_by("kent") as viewpoint:
        waits = check_file(file=long, why=forces.why, viewpoint=viewpoint).waits_for
        assert waits is not None and Check.objects.count() == 2
        with pytest.raises(TooMuchAtOnce):
            ask_checks(asked=list(long.asked.values()), why=forces.why, viewpoint=viewpoint)
    with forces.seen_by("kent") as viewpoint, pytest.raises(ProgrammingError), transaction.atomic():
        ask_checks(asked=list(long.asked.values())[:9], why=forces.why, viewpoint=viewpoint, approval=waits)
    with forces.seen_by("kent", Role.INFORMATION_MANAGER) as viewpoint:
        decide(approval=waits, approved=True, note="", viewpoint=viewpoint)
    assert forces.page("kent", f"/approvals/{waits}", Role.INFORMATION_MANAGER).status_code == 200
    with forces.seen_by("kent") as viewpoint:
        answer = check_file(file=long, why=forces.why, viewpoint=viewpoint, approval=waits)
    assert sum(bool(answered and answered.told) for _, answered in answer.rows) == 1 and len(answer.rows) == LONG
    with forces.seen_by("kent") as viewpoint, pytest.raises(MoveNotAllowed):
        check_file(file=long, why=forces.why, viewpoint=viewpoint, approval=waits)
    for wrong in ("scheme\nphone", "", "scheme,value\n"):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(FileUnreadable):
            read_check_file(path)
