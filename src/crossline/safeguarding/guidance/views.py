"""The pages of guidance: open to everybody, signed in or not, because whoever sees a child first has seldom an account.

They read no row. A card is one file without anything outside it: it is kept on a telephone or printed, and works offline.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from crossline.access.pages import OPEN
from crossline.safeguarding.guidance.packs import Pack, common, packs
from crossline.safeguarding.guidance.signs import LABELS, signs


def guidance(request: HttpRequest) -> HttpResponse:
    """Every pack."""
    context = {"packs": list(packs().values()), "common": common()}
    return render(request, "safeguarding/guidance.html", context)


def guidance_pack(request: HttpRequest, pack: str) -> HttpResponse:
    """One pack, to read or to print."""
    return render(request, "safeguarding/guidance_pack.html", _context(_found(pack)))


def guidance_card(request: HttpRequest, pack: str) -> HttpResponse:
    """The same on one sheet, as a file to keep."""
    found = _found(pack)
    answer = render(request, "safeguarding/guidance_card.html", _context(found))
    answer.headers["Content-Disposition"] = f"attachment; filename=crossline-card-{found.id}.html"
    return answer


def _found(pack: str) -> Pack:
    found = packs().get(pack)
    if found is None:
        raise Http404
    return found


def _context(pack: Pack) -> dict[str, object]:
    known = signs()
    return {"pack": pack, "common": common(), "signs_version": known.version, "source": known.source, "labels": LABELS}


guidance.policy = OPEN  # type: ignore[attr-defined]  # read by the URL test
guidance_pack.policy = OPEN  # type: ignore[attr-defined]  # likewise
guidance_card.policy = OPEN  # type: ignore[attr-defined]  # likewise
