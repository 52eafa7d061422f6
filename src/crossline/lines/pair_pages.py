"""Lines that may be one, and two returned lines side by side, with the form to say that they are the same or different."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.lines.declaring import newest_revision, numbers_of_return
from crossline.lines.in_words import names
from crossline.lines.models import PAIR_MOVES, PairVerdict
from crossline.lines.pairing import PURPOSE, Pair, judge_pair, judgements_on, may_judge_pair
from crossline.lines.register import Register, RegisterLine, register
from crossline.lines.saying import LONGEST_REASON
from crossline.lines.suggesting import Suggestion, suggestions
from crossline.records.explaining import showed
from crossline.records.models import Record
from crossline.records.naming import tidy_brand
from crossline.vocabulary.codes import LineStatus, RecordKind
from crossline.wording import format_phone, format_span

ON_A_PAGE: Final = 20
ACTS: Final = {
    PairVerdict.SAME: "The same line: join them",
    PairVerdict.DIFFERENT: "Different lines: keep them apart",
    PairVerdict.WITHDRAWN: "Take back what was said: as it was before",
}


class VerdictForm(forms.Form):
    """Whether two returned lines are one, and why."""

    verdict = forms.ChoiceField(label="They are", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_REASON,
        widget=forms.Textarea,
        help_text="Everybody with a policing role reads it: name no record or person that they may not see.",
    )
    stood = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict | None, stands: PairVerdict) -> None:
        super().__init__(asked)
        choices = [(each.value, words) for each, words in ACTS.items() if each in PAIR_MOVES[stands]]
        self.fields["verdict"] = forms.ChoiceField(label="They are", choices=choices, widget=forms.RadioSelect)


@page(purpose=PURPOSE)
def line_suggestions(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The pairs of lines that something suggests are one; or the pair of a return and another that is named."""
    found = _named(request.GET, viewpoint)
    if found is not None:
        return redirect("line-pair", found.left.id, found.right.id)
    rows = Paginator(suggestions(viewpoint), ON_A_PAGE).get_page(request.GET.get("page"))
    listed = [row.record for each in rows for row in each.ends]
    records = {each.id: each for each in viewpoint.visible(Record.objects.filter(id__in=listed))}
    showed(viewpoint, list(records.values()), listed=True)
    context = {
        "rows": [_suggestion(each, records, viewpoint) for each in rows],
        "page": rows,
        "not_found": request.GET.get("ref", ""),
    }
    return show(request, viewpoint, "lines/suggestions.html", context)


@page(purpose=PURPOSE)
def line_pair(request: HttpRequest, viewpoint: Viewpoint, left: UUID, right: UUID) -> HttpResponse:
    """Two returned lines. Whoever does not see both returns is answered as if there were none."""
    one, other = newest_revision(left, viewpoint), newest_revision(right, viewpoint)
    if one is None or other is None:
        raise Http404
    pair = Pair.of(one, other)
    said = judgements_on(pair, viewpoint)
    stands = PairVerdict(said[0].verdict) if said else PairVerdict.UNJUDGED
    asked = request.POST if request.method == "POST" else None
    form = VerdictForm(asked, stands)
    if form.is_valid():
        given = form.cleaned_data
        try:
            verdict = PairVerdict(given["verdict"])
            named = {"one": one, "other": other, "verdict": verdict, "reason": given["reason"]}
            judge_pair(**named, stood=given["stood"], viewpoint=viewpoint)
            return redirect("line-pair", left, right)
        except UserError as error:
            form.add_error(None, str(error))
            said = judgements_on(pair, viewpoint)
    showed(viewpoint, [pair.left, pair.right])
    known = register(viewpoint)
    context = {
        "sides": [_side(each, known) for each in (pair.left, pair.right)],
        "together": known.line_of_return[pair.ends[0]].id == known.line_of_return[pair.ends[1]].id,
        "stands": stands.label,
        "stood": str(said[0].id) if said else "",
        "said": [
            {
                "verdict": each.get_verdict_display(),
                "reason": each.reason,
                "by": each.decided_by,
                "agency": each.decided_agency,
                "at": each.decided_at,
            }
            for each in said
        ],
        "is_same": stands is PairVerdict.SAME,
        "reasons": _reasons(pair, known, viewpoint),
        "may_judge": may_judge_pair(pair, viewpoint) and pair.ends[0] != pair.ends[1],
        "form": form,
    }
    return show(request, viewpoint, "lines/pair.html", context, failed=form.errors)


def pairs_of(line: RegisterLine) -> list[dict[str, object]]:
    """A line's newest return with each of its others, for somebody to say that they are not one line."""
    if not line.returns:
        return []
    newest, *others = line.returns
    return [
        {
            "ref": each.ref,
            "agency": each.owner,
            "name": tidy_brand(each.brand),
            "href": reverse("line-pair", args=[newest.record, each.record]),
        }
        for each in others
    ]


def _named(asked: Mapping[str, str], viewpoint: Viewpoint) -> Pair | None:
    """The pair of the return that somebody came from and the newest one of a reference."""
    try:
        one = newest_revision(UUID(asked.get("from", "")), viewpoint)
    except ValueError:
        return None
    ref = asked.get("ref", "").strip()
    returns = viewpoint.visible(Record.objects.filter(kind=RecordKind.LINE_RETURN, ref=ref))
    other = returns.order_by("-made_at", "id").first()
    return None if one is None or other is None else Pair(one, other)


def _suggestion(found: Suggestion, records: Mapping[UUID, Record], viewpoint: Viewpoint) -> dict[str, object]:
    left, right = found.ends
    pair = Pair.of(records[left.record], records[right.record])
    said = judgements_on(pair, viewpoint)
    return {
        "title": f"{tidy_brand(found.left.name)} and {tidy_brand(found.right.name)}",
        "sides": [
            {
                "name": tidy_brand(line.name),
                "href": reverse("line", args=[line.id]),
                "from": names(line.exporting_agencies) or "a force that nobody returned",
                "into": names(line.importing_agencies) or "no known area",
                "seen": format_span(line.first_seen, line.last_seen),
            }
            for line in (found.left, found.right)
        ],
        "reasons": found.reasons,
        "href": reverse("line-pair", args=[pair.left.id, pair.right.id]),
        "stood": str(said[0].id) if said else "",
        "may_judge": may_judge_pair(pair, viewpoint),
    }


def _side(returned: Record, known: Register) -> dict[str, object]:
    line = known.line_of_return[returned.owner_id, returned.ref]
    detail = returned.detail
    numbers = numbers_of_return(line, returned.owner_id, returned.ref)
    name = next(row.brand for row in line.returns if (row.owner, row.ref) == (returned.owner_id, returned.ref))
    return {
        "title": f"{tidy_brand(name)}, {returned.ref}",
        "facts": [
            {
                "key": "Returned by",
                "value": names((returned.owner_id,)),
                "href": reverse("record", args=[returned.id]),
                "href_text": "Open",
            },
            {
                "key": "Line",
                "value": tidy_brand(line.name),
                "href": reverse("line", args=[line.id]),
                "href_text": "Open",
            },
            {"key": "Numbers", "value": ", ".join(map(format_phone, numbers)) or None},
            {
                "key": "Run from the area of",
                "value": names(filter(None, [str(detail.get("exporting_agency") or "")])) or None,
            },
            {"key": "Sells in the area of", "value": names(detail.get("importing_agencies", ())) or None},
            {"key": "Towns", "value": ", ".join(detail.get("towns", ())) or None},
            {"key": "Seen", "value": format_span(detail.get("first_seen"), detail.get("last_seen"))},
            {"key": "As returned", "value": LineStatus(detail["status"]).meaning},
        ],
    }


def _reasons(pair: Pair, known: Register, viewpoint: Viewpoint) -> tuple[str, ...]:
    """Why the lines of the two may be one, where something suggests it."""
    wanted = {known.line_of_return[end].id for end in pair.ends}
    return next((each.reasons for each in suggestions(viewpoint) if {each.left.id, each.right.id} == wanted), ())
