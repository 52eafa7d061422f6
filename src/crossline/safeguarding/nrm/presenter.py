"""What the pages of the National Referral Mechanism and the section 45 log show, as plain rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.entities.victims import victims
from crossline.lines.in_words import names
from crossline.records.naming import tidy_name
from crossline.safeguarding.nrm.form import Labelled, nrm_form, section_45
from crossline.safeguarding.nrm.forms import observed
from crossline.safeguarding.nrm.gathering import Gathered
from crossline.safeguarding.nrm.guardians import coverages, guardian_of
from crossline.safeguarding.nrm.models import NrmObservation, NrmState, Section45Decision
from crossline.safeguarding.nrm.routes import Age, Route, is_child
from crossline.safeguarding.nrm.section45 import Held, custody_of, held_among
from crossline.safeguarding.nrm.standing import NrmStanding, nrm_about
from crossline.safeguarding.nrm.steps import asked_for
from crossline.vocabulary.codes import Tristate
from crossline.wording import format_date, with_capital

WAITING: Final[Mapping[str, str]] = {
    "draft": "To read or to send",
    "decision": "Waiting for a decision",
    "late": "Decision late",
}
"""Which drafts are listed, besides all."""
_DRAFTS: Final = frozenset({NrmState.DRAFTED, NrmState.READ, NrmState.ASKED})


def is_waiting(found: NrmStanding, how: str) -> bool:
    """Whether a draft waits so; of every draft where nothing was chosen."""
    if how == "draft":
        return found.state in _DRAFTS
    if how == "decision":
        return found.due is not None
    return how != "late" or (found.due is not None and found.due.is_late)


def nrm_row(found: NrmStanding) -> dict[str, object]:
    """A draft in a row of a list."""
    due = found.due
    is_victim = people(found.viewpoint).of(str(found.case.about_id)) in victims(found.viewpoint)
    return {
        "ref": found.ref,
        "href": reverse("nrm-case", args=[found.case.id]),
        "about": tidy_name(found.case.about.caption),
        "categories": ["victim"] if is_victim else [],
        "age": found.age.label,
        "route": found.route.label,
        "state": found.state.label,
        "day": found.steps[-1].day,
        "due": due.day if due else None,
        "due_words": due.words if due else None,
        "is_late": bool(due and due.is_late),
        "owner": names((found.case.owner_id,)),
    }


def nrm_of(viewpoint: Viewpoint, mentions: Collection[UUID]) -> list[dict[str, object]]:
    """The drafts, referrals and notices of the people of these mentions, the newest first: a section of a person's page."""
    return [nrm_row(found) for found in nrm_about(viewpoint, mentions)]


def section45_row(held: Held) -> dict[str, object]:
    """Somebody for whom section 45 has to be considered, in a row of a list."""
    newest = held.entries[-1] if held.entries else None
    return {
        "name": tidy_name(held.mention.caption),
        "href": reverse("section-45-entry", args=[held.mention.record_id]),
        "categories": ["victim"] if held.is_victim else [],
        "age": Age(held.age).label,
        "offence": held.offence,
        "day": held.day,
        "record": held.mention.record.ref,
        "record_href": reverse("record", args=[held.mention.record_id]),
        "owner": names((held.mention.record.owner_id,)),
        "due": held.due if held.is_due else None,
        "due_words": f"{'Late: due' if held.is_late else 'Due'} {format_date(held.due)}" if held.is_due else None,
        "decision": Section45Decision(newest.decision).label if newest else None,
    }


def section45_of(viewpoint: Viewpoint, mentions: Collection[UUID]) -> list[dict[str, object]]:
    """Where section 45 has to be considered, or was, for the people of these mentions: a section of a person's page."""
    return [section45_row(each) for each in held_among(viewpoint, mentions)]


@dataclass(frozen=True)
class DraftPage:
    """The page on which a draft is written: the chronology that records offer, and what was ticked of it so far."""

    gathered: Gathered
    asked: QueryDict | None
    found: NrmStanding | None = None

    @cached_property
    def _ticked(self) -> dict[UUID, tuple[str, str, str]]:
        if self.asked is not None:
            said = observed(self.asked, self.gathered)
            return {record: (each.sentence, each.indicator, each.corroborates) for record, each in said.items()}
        held: Sequence[NrmObservation] = self.found.observations if self.found else []
        return {each.record_id: (each.sentence, each.indicator, each.corroborates) for each in held}

    @cached_property
    def offered(self) -> list[dict[str, object]]:
        """The records to tick, each with a sentence to edit, the oldest first."""
        rows = []
        for each in self.gathered.offered:
            ticked = self._ticked.get(each.record.id)
            sentence, sign, corroborates = ticked or (each.sentence, "", each.corroborates)
            rows.append(
                {
                    "id": str(each.record.id),
                    "record": each.record,
                    "day": each.day,
                    "href": reverse("record", args=[each.record.id]),
                    "owner": names((each.record.owner_id,)),
                    "ticked": ticked is not None,
                    "sentence": sentence,
                    "sign": sign,
                    "corroborates": corroborates,
                }
            )
        return rows

    @property
    def left_out(self) -> list[dict[str, object]]:
        """What may not go as it stands, and why."""
        return [
            {
                "ref": left.record.ref,
                "href": reverse("record", args=[left.record.id]),
                "owner": names((left.record.owner_id,)),
                "why": left.why,
            }
            for left in self.gathered.left_out
        ]


STEP_WORDS: Final[Mapping[NrmState, str]] = {
    NrmState.READ: "Read it as the second person",
    NrmState.ASKED: "Ask a first responder to send it",
    NrmState.SENT: "Write down that it was sent",
    NrmState.REASONABLE_YES: "Write down the decision: reasonable grounds, yes",
    NrmState.REASONABLE_NO: "Write down the decision: reasonable grounds, no",
    NrmState.CONCLUSIVE_YES: "Write down the decision: conclusive grounds, yes",
    NrmState.CONCLUSIVE_NO: "Write down the decision: conclusive grounds, no",
    NrmState.RECONSIDERATION: "Write down that reconsideration was asked for",
    NrmState.WITHDRAWN: "Withdraw it",
}
"""What a person does to bring a draft to a state: the words of the button."""


@dataclass(frozen=True)
class NrmPage:
    """One draft's page, and the text to enter."""

    found: NrmStanding

    @property
    def name(self) -> str:
        return tidy_name(self.found.case.about.caption)

    @cached_property
    def is_victim(self) -> bool:
        return people(self.found.viewpoint).of(str(self.found.case.about_id)) in victims(self.found.viewpoint)

    @property
    def summary(self) -> list[dict[str, object]]:
        """The facts at the top."""
        found, due = self.found, self.found.due
        asked: list[dict[str, object]] = (
            [{"key": "First responder asked", "value": names((found.asked,))}] if found.asked else []
        )
        age = found.age.label + (f" ({found.version.age_evidence})" if found.version.age_evidence else "")
        return [
            {
                "key": "About",
                "value": self.name,
                "href": reverse("person", args=[found.case.about_id]),
                "href_text": "Open",
            },
            {"key": "Age", "value": age},
            {"key": "Consent", "value": found.consent.label},
            {"key": "Goes by", "value": found.route.label + (", without a name" if found.version.anonymous else "")},
            {"key": "Agency", "value": names((found.case.owner_id,))},
            *asked,
            {"key": "Next due", "value": due.words if due else "Nothing is due"},
        ]

    @property
    def answers(self) -> Mapping[str, list[tuple[str, str | None]]]:
        """The parts under their headings, each with what was answered."""
        found: dict[str, list[tuple[str, str | None]]] = {}
        said = self.found.version.answers
        for part in self.found.parts:
            if said.get(part.id) or part.is_needed(said):
                found.setdefault(part.section, []).append((part.title, said.get(part.id)))
        return found

    @property
    def chronology(self) -> list[dict[str, object]]:
        """The observations, each beside its record, the oldest first."""
        signs, kinds = _words(nrm_form().indicators), _words(nrm_form().corroboration)
        return [
            {
                "day": each.record.occurred_from or each.record.made_at,
                "sentence": each.sentence,
                "sign": signs.get(each.indicator),
                "corroborates": kinds.get(each.corroborates),
                "ref": each.record.ref,
                "href": reverse("record", args=[each.record_id]),
                "owner": names((each.record.owner_id,)),
            }
            for each in self.found.observations
        ]

    @property
    def signs(self) -> list[str]:
        """The signs that the observations show, in the order of the list."""
        shown = {each.indicator for each in self.found.observations}
        return [each.name for each in nrm_form().indicators if each.id in shown]

    @property
    def elements(self) -> list[tuple[str, str | None]]:
        """Act, means and purpose; of a child no means have to be shown."""
        said = self.found.version.answers
        means = "Not needed: a child" if self.found.is_child else said.get("means")
        return [("Act", said.get("act")), ("Means", means), ("Purpose", said.get("purpose"))]

    @property
    def guardian(self) -> list[tuple[str, str]]:
        """Which guardian the child would have; nothing of an adult."""
        if not self.found.is_child:
            return []
        guardian = guardian_of(self.found.viewpoint, self.found.version.answers)
        where = f"{guardian.authority}: " if guardian.authority else ""
        source = f" ({guardian.source})" if guardian.source else ""
        return [
            ("Which guardian", guardian.worker),
            (
                "Guardian service",
                f"{where}{guardian.coverage.label.lower() if where else guardian.coverage.label}{source}",
            ),
        ]

    @property
    def steps(self) -> list[dict[str, object]]:
        """What happened, the newest first."""
        found = self.found
        return [
            {
                "state": NrmState(step.state).label,
                "day": step.day,
                "detail": _detail(found, step.detail),
                "reason": step.reason,
                "by": step.by,
                "agency": step.by_agency,
            }
            for step in reversed(found.steps)
        ]

    @property
    def next_steps(self) -> list[tuple[NrmState, str]]:
        """What can be done next, in words."""
        back = {NrmState.DRAFTED: "Bring back to drafted", NrmState.READ: "Give back to the agency that drafted it"}
        is_back = self.found.state in (NrmState.READ, NrmState.ASKED)
        words = {**STEP_WORDS, **back} if is_back else STEP_WORDS
        return [(state, words.get(state, state.label)) for state in self.found.moves]

    @property
    def is_notice(self) -> bool:
        return self.found.route is Route.DUTY_TO_NOTIFY


def guardian_rows(viewpoint: Viewpoint) -> list[dict[str, object]]:
    """What the centre was told, by authority."""
    return [
        {
            "authority": row.authority,
            "coverage": row.get_coverage_display(),
            "source": row.source,
            "day": row.at,
            "by": row.by,
        }
        for row in coverages(viewpoint).values()
    ]


def section45_entries(held: Held) -> list[dict[str, object]]:
    """Who considered it, the newest first."""
    law = section_45()
    texts = {each.id: each.text for each in law.tests}
    offences = _words(law.offences)
    return [
        {
            "day": entry.day,
            "decision": Section45Decision(entry.decision).label,
            "considered_by": entry.considered_by,
            "tests": _tested(entry.tests, texts),
            "evidence": entry.evidence,
            "scheduled": offences.get(entry.scheduled),
            "disposal": entry.safeguarding_disposal,
            "nrm": entry.nrm_state,
            "reason": entry.reason,
            "by": entry.by,
        }
        for entry in reversed(held.entries)
    ]


def section45_facts(held: Held) -> list[tuple[str, str]]:
    """The facts at the top of an entry's page."""
    return [
        ("Held by", names((held.mention.record.owner_id,))),
        ("Held on", format_date(held.day)),
        ("Offence", held.offence),
        ("Outcome recorded", with_capital(str(custody_of(held.mention).get("outcome") or "not recorded"))),
        ("Age", held.age.label),
        ("Test", "Of a child: no compulsion is needed" if is_child(held.age) else "Of an adult"),
        ("To be considered by", format_date(held.due)),
    ]


def _tested(tests: Mapping[str, str], texts: Mapping[str, str]) -> str:
    """The questions of the test, each with its answer."""
    return "; ".join(f"{texts[name]} {Tristate(answer).meaning}" for name, answer in tests.items() if name in texts)


def _words(entries: Sequence[Labelled]) -> dict[str, str]:
    return {each.id: each.name for each in entries}


def _detail(found: NrmStanding, detail: Mapping[str, object]) -> str | None:
    labels = {each.name: each for state in NrmState for each in asked_for(found, state)}
    said = []
    for name, value in detail.items():
        if name in labels:
            words = dict(labels[name].choices).get(str(value), str(value))
            said.append(f"{labels[name].label}: {words}")
    return "; ".join(said) or None
