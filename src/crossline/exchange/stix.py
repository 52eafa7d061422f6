"""STIX 2.1: the network as one bundle, with handling and classification as markings and each agency as its ties' creator.

STIX has no words for drugs or cash, so items, and ties to them, are left out. People and groups are identities, lines are
intrusion sets, numbers and accounts are user accounts that were observed, and a number of a line is an indicator of it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any, BinaryIO, Final

from crossline.exchange.network import Network, Thing, Tie
from crossline.exchange.stamp import Stamp
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import (
    AssertionType,
    Confidence,
    Handling,
    InformationGrade,
    LineStatus,
    MentionKind,
    SourceGrade,
)
from crossline.vocabulary.grading import confidence

Object = dict[str, Any]
OURS: Final = uuid.uuid5(uuid.NAMESPACE_DNS, "stix.crossline.invalid")
OBSERVABLES: Final = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""The namespace STIX 2.1 §2.9 gives for the identifiers of observables."""
LONG_AGO: Final = datetime(2018, 9, 21, tzinfo=UTC)
"""When the definitions of markings and agencies were made: the day the centre opened."""
CONFIDENCES: Final = {Confidence.HIGH: 85, Confidence.MEDIUM: 50, Confidence.LOW: 15, Confidence.NOT_ACTIONABLE: 0}
"""The None, Low, Medium, High scale of STIX 2.1, appendix A."""
_ACCOUNTS: Final = frozenset({MentionKind.PHONE, MentionKind.HANDLE, MentionKind.ACCOUNT})
_OF_A_LINE: Final = frozenset({AssertionType.TAKES_ORDERS_ON, AssertionType.USES, AssertionType.OWNS})


def write_stix(network: Network, out: BinaryIO, stamp: Stamp) -> int:
    """A bundle, of which every object bears the stamp as a marking. Gives how many objects it has."""
    out.write(f'{{"type": "bundle", "id": "bundle--{uuid.uuid4()}", "objects": ['.encode())
    number = 0
    for number, each in enumerate(_Bundle(network, stamp).objects(), start=1):
        out.write(b"\n" if number == 1 else b",\n")
        out.write(json.dumps(each, ensure_ascii=False).encode())
    out.write(b"\n]}\n")
    return number


class _Bundle:
    """The objects of one network; agencies and markings come just before what first refers to them."""

    def __init__(self, network: Network, stamp: Stamp) -> None:
        self._network = network
        self._stamp = _statement(stamp.words, stamp.at)
        self._said: set[str] = set()

    def objects(self) -> Iterator[Object]:
        """Everything, each object once, marked with the export's stamp."""
        yield self._stamp
        for each in self._each():
            if each["type"] == "marking-definition":
                yield each  # a marking bears none
            else:
                yield each | {"object_marking_refs": [*each.get("object_marking_refs", ()), self._stamp["id"]]}

    def _each(self) -> Iterator[Object]:
        for thing in self._network.things.values():
            yield from self._thing(thing)
        for tie in self._network.ties():
            left, right = self._network.things[tie.left], self._network.things[tie.right]
            if MentionKind.ITEM not in (left.kind, right.kind):
                yield from self._tie(tie, left, right)

    def _once(self, made: Object) -> Iterator[Object]:
        if made["id"] not in self._said:
            self._said.add(made["id"])
            yield made

    def _thing(self, thing: Thing) -> Iterator[Object]:
        if thing.kind is MentionKind.ITEM:
            return
        if thing.kind in _ACCOUNTS:
            account = _account(thing)
            yield from self._once(account)
            seen = {"first_observed": _moment(thing.first), "last_observed": _moment(thing.last)}
            counted = {"number_observed": thing.mentions, "object_refs": [account["id"]]}
            yield from self._once(_common("observed-data", thing.id, thing) | seen | counted)
        else:
            yield from self._once(_domain_object(thing))

    def _tie(self, tie: Tie, left: Thing, right: Thing) -> Iterator[Object]:
        agency, marking = _agency(tie.agency), _marking(tie)
        yield from self._once(agency)
        yield from self._once(marking)
        standing: Object = {
            "created_by_ref": agency["id"],
            "object_marking_refs": [marking["id"]],
            "external_references": [{"source_name": tie.agency, "external_id": tie.ref}],
        }
        if (sure := _confidence(tie)) is not None:
            standing["confidence"] = sure
        relation = _relation(tie, _identifier(left), _identifier(right))
        yield from self._once(relation | standing)
        line, number = (left, right) if left.kind is MentionKind.LINE else (right, left)
        if (
            line.kind is MentionKind.LINE
            and number.kind is MentionKind.PHONE
            and number.value
            and tie.type in _OF_A_LINE
        ):
            indicator = _indicator(tie, number) | standing
            yield from self._once(indicator)
            indicates = _sro("indicates", f"{tie.id}/indicates", tie.made_at, indicator["id"], _identifier(line))
            yield from self._once(indicates | standing)


def _domain_object(thing: Thing) -> Object:
    match thing.kind:
        case MentionKind.PERSON:
            return _common("identity", thing.id, thing) | _named(thing) | {"identity_class": "individual"}
        case MentionKind.GROUP:
            return _common("identity", thing.id, thing) | _named(thing) | {"identity_class": "group"}
        case MentionKind.LINE:
            words = f"County line. {LineStatus(thing.status).meaning}." if thing.status else "County line."
            described = {"description": words, "aliases": thing.other_names or [thing.label]}
            return _common("intrusion-set", thing.id, thing) | _named(thing) | described
        case MentionKind.VEHICLE:
            return _common("infrastructure", thing.id, thing) | _named(thing) | {"description": "Vehicle."}
        case _:
            return _common("location", thing.id, thing) | _named(thing) | {"country": "GB"}


def _account(thing: Thing) -> Object:
    """A number, handle or account as an observable; equal values have equal identifiers in every bundle."""
    scheme, _, value = thing.selector.partition(":")
    if not value:
        return {"type": "user-account", "spec_version": "2.1", "id": _identifier(thing), "display_name": thing.label}
    said = {"account_type": scheme, "user_id": value}
    return {"type": "user-account", "spec_version": "2.1", "id": _identifier(thing), **said}


def _identifier(thing: Thing) -> str:
    if thing.kind in _ACCOUNTS:
        scheme, _, value = thing.selector.partition(":")
        if value:
            said = json.dumps({"account_type": scheme, "user_id": value}, separators=(",", ":"), ensure_ascii=False)
            return f"user-account--{uuid.uuid5(OBSERVABLES, said)}"
        return f"user-account--{uuid.uuid5(OURS, thing.id)}"
    return str(_domain_object(thing)["id"])


def _relation(tie: Tie, source: str, target: str) -> Object:
    relation = _sro(tie.type.replace("_", "-"), tie.id, tie.made_at, source, target)
    relation["description"] = "; ".join(word for word in (tie.basis, tie.category) if word)
    if tie.from_date:
        relation["start_time"] = _day(tie.from_date)
    if tie.to_date and (tie.from_date is None or tie.to_date > tie.from_date):
        relation["stop_time"] = _day(tie.to_date)
    return relation


def _sro(word: str, key: str, made_at: datetime, source: str, target: str) -> Object:
    made = _moment(made_at)
    return {
        "type": "relationship",
        "spec_version": "2.1",
        "id": f"relationship--{uuid.uuid5(OURS, key)}",
        "created": made,
        "modified": made,
        "relationship_type": word,
        "source_ref": source,
        "target_ref": target,
    }


def _indicator(tie: Tie, number: Thing) -> Object:
    scheme, _, value = number.selector.partition(":")
    shown = value.replace("\\", "\\\\").replace("'", "\\'")
    made = _moment(tie.made_at)
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid.uuid5(OURS, f'{tie.id}/indicator')}",
        "created": made,
        "modified": made,
        "name": f"Deal line number {value}",
        "description": f"A number on which a county line takes orders, as {tie.ref} of {tie.agency} says.",
        "indicator_types": ["malicious-activity"],
        "pattern": f"[user-account:account_type = '{scheme}' AND user-account:user_id = '{shown}']",
        "pattern_type": "stix",
        "valid_from": _day(tie.from_date) if tie.from_date else made,
    }


def _agency(agency: str) -> Object:
    entry = agencies().get(agency)
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{uuid.uuid5(OURS, f'agency/{agency}')}",
        "created": _moment(LONG_AGO),
        "modified": _moment(LONG_AGO),
        "name": entry.name if entry else agency,
        "identity_class": "organization",
    }


def _marking(tie: Tie) -> Object:
    handling = Handling.read(tie.handling)
    said = f"{tie.classification}. Handling {tie.handling}: {handling.meaning.lower() if handling else 'not known'}."
    statement = f"{said} {tie.conditions}".strip()
    return _statement(statement, LONG_AGO)


def _statement(statement: str, made_at: datetime) -> Object:
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": f"marking-definition--{uuid.uuid5(OURS, f'marking/{statement}')}",
        "created": _moment(made_at),
        "definition_type": "statement",
        "definition": {"statement": statement},
    }


def _confidence(tie: Tie) -> int | None:
    source, information = SourceGrade.read(tie.source_grade), InformationGrade.read(tie.information_grade)
    return None if source is None or information is None else CONFIDENCES[confidence(source, information)]


def _common(kind: str, key: str, thing: Thing) -> Object:
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": f"{kind}--{uuid.uuid5(OURS, f'{kind}/{key}')}",
        "created": _moment(thing.first),
        "modified": _moment(thing.last),
    }


def _named(thing: Thing) -> Object:
    return {"name": thing.label}


def _moment(at: datetime | None) -> str:
    """A time as STIX writes it, to the millisecond."""
    return (at or LONG_AGO).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _day(day: date) -> str:
    return _moment(datetime.combine(day, time(), UTC))
