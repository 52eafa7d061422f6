"""What the pages of changes of number show, as plain rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from crossline.lines.in_words import names, score_in_words, state_in_words
from crossline.lines.models import ChangeJudgement, ChangeState
from crossline.lines.register import Register
from crossline.lines.rows import Pair, Succession
from crossline.records.models import Record
from crossline.records.naming import tidy_brand
from crossline.wording import format_date, format_number, format_percent, format_phone, plural, with_capital

TO_DECIDE: Final = "to-decide"
STANDS: Final[Mapping[str, str]] = {
    TO_DECIDE: "To decide",
    ChangeState.CONFIRMED.value: "Confirmed",
    ChangeState.REJECTED.value: "Rejected",
}
ORDERS: Final[Mapping[str, str]] = {"likeliest": "Likeliest first", "oldest": "Oldest first"}
_POINTS: Final = re.compile(r"(?P<text>.*) \((?P<points>[+-]\d+\.\d\d)\)")


@dataclass(frozen=True)
class Choice:
    """Which changes are listed, in which order."""

    stands: str = TO_DECIDE
    order: str = "likeliest"

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Choice:
        """From an address; a word that is on no list chooses nothing."""
        stands, order = given.get("stands", ""), given.get("order", "")
        return cls(stands if stands in STANDS else TO_DECIDE, order if order in ORDERS else "likeliest")

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """The three lists, each with its address and whether it is the one shown."""
        return [(words, f"?stands={name}&order={self.order}", name == self.stands) for name, words in STANDS.items()]

    @property
    def other_order(self) -> tuple[str, str]:
        """The order that is not in use, in words, with its address."""
        name = next(each for each in ORDERS if each != self.order)
        return ORDERS[name], f"?stands={self.stands}&order={name}"

    def holds(self, found: Succession) -> bool:
        """Whether a change is listed."""
        decided = found.state in (ChangeState.CONFIRMED, ChangeState.REJECTED)
        return not decided if self.stands == TO_DECIDE else found.state.value == self.stands


def chosen_changes(known: Register, choice: Choice) -> list[Succession]:
    """Each pair of numbers of each agency's once, by its strongest finding, in the order that was chosen."""
    best: dict[Pair, Succession] = {}
    for found in known.changes:
        if choice.holds(found) and (found.pair not in best or found.score > best[found.pair].score):
            best[found.pair] = found
    if choice.order == "oldest":
        return sorted(best.values(), key=lambda found: (found.date, found.pair))
    return sorted(best.values(), key=lambda found: (-found.score, found.date, found.pair))


def change_row(found: Succession, known: Register) -> dict[str, object]:
    """A change in a row."""
    line = known.line_of_number.get(found.old) or known.line_of_number.get(found.new)
    return {
        "new": found.new,
        "href": reverse("number-change", args=[found.record]),
        "old": found.old,
        "date": found.date,
        "score": score_in_words(found.score),
        "shared": found.detail.get("shared_contacts"),
        "line": tidy_brand(line.name) if line else None,
        "line_href": reverse("line", args=[line.id]) if line else None,
        "owner": names((found.owner,)),
        "state": state_in_words(found.state),
    }


def decided_in_words(decided: Sequence[tuple[float, bool]]) -> str:
    """How the score did on what people decided: empty where they decided nothing yet."""
    if not decided:
        return ""
    confirmed = sum(1 for _, was in decided if was)
    scores = sum(score for score, _ in decided) / len(decided)
    return (
        f"Of {plural(len(decided), 'change')} of number that stand decided, {format_number(confirmed)} "
        f"({format_percent(confirmed / len(decided), 0)}) were confirmed; their scores promised {format_percent(scores, 0)}."
    )


@dataclass(frozen=True)
class ChangePage:
    """One change of number: what the finding says, whom it competes with, and what people decided."""

    found: Succession
    finding: Record
    data: Record | None
    known: Register
    judgements: Sequence[ChangeJudgement]

    @property
    def title(self) -> str:
        return f"{format_phone(self.found.old)} to {format_phone(self.found.new)}"

    @property
    def state(self) -> str:
        return state_in_words(self.found.state)

    @property
    def standing(self) -> str:
        """The judgement that stands, for the form to say which one was read."""
        return str(self.found.judgement or "")

    @property
    def summary(self) -> list[Mapping[str, object]]:
        """What was found, and by which method from which authority."""
        said, data = self.found.detail, self.data
        numbers = ("Old number", self.found.old), ("New number", self.found.new)
        rows: list[Mapping[str, object]] = [
            *({"key": words, "value": self._of_number(number), **self._line_of(number)} for words, number in numbers),
            {"key": "On", "value": format_date(self.found.date)},
            {"key": "Score (0 to 1)", "value": score_in_words(self.found.score)},
            {"key": "Contacts in common", "value": said.get("shared_contacts")},
            {"key": "Contacts of the old number", "value": said.get("old_contacts")},
            {"key": "Contacts of the new number", "value": said.get("new_contacts")},
            {"key": "Same handset", "value": _yes_or_no(said.get("same_handset"))},
            {"key": "Score of the likeliest rival", "value": score_in_words(said.get("rival_score"))},
            {"key": "Method", "value": said.get("method")},
            {"key": "Found for", "value": names((self.found.owner,))},
            {"key": "Finding", "value": self.finding.ref, **_open(self.finding)},
        ]
        if data is not None:
            under = f"{data.detail.get('authorisation', data.ref)}: {data.detail.get('purpose', '')}".strip(": ")
            rows.append({"key": "Authorisation", "value": under, **_open(data)})
        return rows

    def _of_number(self, number: str) -> str:
        line = self.known.line_of_number.get(number)
        if line is None:
            return f"{format_phone(number)}, which no record places with a line"
        own = number in {use.number for use in line.group.numbers}
        return f"{format_phone(number)}, {'a number of' if own else 'put forward beside'} {tidy_brand(line.name)}"

    def _line_of(self, number: str) -> Mapping[str, object]:
        line = self.known.line_of_number.get(number)
        return {"href": reverse("line", args=[line.id]), "href_text": "Open the line"} if line else {}

    @property
    def reasons(self) -> list[Mapping[str, object]]:
        """What the score is made of, as the finding keeps it: a sentence and its points each."""
        return [_reason(str(each)) for each in self.found.detail.get("reasons") or ()]

    @property
    def rivals(self) -> list[dict[str, object]]:
        """Other changes of the old or the new number that the viewer sees, whatever became of them."""
        others = {
            each.pair: each
            for each in sorted(self.known.changes, key=lambda each: each.score)
            if each.pair[1:] != self.found.pair[1:] and (each.old == self.found.old or each.new == self.found.new)
        }
        return [change_row(each, self.known) for each in sorted(others.values(), key=lambda each: -each.score)]

    @property
    def decisions(self) -> list[dict[str, object]]:
        """What was decided, the newest first."""
        return [
            {
                "state": each.get_state_display(),
                "reason": each.reason,
                "by": each.decided_by,
                "agency": each.decided_agency,
                "at": each.decided_at,
            }
            for each in self.judgements
        ]


def _reason(text: str) -> Mapping[str, object]:
    """A reason of the engine's: its points apart, and against where they are below nought."""
    said = _POINTS.fullmatch(text)
    if said is None:
        return {"text": f"{with_capital(text)}."}
    words, points = said["text"], said["points"]
    return {"text": f"{with_capital(words)}.", "weight": points, "against": points.startswith("-")}


def _open(record: Record) -> Mapping[str, object]:
    return {"href": reverse("record", args=[record.id]), "href_text": "Open"}


def _yes_or_no(value: object) -> str | None:
    return None if value is None else "Yes" if value else "No"
