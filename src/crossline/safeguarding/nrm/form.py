"""What a referral, a notice and a section 45 entry have to hold, read from data with the authority of each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from crossline.safeguarding.nrm.routes import Route, is_child
from crossline.vocabulary.agencies import agencies

_DATA: Final = Path(__file__).parent / "data"
CHOICE, LINE, TEXT, AUTHORITY = "choice", "line", "text", "authority"
"""How a part is answered; `authority`: by a local authority of the list."""
_BOTH: Final = ("child", "adult")


@dataclass(frozen=True)
class FormPart:
    """One part of the form. `of`: of whom it is asked; `needed_if`: only where another part was answered so."""

    id: str
    section: str
    title: str
    label: str
    prompt: str = ""
    kind: str = TEXT
    required: bool = True
    choices: tuple[str, ...] = ()
    needed_if: tuple[str, ...] = ()
    of: tuple[str, ...] = _BOTH
    routes: tuple[str, ...] = (Route.NRM.value, Route.DUTY_TO_NOTIFY.value)

    def is_asked(self, age: str, route: str) -> bool:
        """Whether the form asks it of such a person on such a route; before consent was asked for, as for a referral."""
        whose = "child" if is_child(age) else "adult"
        return whose in self.of and (Route.NRM.value if route == Route.ASK else route) in self.routes

    def is_needed(self, answers: Mapping[str, str]) -> bool:
        """Whether the form is not complete without it."""
        if self.needed_if:
            part, answer = self.needed_if
            return answers.get(part) == answer
        return self.required


@dataclass(frozen=True)
class Labelled:
    """One entry of a list: its id, its words, and where they are from."""

    id: str
    name: str
    label: str


@dataclass(frozen=True)
class Clock:
    """How long something takes. `limit`: by, or not_before; `unit`: days, or working days."""

    days: int
    unit: str
    limit: str
    authority: str


@dataclass(frozen=True)
class FirstResponder:
    """Who may send. `kinds`: the agencies of this platform that are so, by kind; none for organisations outside it."""

    name: str
    label: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """Everything that a referral or a notice is made of."""

    authority: str
    banner: str
    completeness: str
    first_responders_note: str
    first_responders: tuple[FirstResponder, ...]
    clocks: Mapping[str, Clock]
    deciding: tuple[Labelled, ...]
    panel_days_from_18: int
    panel_authority: str
    questions: tuple[Labelled, ...]
    corroboration: tuple[Labelled, ...]
    indicators: tuple[Labelled, ...]
    parts: tuple[FormPart, ...]

    def parts_for(self, age: str, route: str, *, without: frozenset[str] = frozenset()) -> list[FormPart]:
        """What is asked of such a person on such a route."""
        return [part for part in self.parts if part.is_asked(age, route) and part.id not in without]


@dataclass(frozen=True)
class SectionTest:
    """One question of the defence, of an adult or of a child."""

    id: str
    of: str
    text: str
    label: str


@dataclass(frozen=True)
class Section45:
    """When the defence is considered and by which tests, and where it is none."""

    authority: str
    drug_supply: str
    due_days: int
    due_authority: str
    schedule: str
    as_at: date
    checked: str
    tests: tuple[SectionTest, ...]
    offences: tuple[Labelled, ...]

    def tests_for(self, age: str) -> list[SectionTest]:
        """The questions that are asked of somebody of that age."""
        return [each for each in self.tests if each.of == ("child" if is_child(age) else "adult")]


@cache
def nrm_form() -> Form:
    """The form as the data give it."""
    said = _read("national_referral_mechanism.toml")
    return Form(
        authority=said["authority"],
        banner=said["banner"],
        completeness=said["completeness"],
        first_responders_note=said["first_responders_note"],
        first_responders=tuple(FirstResponder(**_tuples(each)) for each in said["first_responder"]),
        clocks=MappingProxyType({name: Clock(**each) for name, each in said["clock"].items()}),
        deciding=_labelled(said["authority_deciding"]),
        panel_days_from_18=said["panel"]["days_from_18"],
        panel_authority=said["panel"]["authority"],
        questions=tuple(Labelled(each["id"], each["text"], each["label"]) for each in said["question"]),
        corroboration=_labelled(said["corroboration"]),
        indicators=_labelled(said["indicator"]),
        parts=tuple(FormPart(**_tuples(each)) for each in said["part"]),
    )


@cache
def section_45() -> Section45:
    """The section 45 log as the data give it."""
    said = _read("section_45.toml")
    return Section45(
        authority=said["authority"],
        drug_supply=said["drug_supply"],
        due_days=said["due_days"],
        due_authority=said["due_authority"],
        schedule=said["schedule"]["name"],
        as_at=said["schedule"]["as_at"],
        checked=said["schedule"]["checked"],
        tests=tuple(SectionTest(**each) for each in said["test"]),
        offences=_labelled(said["offence"]),
    )


def is_first_responder(agency: str) -> bool:
    """Whether an agency may send a referral or a notice itself."""
    known = agencies().get(agency)
    return known is not None and any(known.kind in each.kinds for each in nrm_form().first_responders)


def first_responder_agencies() -> list[str]:
    """The agencies of this platform that another may ask to send, in the order of the list."""
    return [agency for agency in agencies() if is_first_responder(agency)]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / name).read_text(encoding="utf-8"))


def _labelled(rows: list[dict[str, str]]) -> tuple[Labelled, ...]:
    return tuple(Labelled(**each) for each in rows)


def _tuples(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
