"""The page of people put forward for help."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.facts import Standing
from crossline.engines.indicators.rulebook import RULEBOOK
from crossline.safeguarding.presenter import new_among, of_person, person_rows
from crossline.safeguarding.queries import concerns_of
from crossline.vocabulary.agencies import agencies, forces

ON_A_PAGE = 30


@page(purpose="safeguarding")
def concerns(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Everyone put forward whom the viewer sees, with every reason; people whose age nobody recorded are apart."""
    agency, person = request.GET.get("agency", ""), request.GET.get("person", "")
    agency = agency if agency in agencies() else ""
    everyone = concerns_of(viewpoint)
    raised = of_person(viewpoint, everyone, person) if person else everyone
    raised = [each for each in raised if not agency or agency in each.agencies]
    shown = Paginator(raised, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": person_rows(shown),
        "page": shown,
        "agency": agency,
        "person": person,
        "force_choices": [(force.id, force.short_name) for force in forces()],
        "new": new_among(everyone),
        "find_out": len(concerns_of(viewpoint, standing=Standing.AGE_NOT_KNOWN)),
        "rules": list(RULEBOOK.rules.values()),
    }
    return show(request, viewpoint, "safeguarding/concerns.html", context)
