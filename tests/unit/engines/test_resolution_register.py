"""A register that grows mention by mention holds the people that one run over everything finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from crossline.engines.resolution.mentions import MENTION_SCHEMA
from crossline.engines.resolution.model import released_model
from crossline.engines.resolution.register import LEAST_SCALE, LOG, Register
from crossline.engines.resolution.resolve import resolve
from crossline.errors import FileUnreadable

MODEL = replace(released_model(), scale=LEAST_SCALE)
FORENAMES = ["Jayden", "Jaden", "William", "Bill", "Mohammed", "Muhammad", "Amy", "Aimee", "J", None]
SURNAMES = ["Cole", "Coles", "Okafor", "Nowak", "Choudhury", "Chowdhury", "Throckmorton", None]


def some_mentions(number: int, seed: int) -> list[dict[str, Any]]:
    """Mentions of people who share names, dates and numbers more than people do, so that much is disputed."""
    chance = Random(seed)
    rows = []
    for place in range(number):
        born = chance.choice(["2008-04-11", "2008-11-04", "2008-04-12", "2008", "1971-03-09", "1971-03", None])
        rows.append({
            "mention_id": f"m{chance.randrange(10**6):06d}-{place}", "agency": chance.choice(["kent", "essex"]),
            "forename": chance.choice(FORENAMES), "surname": chance.choice(SURNAMES), "dob": born,
            "sex": chance.choice(["M", "F", None, None]), "pnc": chance.choice([None] * 8 + ["01/1234X", "01/9876Y"]),
            "phones": chance.choice([None, None, ["07700 900123"], ["07700 900456"]]),
            "aliases": chance.choice([None, None, ["Smiler"]]),
        })  # fmt: skip
    return rows


def people(entity_of: dict[str, str]) -> set[frozenset[str]]:
    together: dict[str, set[str]] = {}
    for mention, entity in entity_of.items():
        together.setdefault(entity, set()).add(mention)
    return {frozenset(each) for each in together.values()}


def at_once(rows: list[dict[str, Any]]) -> set[frozenset[str]]:
    return people(dict(resolve(pa.Table.from_pylist(rows, schema=MENTION_SCHEMA), MODEL).cluster_of))


@pytest.mark.parametrize("seed", range(6))
def test_one_by_one_is_as_at_once(seed: int, tmp_path: Path) -> None:
    rows = some_mentions(150, seed)
    with Register(tmp_path, MODEL) as register:
        for row in rows:
            register.add(row)
        assert people(register.entities()) == at_once(rows)
        assert len(people(register.entities())) < len(rows)


@pytest.mark.parametrize("seed", range(3))
def test_opened_again_it_goes_on_where_it_was(seed: int, tmp_path: Path) -> None:
    rows = some_mentions(160, 100 + seed)
    with Register(tmp_path, MODEL) as register:
        register.add_all(rows[:100])
        before = register.entities()
    with Register(tmp_path, MODEL) as register:
        assert register.entities() == before
        for row in rows[100:]:
            register.add(row)
        assert people(register.entities()) == at_once(rows)


def test_an_entity_is_named_by_the_mention_that_came_first_and_what_is_known_is_not_taken_again(tmp_path: Path) -> None:
    cole = {"forename": "Jaden", "surname": "Cole", "dob": "2008-04-11", "agency": "kent"}
    with Register(tmp_path, MODEL) as register:
        assert register.add({"mention_id": "z", **cole}) == "z"
        assert register.add_all([{"mention_id": "a", **cole}, {"mention_id": "z", "forename": "Other"}]) == ["z", "z"]
        assert len(register) == 2
    assert (tmp_path / LOG).read_bytes().count(b"\n") == 2


def test_a_line_that_was_cut_off_was_never_answered(tmp_path: Path) -> None:
    with Register(tmp_path, MODEL) as register:
        register.add_all(some_mentions(20, 7))
    log = tmp_path / LOG
    log.write_bytes(log.read_bytes()[:-5])
    with Register(tmp_path, MODEL) as register:
        assert len(register) == 19
        register.add({"mention_id": "after", "forename": "Amy"})
    with Register(tmp_path, MODEL) as register:
        assert len(register) == 20
        assert "after" in register.entities()


def test_a_log_that_is_spoilt_is_told_with_the_line(tmp_path: Path) -> None:
    (tmp_path / LOG).write_text('{"mention_id": "a"}\nspoilt\n{"mention_id": "b"}\n', encoding="utf-8")
    with pytest.raises(FileUnreadable, match=r"mentions\.jsonl, line 2: this is no mention"):
        Register(tmp_path, MODEL)


def test_room_that_was_never_written_holds_no_mention_and_goes_when_the_register_closes(tmp_path: Path) -> None:
    rows = some_mentions(3, 1)
    with Register(tmp_path, MODEL) as register:
        register.add(rows[0])
        left = (tmp_path / LOG).read_bytes()  # what a machine that fails now leaves
    assert left.endswith(b"\0") and not (tmp_path / LOG).read_bytes().endswith(b"\0")
    (tmp_path / LOG).write_bytes(left[:-9] + b'"half}\n\0')  # and a piece of a line that was never answered
    with Register(tmp_path, MODEL) as register:
        assert len(register) == 1
        register.add(rows[1])
    with Register(tmp_path, MODEL) as register:
        assert [*register.entities()] == [rows[0]["mention_id"], rows[1]["mention_id"]]
