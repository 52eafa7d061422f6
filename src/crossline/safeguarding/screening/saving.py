"""Screening a person, signing off a judgement below a floor, answering what was asked: each one act, appended and audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.one_at_a_time import claim
from crossline.safeguarding.screening.form import HIGHEST, Form, newest, tools
from crossline.safeguarding.screening.models import (
    InformationAnswer,
    InformationNeeded,
    LocalResult,
    Screening,
    SignOff,
    Stage,
)
from crossline.safeguarding.screening.reckoning import NOT_KNOWN, Answer, Stands, reckon, why_not_judged
from crossline.safeguarding.screening.standing import (
    OUTSTANDING,
    PURPOSE,
    STAGES,
    Person,
    Screened,
    agencies_to_ask,
    all_screenings,
    may_screen,
    needed_of,
    person_of,
    screening_of,
)
from crossline.vocabulary.codes import Tristate

LONGEST_TEXT: Final = 4_000
LONGEST_EVIDENCE: Final = 1_000
OLDEST: Final = 120
ABSENT: Final = "That person does not exist, or you may not see them."
ABSENT_SCREENING: Final = "That screening does not exist, or you may not see it."
LEADS_ALONE: Final = "Only a safeguarding lead does that."
OVERTAKEN: Final = (
    "Somebody else screened this person since you opened the form, so nothing was saved; read that first."
)


@dataclass(frozen=True)
class Said:
    """What somebody says in a screening. `asked`: for each domain the agency that is asked what is not known there."""

    stage: Stage
    answers: Mapping[str, Answer]
    asked: Mapping[str, str]
    age: int | None
    voice: str
    judgement: str
    judged: str = ""
    grounds: Sequence[str] = ()


def screen_person(*, about: UUID, said: Said, stood: int, viewpoint: Viewpoint) -> Screening:
    """Save a screening of a person. `stood`: how many screenings whoever screens had seen."""
    person = _person(viewpoint, about)
    held = all_screenings(viewpoint, person.mentions)
    if len(held) != stood:
        raise MoveNotAllowed(OVERTAKEN)
    may_follow = STAGES[Stage(held[-1].row.stage) if held else None]
    if said.stage not in may_follow:
        raise MoveNotAllowed(f"The next screening is one of: {', '.join(each.label.lower() for each in may_follow)}.")
    form = newest()
    answers = _answers(form, said.answers)
    if said.age is not None and not 0 <= said.age <= OLDEST:
        raise UserError(f"Give the age in years, from 0 to {OLDEST}, or leave it empty where nobody knows it.")
    ages = [age for age in (said.age, person.age) if age is not None]
    reckoned = reckon(form, answers, age=min(ages, default=None), earlier=[each.answers for each in held])
    if said.judged and said.judged not in {each.id for each in form.bands}:
        raise UserError("Choose the judgement from the list.")
    if why := why_not_judged(form, reckoned, said.judged, said.grounds):
        raise UserError(why)
    to_ask = _to_ask(viewpoint, form, answers, said.asked, held)
    row = Screening(
        about=person.mention,
        owner_id=viewpoint.viewer.agency,
        stage=said.stage,
        form_version=form.version,
        answers={
            question: {"said": str(answer.said), "level": answer.level, "evidence": answer.evidence}
            for question, answer in answers.items()
        },
        age=said.age,
        voice=_words(said.voice, "What the child or young person says and wants", needed=False),
        judged=said.judged,
        grounds=[each.id for each in form.grounds if each.id in said.grounds],
        judgement=_words(said.judgement, "Your judgement, in words"),
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
    )
    row.save(force_insert=True)
    row.refresh_from_db(fields=["audience"])  # the trigger's
    for question, agency in to_ask.items():
        _need(row, question, agency, form)
    detail = {"stage": str(said.stage), "version": form.version, "not_known": len(to_ask)}
    log(Event.PERSON_SCREENED, by=viewpoint.viewer, about=Subject("screening", str(row.id), detail), purpose=PURPOSE)
    return row


def sign_off(*, screening: UUID, agreed: bool, reason: str, viewpoint: Viewpoint) -> SignOff:
    """Say, as a second person, whether a judgement below a floor stands."""
    _, found = _screening(viewpoint, screening)
    if viewpoint.viewer.agency not in (found.row.owner_id, CENTRE):
        raise NotPermitted("A safeguarding lead of the agency that screened, or of the centre, is the second person.")
    if found.row.by == viewpoint.viewer.username:
        raise NotPermitted("Whoever made the judgement does not sign it off; ask a second person.")
    if found.outcome[1] is not Stands.WAITS:
        raise MoveNotAllowed("No judgement of this screening waits for a second person.")
    made = SignOff(
        screening=found.row,
        agreed=agreed,
        reason=_words(reason, "The reason"),
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=found.row.audience_id,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed("Somebody else has just signed it off; read it again.") from None
    about = Subject("screening", str(screening), {"agreed": agreed})
    log(Event.SCREENING_SIGNED_OFF, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return made


def answer_needed(*, needed: UUID, said: Tristate, text: str, viewpoint: Viewpoint) -> InformationAnswer:
    """Write down what came of asking. It changes no screening: the next review takes it up."""
    rows = viewpoint.visible(InformationNeeded.objects.filter(id=needed), "audience", "screening__about__audience")
    row = rows.first()
    if row is None:
        raise NotPermitted("That question does not exist, or you may not see it.")
    _, found = _screening(viewpoint, row.screening_id)
    if viewpoint.viewer.agency not in (found.row.owner_id, row.asked_of_id, CENTRE):
        raise NotPermitted(
            "A safeguarding lead of the agency that asks, of the one that is asked, or of the centre, answers."
        )
    made = InformationAnswer(
        needed=row,
        said=said,
        text=_words(text, "What is known, from whom, and since when"),
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=row.audience_id,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed("That was answered already.") from None
    about = Subject("screening", str(row.screening_id), {"question": row.question})
    log(Event.INFORMATION_ANSWERED, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return made


def enter_local_result(
    *, about: UUID, tool: str, result: str, made_by: str, day: date, text: str, viewpoint: Viewpoint
) -> LocalResult:
    """Keep the result of a local tool as it was said."""
    person = _person(viewpoint, about)
    known = tools().get(tool)
    said = " ".join(result.split())
    if known is None or known.result_of(said) is None:
        raise UserError("Choose the tool, and enter a result that it can give.")
    who = " ".join(made_by.split())
    if not 0 < len(who) <= 200:
        raise UserError("Say who made it, for which organisation, in up to 200 characters.")
    if day > timezone.localdate():
        raise UserError("The day lies ahead; enter the day on which it was made.")
    row = LocalResult(
        about=person.mention,
        owner_id=viewpoint.viewer.agency,
        tool=tool,
        result=said,
        made_by=who,
        day=day,
        text=_words(text, "What was said with it", needed=False),
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
    )
    row.save(force_insert=True)
    detail = {"tool": tool, "day": day.isoformat()}
    about_it = Subject("local_result", str(row.id), detail)
    log(Event.LOCAL_SCREENING_ENTERED, by=viewpoint.viewer, about=about_it, purpose=PURPOSE)
    return row


def _person(viewpoint: Viewpoint, about: UUID) -> Person:
    found = person_of(viewpoint, about)
    if found is None:
        raise NotPermitted(ABSENT)
    if not may_screen(viewpoint):
        raise NotPermitted(LEADS_ALONE)
    claim(min(found.mentions))
    return found


def _screening(viewpoint: Viewpoint, screening: UUID) -> tuple[Person, Screened]:
    found = screening_of(viewpoint, screening)
    if found is None:
        raise NotPermitted(ABSENT_SCREENING)
    if not may_screen(viewpoint):
        raise NotPermitted(LEADS_ALONE)
    return found


def _answers(form: Form, said: Mapping[str, Answer]) -> dict[str, Answer]:
    """Each question with an answer; whoever leaves one out does not know."""
    found = {}
    for question in form.questions:
        answer = said.get(question.id, NOT_KNOWN)
        evidence = answer.evidence.strip()
        if answer.said is Tristate.YES:
            if not 1 <= answer.level <= HIGHEST or not 0 < len(evidence) <= LONGEST_EVIDENCE:
                raise UserError(
                    f"“{question.text}” A yes needs its level, 1 to {HIGHEST}, and its evidence, in up to {LONGEST_EVIDENCE:,} "
                    "characters: what was seen, by whom, when."
                )
        elif answer.level or len(evidence) > LONGEST_EVIDENCE:
            raise UserError(
                f"“{question.text}” Only a yes has a level; remarks have up to {LONGEST_EVIDENCE:,} characters."
            )
        found[question.id] = Answer(answer.said, answer.level, evidence)
    return found


def _to_ask(
    viewpoint: Viewpoint, form: Form, answers: Mapping[str, Answer], asked: Mapping[str, str], held: Sequence[Screened]
) -> dict[str, str]:
    """Each question that nobody can answer, with the agency that is asked; not those that somebody is asked already."""
    waiting = {each.row.question for each in needed_of(viewpoint, held) if each.state in OUTSTANDING}
    known = {agency for agency, _ in agencies_to_ask()}
    found: dict[str, str] = {}
    for domain in form.domains:
        open_ones = [
            each.id
            for each in form.questions
            if each.domain == domain.id and answers[each.id].said is Tristate.UNKNOWN and each.id not in waiting
        ]
        agency = asked.get(domain.id, "")
        if open_ones and agency not in known:
            raise UserError(f"{domain.title}: choose the agency that is asked what is not known there.")
        found |= dict.fromkeys(open_ones, agency)
    return found


def _need(row: Screening, question: str, agency: str, form: Form) -> None:
    InformationNeeded(
        screening=row,
        question=question,
        asked_of_id=agency,
        due=row.at + form.information_within,
        by=row.by,
        by_agency=row.by_agency,
        audience_id=row.audience_id,
    ).save(force_insert=True)


def _words(text: str, wanted: str, *, needed: bool = True) -> str:
    said = text.strip()
    if len(said) > LONGEST_TEXT or (needed and not said):
        raise UserError(f"{wanted}: write it down, in up to {LONGEST_TEXT:,} characters.")
    return said
