"""The pages of checks: asking, with the inbox of one's agency; one check with its receipt and outcome; and the hubs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.deconfliction import rules
from crossline.deconfliction.answering import first_contact, may_set, settings_of
from crossline.deconfliction.asking_of_lines import as_asked
from crossline.deconfliction.check_presenter import (
    answer_rows,
    asked_rows,
    check_row,
    follow_rows,
    hub_rows,
    met_rows,
    named,
    outcome_rows,
    receipt_of,
    since_rows,
    state_words,
)
from crossline.deconfliction.checking import PURPOSE, Asked, Why, ask_check
from crossline.deconfliction.event_presenter import later_rows, own_event
from crossline.deconfliction.following import links
from crossline.deconfliction.forms import CheckForm, OutcomeForm
from crossline.deconfliction.inbox import AskedAbout, Met, asked_about, met
from crossline.deconfliction.models import Check, CheckOutcome
from crossline.deconfliction.resolving import outcomes_of, record_outcome
from crossline.deconfliction.rules import AnswerLevel, Resolution
from crossline.errors import SelectorUnreadable, UserError
from crossline.lines.register import register
from crossline.records.explaining import showed
from crossline.records.models import Record
from crossline.vocabulary.codes import SelectorScheme

ON_A_PAGE: Final = 20


@page(purpose=PURPOSE)
def deconfliction(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Ask; and what was asked, met and answered before."""
    form = CheckForm(request.POST) if request.method == "POST" else CheckForm(initial=_first_words(request, viewpoint))
    if form.is_valid():
        said = form.cleaned_data
        try:
            why = Why(said["purpose"], said["operation"], said["contact"], said["stands"])
            made = ask_check(asked=Asked.read(said["scheme"], said["value"]), why=why, viewpoint=viewpoint)
            return redirect("check", made.id)
        except SelectorUnreadable as error:
            form.add_error("value", str(error))
        except UserError as error:
            form.add_error(None, str(error))
    found, asked = met(viewpoint), asked_about(viewpoint)
    known = _Known.of(viewpoint, [*asked, *found])
    checks = viewpoint.visible(Check.objects.filter(agency=viewpoint.viewer.agency)).order_by("-asked_at", "-id")
    shown = Paginator(checks, ON_A_PAGE).get_page(request.GET.get("page"))
    outcomes = latest_outcomes(viewpoint, [*(each.asked for each in asked), *(each.own for each in found if each.own)])
    context = {
        "form": form,
        "asked": asked_rows(asked, known.records, known.checks, outcomes, viewpoint.viewer.agency),
        "met": met_rows([each for each in found if known.is_news(each)], known.records, known.checks, outcomes),
        "checks": [check_row(each, _since(found, each)) for each in shown],
        "page": shown,
        "silent": _is_silent(viewpoint),
        "may_set": may_set(viewpoint),
    }
    return show(request, viewpoint, "deconfliction/deconfliction.html", context, failed=form.errors)


@page(purpose=PURPOSE)
def check(request: HttpRequest, viewpoint: Viewpoint, check: UUID) -> HttpResponse:
    """One check: the receipt for whoever asked, or what an owner is told of it. To anybody else it is not there."""
    own = viewpoint.visible(Check.objects.filter(id=check, agency=viewpoint.viewer.agency)).first()
    asked = asked_about(viewpoint) if own is None or own.kind == rules.CheckKind.EVENT else []
    told = [each for each in asked if own is None and each.asked == check]
    recorded = outcomes_of(viewpoint, check)
    if own is None and not told and not recorded:
        raise Http404
    later = [each for each in asked if own is not None and each.own == own.id]
    # Whoever registered an event later asked: what becomes of it is recorded on their check, and once.
    asking = {each.agency for each in later}
    since = [each for each in _since(met(viewpoint), own) if each.agency not in asking] if own else []
    parties = _parties(own, since, viewpoint.viewer.agency)
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            record_outcome(
                check=check,
                other=said["other"],
                state=Resolution(said["state"]),
                note=said["note"],
                stood=said["stood"],
                viewpoint=viewpoint,
            )
            return redirect("check", check)
        except UserError as error:
            form.add_error(None, str(error))
    newest = {each.other_agency: each for each in reversed(recorded)}
    context = {
        "check": own,
        "receipt": receipt_of(own) if own else [],
        "answer": answer_rows(own) if own else [],
        "since": since_rows(since),
        "follows": follow_rows(own, links(viewpoint)) if own else [],
        "later": later_rows(later, latest_outcomes(viewpoint, [each.asked for each in later])),
        "event": own_event(viewpoint, own) if own else None,
        "told": told,
        "ours": asked_rows(told, (known := _Known.of(viewpoint, told)).records, known.checks, {}, ""),
        "outcomes": outcome_rows(recorded),
        "parties": [
            {
                "id": each,
                "name": named(each),
                "stands": state_words(newest.get(each)),
                "stood": str(newest[each].id) if each in newest else "",
            }
            for each in parties
        ],
        "number": own.number if own else (told[0].number if told else recorded[0].number),
        "form": form,
    }
    return show(request, viewpoint, "deconfliction/check.html", context, failed=form.errors)


@page(purpose=PURPOSE)
def hubs(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What of one's own agency's work many agencies share, and so rings nobody."""
    found = met(viewpoint)
    known = _Known.of(viewpoint, [each for each in found if each.hub])
    context = {"rows": hub_rows(found, known.records, known.checks), "more_than": rules.HUB_AGENCIES}
    return show(request, viewpoint, "deconfliction/hubs.html", context)


class _Known:
    """The agency's own records and checks that were met, which a page names."""

    def __init__(self, records: Mapping[UUID, Record], checks: Mapping[UUID, Check]) -> None:
        self.records, self.checks = records, checks

    @classmethod
    def of(cls, viewpoint: Viewpoint, found: Iterable[AskedAbout | Met]) -> _Known:
        every = list(found)
        rows = viewpoint.visible(Record.objects.filter(id__in={each.record for each in every if each.record}))
        checks = viewpoint.visible(Check.objects.filter(id__in={each.own for each in every if each.own}))
        records = {each.id: each for each in rows}
        showed(viewpoint, records.values(), listed=True)
        return cls(records, {each.id: each for each in checks})

    def is_news(self, each: Met) -> bool:
        """Whether the check's own answer does not say it already."""
        if each.hub:
            return False
        own = self.checks.get(each.own) if each.own else None
        return own is None or each.agency not in {told["agency"] for told in own.answer}


def latest_outcomes(viewpoint: Viewpoint, checks: Iterable[UUID]) -> dict[tuple[UUID, str], CheckOutcome]:
    """How each of these checks stands, by check and the agency that was met."""
    rows = viewpoint.visible(CheckOutcome.objects.filter(asked__in=set(checks))).order_by("recorded_at", "id")
    return {(each.asked_id, each.other_agency): each for each in rows}


def _since(found: Iterable[Met], check: Check) -> list[Met]:
    """Whom a check has met that its answer did not name."""
    told = {each["agency"] for each in check.answer}
    once = {each.agency: each for each in found if each.own == check.id and not each.hub and each.agency not in told}
    return list(once.values())


def _parties(own: Check | None, since: Iterable[Met], agency: str) -> list[str]:
    """Between whom an outcome can be recorded, by the other side's id: one's own where others asked."""
    if own is None:
        return [agency]
    return [*(str(each["agency"]) for each in own.answer), *(each.agency for each in since)]


def _first_words(request: HttpRequest, viewpoint: Viewpoint) -> dict[str, object]:
    """What the form begins with: the contact that the agency gives others, and the line whose page led here."""
    words: dict[str, object] = {"contact": first_contact(viewpoint), "stands": 91}
    with suppress(ValueError):
        if line := register(viewpoint).find(UUID(request.GET.get("line", ""))):
            words |= {"scheme": str(SelectorScheme.LINE), "value": as_asked(line)}
    return words


def _is_silent(viewpoint: Viewpoint) -> bool:
    newest = next(iter(settings_of(viewpoint)), None)
    return newest is None or newest.level == AnswerLevel.SILENT
