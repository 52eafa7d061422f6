"""The page of people put forward for help."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.facts import Standing
from crossline.engines.indicators.rulebook import RULEBOOK
from crossline.safeguarding.queries import concerns_of
from crossline.vocabulary.agencies import forces

ON_A_PAGE = 30


@page(purpose="safeguarding")
def concerns(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Everyone put forward whom the viewer sees, with every reason; people whose age nobody recorded are apart."""
    agency = request.GET.get("agency", "")
    raised = [p for p in concerns_of(viewpoint) if not agency or agency in p.agencies]
    shown = Paginator(raised, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "agency": agency,
        "forces": forces(),
        "find_out": len(concerns_of(viewpoint, standing=Standing.AGE_NOT_KNOWN)),
        "rules": list(RULEBOOK.rules.values()),
    }
    return show(request, viewpoint, "safeguarding/concerns.html", context)
