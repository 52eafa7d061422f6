"""While a delivery of an agency comes in, none of its records is put into a compartment: a revision could pass by unseen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from crossline.access.compartments.actions import open_compartment
from crossline.access.compartments.models import CompartmentKind
from crossline.access.roles import Role
from crossline.access.viewer import reading
from crossline.errors import MoveNotAllowed
from crossline.hosting.logins import Login
from crossline.records.compartments.actions import put_in
from crossline.records.models import Record

from .releases import labels


@pytest.mark.usefixtures("quick_passwords")
def test_while_a_delivery_comes_in_nothing_is_put_in(committed: Any, builders: Any, tmp_path: Path) -> None:
    builders.sent(tmp_path / "sent", tmp_path / "kept", reports=[builders.report("kent/C", handling="C")])
    keeper = builders.enrolled("kent.manager", roles=(Role.INFORMATION_MANAGER,))
    record = Record.objects.get(ref="kent/C")
    with reading(keeper) as viewpoint:
        said = {"kind": CompartmentKind.OPERATION, "name": "Operation Quoin", "reason": "Covert."}
        vault = open_compartment(viewpoint=viewpoint, **said).id

    def put() -> None:
        with reading(keeper) as viewpoint:
            put_in(record=record.id, compartment=vault, reason="Covert.", viewpoint=viewpoint)

    with psycopg.connect(committed.conninfo(Login.ENGINE)) as intake:
        intake.execute("SELECT pg_advisory_xact_lock(hashtext('deliveries of kent'))")
        with pytest.raises(MoveNotAllowed, match="being taken in"):
            put()
        assert labels(Record.objects.get(id=record.id)) == {"agency:kent", "centre"}
    put()
    assert labels(Record.objects.get(id=record.id)) == {f"compartment:{vault}"}
