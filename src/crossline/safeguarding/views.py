"""The page of people put forward for help."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.facts import Standing
from crossline.engines.indicators.rulebook import RULEBOOK
from crossline.safeguarding.answering.presenter import owner_cells
from crossline.safeguarding.presenter import new_among, of_person, person_rows
from crossline.safeguarding.queries import concerns_of
from crossline.safeguarding.selection import AGE, SHOWN, Selection, cases_by_person, in_order
from crossline.vocabulary.agencies import forces

ON_A_PAGE = 30


@page(purpose="safeguarding")
def concerns(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Everyone put forward whom the viewer sees, with every reason and who answers; people of unknown age are apart."""
    selection, person = Selection.read(request.GET.dict()), request.GET.get("person", "")
    now = timezone.now()
    everyone = concerns_of(viewpoint)
    questions = concerns_of(viewpoint, standing=Standing.AGE_NOT_KNOWN)
    cases = cases_by_person(viewpoint)
    raised = questions if selection.shown == AGE else everyone
    raised = of_person(viewpoint, raised, person) if person else raised
    raised = [each for each in raised if selection.holds(each, cases.get(each.person, ()), viewpoint, now)]
    shown = Paginator(in_order(raised, cases, viewpoint, now), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": person_rows(shown, {each.person: owner_cells(cases.get(each.person, ()), now) for each in shown}),
        "page": shown,
        "selection": selection,
        "person": person,
        "force_choices": [(force.id, force.short_name) for force in forces()],
        "shown_choices": list(SHOWN.items()),
        "reason_choices": [(rule.reason.value, rule.wording) for rule in RULEBOOK.rules.values()],
        "new": new_among(everyone),
        "late": sum(1 for found in cases.values() if any(case.is_late(now) for case in found)),
        "find_out": len(questions),
        "rules": list(RULEBOOK.rules.values()),
    }
    return show(request, viewpoint, "safeguarding/concerns.html", context)
