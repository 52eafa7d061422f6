"""What a sheet can hold, and which of it each kind of recipient may be given: read from data, each with its authority."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from crossline.vocabulary.agencies import PartnerKind
from crossline.vocabulary.codes import MentionKind

_DATA: Final = Path(__file__).parent / "data"


class Field(StrEnum):
    """Everything that can stand on a sheet, in words by `entries`. A closed list: what is not on it is told to nobody."""

    ASKED = "asked"
    PURPOSE = "purpose"
    CONTACT = "contact"
    ADDRESSEE = "addressee"
    NAME = "name"
    BORN = "born"
    HOME_ADDRESS = "home_address"
    STAYING = "staying"
    CONCERN = "concern"
    RISK = "risk"
    FOUND = "found"
    PLACES_OF_RISK = "places_of_risk"
    IMMEDIATE_SAFETY = "immediate_safety"
    NRM = "nrm"
    SAFETY_PLAN = "safety_plan"
    TRAVEL_AND_PEERS = "travel_and_peers"
    ATTENDANCE = "attendance"
    EXPLOITATION = "exploitation"
    INJURIES = "injuries"
    DRUG_ALERT = "drug_alert"
    PREMISES = "premises"
    TENANT = "tenant"
    CLOSURE = "closure"
    CUCKOOING_PLAN = "cuckooing_plan"
    NEEDS = "needs"
    CONDITIONS = "conditions"
    SEPARATION = "separation"
    SECTION_45 = "section_45"
    DISCLOSURE = "disclosure"
    PHONE_EVIDENCE = "phone_evidence"
    INDICATORS = "indicators"
    PATTERNS = "patterns"
    SUPPORT = "support"
    SAFE_CONTACT = "safe_contact"


OF_EVERYBODY: Final = (Field.ASKED, Field.PURPOSE, Field.CONTACT)
"""What every recipient is given."""


@dataclass(frozen=True)
class FieldEntry:
    """One field in words. `numbers`: a telephone number may stand in it; `names_subject`: it says who the person is."""

    id: Field
    title: str
    prompt: str
    required: bool = False
    numbers: bool = False
    names_subject: bool = False


@dataclass(frozen=True)
class Recipient:
    """One kind of recipient, and what it may be given. `one_reader`: somebody named, and nobody else of the organisation.

    `about`: what it may be told of; `children`: it is for children alone; `names_nobody`: not even the person it is about.
    """

    id: str
    kind: PartnerKind
    title: str
    about: tuple[MentionKind, ...]
    fields: tuple[Field, ...]
    never: str
    label: str
    children: bool = False
    one_reader: bool = False
    names_nobody: bool = False

    def required(self) -> list[Field]:
        """What a sheet for it cannot be without."""
        return [field for field in self.fields if entries()[field].required]


@cache
def entries() -> Mapping[Field, FieldEntry]:
    """Every field in words, in the order in which a sheet shows them."""
    found = {Field(each["id"]): FieldEntry(**{**each, "id": Field(each["id"])}) for each in _said()["field"]}
    return MappingProxyType(found)


@cache
def recipients() -> Mapping[str, Recipient]:
    """Every kind of recipient, by its id."""
    return MappingProxyType({each["id"]: _recipient(each) for each in _said()["recipient"]})


def recipients_of(kind: PartnerKind) -> list[Recipient]:
    """In which capacities an organisation of a kind can be told."""
    return [each for each in recipients().values() if each.kind is kind]


def authority() -> str:
    """On what the table of fields rests."""
    return str(_said()["authority"])


def _recipient(said: Mapping[str, Any]) -> Recipient:
    own = [Field(each) for each in said["fields"]]
    read = {
        "kind": PartnerKind(said["kind"]),
        "about": tuple(MentionKind(each) for each in said["about"]),
        "fields": tuple(field for field in entries() if field in (*OF_EVERYBODY, *own)),
    }
    return Recipient(**{**said, **read})


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads((_DATA / "fields.toml").read_text(encoding="utf-8"))
