"""FollowTheMoney: the network as JSON lines, an entity each, for OpenAleph, OpenSanctions' tools and the like.

People are Person, lines and groups Organization, numbers, handles and accounts UserAccount, and every tie an UnknownLink
with its record as source: the model has no closer words, and a closer one would say more than the record does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Final

from crossline.exchange.network import Network, Thing, Tie
from crossline.exchange.stamp import Stamp
from crossline.vocabulary.codes import MentionKind, Sex

Entity = dict[str, Any]
_SCHEMAS: Final = {
    MentionKind.PERSON: "Person",
    MentionKind.PHONE: "UserAccount",
    MentionKind.HANDLE: "UserAccount",
    MentionKind.ACCOUNT: "UserAccount",
    MentionKind.ADDRESS: "Address",
    MentionKind.PLACE: "Address",
    MentionKind.VEHICLE: "Vehicle",
    MentionKind.LINE: "Organization",
    MentionKind.GROUP: "Organization",
    MentionKind.ITEM: "Asset",
}
_GENDERS: Final = {Sex.MALE: "male", Sex.FEMALE: "female"}


def write_ftm(network: Network, out: BinaryIO, stamp: Stamp) -> int:
    """An entity a line: things, then ties, then the stamp as a note. Gives how many."""
    number = 0
    for entity in _entities(network, stamp):
        out.write(json.dumps(entity, ensure_ascii=False).encode() + b"\n")
        number += 1
    return number


def _entities(network: Network, stamp: Stamp) -> Iterator[Entity]:
    for thing in network.things.values():
        yield _entity(thing.id, _SCHEMAS[thing.kind], _PROPERTIES[thing.kind](thing))
    for tie in network.ties():
        yield _entity(f"tie-{tie.id}", "UnknownLink", _of_tie(tie))
    yield _entity(f"export-{stamp.number}", "Note", {"name": [f"Export {stamp.number}"], "description": [stamp.words]})


def _entity(key: str, schema: str, properties: dict[str, Iterable[str]]) -> Entity:
    kept = {name: found for name, values in properties.items() if (found := [value for value in values if value])}
    return {"id": key, "schema": schema, "properties": kept}


def _common(thing: Thing) -> dict[str, Iterable[str]]:
    return {"name": [thing.label], "alias": thing.other_names, "publisher": sorted(thing.agencies)}


def _person(thing: Thing) -> dict[str, Iterable[str]]:
    genders = [_GENDERS[sex] for word in sorted(thing.sexes) if (sex := Sex.read(word)) in _GENDERS and sex]
    return _common(thing) | {"birthDate": sorted(thing.born), "gender": genders}


def _account(thing: Thing) -> dict[str, Iterable[str]]:
    scheme = thing.selector.partition(":")[0]
    return _common(thing) | {"username": [thing.value or thing.label], "service": [scheme]}


def _address(thing: Thing) -> dict[str, Iterable[str]]:
    return _common(thing) | {"full": [thing.label], "country": ["gb"]}


def _vehicle(thing: Thing) -> dict[str, Iterable[str]]:
    return _common(thing) | {"registrationNumber": [thing.value]}


def _organisation(thing: Thing) -> dict[str, Iterable[str]]:
    line = thing.kind is MentionKind.LINE
    said = {"classification": ["County line" if line else "Group"], "topics": ["crime.traffick.drug"] if line else []}
    return _common(thing) | said | {"status": [thing.status]}


def _of_tie(tie: Tie) -> dict[str, Iterable[str]]:
    grade = f"{tie.source_grade}{tie.information_grade} {tie.handling} {tie.conditions}".strip()
    return {
        "subject": [tie.left],
        "object": [tie.right],
        "role": [tie.type],
        "status": [tie.basis],
        "summary": ["; ".join(word for word in (tie.category, grade, tie.classification) if word)],
        "startDate": [tie.from_date.isoformat() if tie.from_date else ""],
        "endDate": [tie.to_date.isoformat() if tie.to_date else ""],
        "date": ["" if tie.from_date else tie.made_at.date().isoformat()],
        "recordId": [tie.ref],
        "publisher": [tie.agency],
    }


_PROPERTIES: Final = {
    MentionKind.PERSON: _person,
    MentionKind.PHONE: _account,
    MentionKind.HANDLE: _account,
    MentionKind.ACCOUNT: _account,
    MentionKind.ADDRESS: _address,
    MentionKind.PLACE: _address,
    MentionKind.VEHICLE: _vehicle,
    MentionKind.LINE: _organisation,
    MentionKind.GROUP: _organisation,
    MentionKind.ITEM: _common,
}
