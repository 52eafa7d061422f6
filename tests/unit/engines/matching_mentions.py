"""Mentions as tests of matching write them: few values a field, so that many agree."""

from __future__ import annotations

from random import Random
from typing import Any

import pyarrow as pa

from crossline.engines.resolution.mentions import MENTION_SCHEMA
from crossline.engines.resolution.preparing import prepare

WRITTEN: dict[str, list[Any]] = {
    "agency": [None, "kent", "essex"],
    "forename": [None, "Jayden", "Jaden", "J", "William", "Bill", "Muhammad", "Mohamed", "Cole", "unknown"],
    "middle": [None, "James", "J", "Jayden"],
    "surname": [None, "Cole", "Coles", "Cole-Marsh", "Choudhury", "Chowdhury", "Jayden", "O'Neill"],
    "aliases": [None, [], ["JC"], ["Jayden Cole", "Smiler"], ["unknown"]],
    "dob": [None, "2008-04-11", "2008-11-04", "2008-04-12", "2008", "2008-04", "1998-04-11", "1900-01-01"],
    "sex": [None, "M", "female"],
    "pnc": [None, "01/1234X", "01/1235X", "0000"],
    "nominal": [None, "K4411", "K4412"],
    "phones": [None, ["07700 900123"], ["07700 900124"], ["07700 900123", "07700 900999"], ["07000000000"]],
    "vrm": [None, "AB12 CDE", "AB1Z CDE"],
    "postcode": [None, "ZZ12 1AA", "ZZ12 1AB", "ZZ99 3VZ"],
    "address": [None, "12 High Street", "14 High Street, Hastings", "Flat 2, 12 High St"],
    "place": [None, "Hastings"],
    "associates": [None, [], ["Ann Pole"], ["Anne Pole", "Jayden Cole"]],
}  # fmt: skip
"""What a field of the tests' mentions may hold."""


def mentions(rows: list[dict[str, Any]]) -> pa.Table:
    numbered = [{"mention_id": f"{number:04d}", **row} for number, row in enumerate(rows)]
    return pa.Table.from_pylist(numbered, schema=MENTION_SCHEMA)


def some_mentions(number: int, seed: int) -> pa.Table:
    chance = Random(seed)
    return prepare(mentions([{name: chance.choice(held) for name, held in WRITTEN.items()} for _ in range(number)]))
