"""What the pages of screenings show, as plain rows. People stand by time, never by score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.entities.victims import victims
from crossline.lines.in_words import names
from crossline.records.naming import tidy_name
from crossline.safeguarding.screening.form import LEVELS, newest, tools, unasked
from crossline.safeguarding.screening.models import LocalResult, Stage
from crossline.safeguarding.screening.reckoning import Stands
from crossline.safeguarding.screening.standing import (
    OUTSTANDING,
    Asking,
    Needed,
    Person,
    Screened,
    all_needed,
    needed_of,
)
from crossline.vocabulary.codes import Tristate
from crossline.wording import format_date, format_datetime


@dataclass(frozen=True)
class ScreeningPage:
    """The page of one screening."""

    viewpoint: Viewpoint
    person: Person
    found: Screened

    @property
    def title(self) -> str:
        return f"{Stage(self.found.row.stage).label} screening of {self.person.name}"

    @property
    def summary(self) -> list[tuple[str, str | None]]:
        """Score and judgement apart, and what stands."""
        form, reckoned, row = self.found.form, self.found.reckoned, self.found.row
        band, stands = self.found.outcome
        return [
            ("Band that stands", f"{form.band(band).title}. {form.band(band).meaning}"),
            ("Why", stands.meaning),
            ("Score by the answers", f"{reckoned.least}; up to {reckoned.most} with what is not known"),
            (
                "Band by the answers",
                f"{form.band(reckoned.band).title}; it could be {form.band(reckoned.could_be).title.lower()}",
            ),
            ("Floors", " ".join(each.wording for each in reckoned.floors) or "None applies"),
            ("Professional judgement", form.band(row.judged).title if row.judged else "None beside the answers"),
            ("Grounds", "; ".join(each.title for each in form.grounds if each.id in row.grounds) or "None"),
            ("Judgement in words", row.judgement),
            ("Second person", self._second()),
            (
                "What the child or young person says and wants",
                row.voice or "Nothing is written down: ask, and do not press",
            ),
            ("Direction", self.found.direction),
            ("Age then", str(self.found.age) if self.found.age is not None else "Not known: taken for under 13"),
            ("Form", f"{form.title}, version {form.version}, in force from {format_date(form.in_force_from)}"),
            ("From", f"{form.authority}. {form.information_authority}."),
            ("Made by", f"{row.by}, {names((row.by_agency,))}, {format_datetime(row.at)}"),
        ]

    def _second(self) -> str:
        signed = self.found.sign_off
        if signed is None:
            return "Is needed" if self.waits else "Was not needed"
        agreed = "Agreed" if signed.agreed else "Did not agree"
        return f"{agreed}: {signed.reason} ({signed.by}, {names((signed.by_agency,))}, {format_datetime(signed.at)})"

    @property
    def waits(self) -> bool:
        """Whether the judgement waits for a second person."""
        return self.found.outcome[1] is Stands.WAITS

    @property
    def parts(self) -> list[tuple[str, list[dict[str, object]]]]:
        """The answers by domain."""
        form = self.found.form
        return [
            (domain.title, [self._answer_row(each.id) for each in form.questions if each.domain == domain.id])
            for domain in form.domains
        ]

    def _answer_row(self, question: str) -> dict[str, object]:
        asked, answer = self.found.form.question(question), self.found.answers[question]
        carried = self.found.reckoned.carried.get(question)
        return {
            "text": asked.text if asked else question,
            "source": asked.source if asked else "",
            "said": answer.said.meaning,
            "level": LEVELS.get(answer.level) or (f"{LEVELS[carried]}, kept from before" if carried else None),
            "evidence": answer.evidence or None,
        }

    @property
    def needed(self) -> list[Needed]:
        """What was to be found out for this screening."""
        everything = needed_of(self.viewpoint, [*self.found.before, self.found])
        return [each for each in everything if each.row.screening_id == self.found.row.id]

    @property
    def needed_rows(self) -> list[dict[str, object]]:
        return [needed_row(each) for each in self.needed]

    @property
    def open_ones(self) -> list[Needed]:
        return [each for each in self.needed if each.state in OUTSTANDING]


def needed_row(needed: Needed) -> dict[str, object]:
    """Something that was to be found out, in a row."""
    row, answer = needed.row, needed.answer
    question = newest().question(row.question)
    said = (
        f"{Tristate(answer.said).meaning}: {answer.text} ({answer.by}, {names((answer.by_agency,))})"
        if answer
        else None
    )
    return {
        "question": question.text if question else row.question,
        "asked_of": row.asked_of.name,
        "asked_by": names((row.by_agency,)),
        "due": format_datetime(row.due),
        "due_at": row.due,
        "state": needed.state.meaning,
        "late": needed.state is Asking.LATE,
        "answer": said,
        "href": reverse("screening", args=[row.screening_id]),
    }


def desk_rows(viewpoint: Viewpoint, *, ours: bool) -> list[dict[str, object]]:
    """Everything outstanding that the viewer sees, by when it is due; `ours`: only what their own agency is asked."""
    known, suffering = people(viewpoint), victims(viewpoint)
    rows = []
    for each in all_needed(viewpoint):
        if ours and each.row.asked_of_id != viewpoint.viewer.agency:
            continue
        about = each.row.screening.about
        victim = known.of(str(about.id)) in suffering
        rows.append(needed_row(each) | {"name": tidy_name(about.caption), "categories": ["victim"] if victim else []})
    return rows


def over_time(screened: Sequence[Screened]) -> list[dict[str, object]]:
    """A person's screenings in rows, the newest first."""
    return [
        {
            "when": format_datetime(each.row.at),
            "href": reverse("screening", args=[each.row.id]),
            "stage": Stage(each.row.stage).label,
            "agency": each.row.owner_id,
            "score": f"{each.reckoned.least} (up to {each.reckoned.most})",
            "by_answers": each.form.band(each.reckoned.band).title,
            "judged": each.form.band(each.row.judged).title if each.row.judged else None,
            "stands": each.form.band(each.outcome[0]).title,
            "note": each.outcome[1].meaning,
            "direction": each.direction,
            "version": str(each.row.form_version),
        }
        for each in reversed(screened)
    ]


def local_rows(results: Sequence[LocalResult]) -> list[dict[str, object]]:
    """Results of local tools: as they were said, what each corresponds to, and what each leaves unasked."""
    return [_local_row(each) for each in results]


def _local_row(row: LocalResult) -> dict[str, object]:
    tool, form = tools()[row.tool], newest()
    found = tool.result_of(row.result)
    band = form.band(found.band).title if found and found.band else "Nothing: it does not tell"
    left = unasked(tool, form)
    return {
        "tool": tool.name,
        "result": f"{row.result} ({found.word})" if found and found.word != row.result else row.result,
        "text": row.text or None,
        "day": row.day,
        "made_by": row.made_by,
        "band": band,
        "left": f"{len(left)} of {len(form.questions)} questions",
        "left_out": "; ".join(each.text for each in left),
        "entered": f"{row.by}, {names((row.by_agency,))}",
        "source": tool.source,
    }


def known_before(held: Sequence[Screened], needed: Sequence[Needed]) -> tuple[dict[str, Any], dict[str, str]]:
    """What a review begins with: each answer as it was last known, and in words what has been answered since."""
    initial: dict[str, Any] = {}
    words: dict[str, str] = {}
    for screened in held:
        for question, answer in screened.answers.items():
            if answer.said is not Tristate.UNKNOWN:
                initial |= {
                    f"said-{question}": answer.said.value,
                    f"level-{question}": str(answer.level),
                    f"evidence-{question}": answer.evidence,
                }
                words[question] = f"As answered {format_datetime(screened.row.at)}"
    for each in needed:
        if each.answer is not None and each.state is not Asking.OVERTAKEN:
            said = Tristate(each.answer.said).meaning.lower()
            words[each.row.question] = f"{each.row.asked_of.name} answered {said}: {each.answer.text}"
    return initial, words
