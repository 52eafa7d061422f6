"""The pages of the policy: what is in force, line by line, what a changed one would change, and agreeing to that."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crossline.access.pages import page, show
from crossline.access.policy_changes.actions import (
    PURPOSE,
    Said,
    Standing,
    State,
    history,
    in_force,
    may_agree,
    say,
)
from crossline.access.policy_changes.security import NEEDED
from crossline.access.policy_changes.statement import Difference, Line
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import UserError
from crossline.site.policy.statement import running

EVERYBODY: Final = frozenset(Role)
_ADDRESS: Final = re.compile(r"/policy(?:/\d+)?", re.ASCII)
WORDS: Final = {
    State.WAITS: "Waits for two information managers of the centre",
    State.IN_FORCE: "In force",
    State.REPLACED: "Was in force until a later one",
    State.REFUSED: "Refused",
    State.PASSED_OVER: "Passed over by a later one",
}
SAID: Final = {Said.AGREED: "Agreed", Said.REFUSED: "Refused"}


def is_of_the_policy(path: str) -> bool:
    """Whether an address is one of these pages."""
    return _ADDRESS.fullmatch(path) is not None


@page(purpose=PURPOSE, roles=EVERYBODY)
def policy(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The policy of the software that is running; where it waits, what it changes and the buttons; and what was before it."""
    problem = ""
    if request.method == "POST":
        try:
            _say(request, viewpoint)
            return redirect("policy")
        except UserError as error:
            problem = str(error)
    known = history()
    latest = known[0] if known else None
    own = next((each for each in known if each.row.digest == running().digest), None)
    waiting = own if own is not None and own.state is State.WAITS else None
    standing = in_force(known)
    context = {
        "digest": running().digest,
        "parts": _parts(running().lines),
        "standing": standing.row.id if standing else None,
        "is_in_force": standing is not None and standing.row.digest == running().digest,
        "waiting": None if waiting is None else _shown(waiting),
        "refused": latest is not None and latest is own and latest.state is State.REFUSED and _shown(latest),
        "needed": NEEDED - (0 if waiting is None else len(waiting.agreed)),
        "may_agree": waiting is not None and may_agree(viewpoint.viewer),
        "has_agreed": waiting is not None and _has_agreed(waiting, viewpoint),
        "history": [_row(each) for each in known],
        "problem": problem,
    }
    return show(request, viewpoint, "site/policy.html", context, failed=problem)


@page(purpose=PURPOSE, roles=EVERYBODY)
def policy_statement(request: HttpRequest, viewpoint: Viewpoint, number: int) -> HttpResponse:
    """A statement as it was written down: who agreed to it, what it changed, and all of its lines."""
    found = next((each for each in history() if each.row.id == number), None)
    if found is None:
        raise Http404
    context = {"one": _shown(found), "parts": _parts(found.statement.lines), "digest": found.row.digest}
    return show(request, viewpoint, "site/policy_statement.html", context)


def _say(request: HttpRequest, viewpoint: Viewpoint) -> None:
    said, number = request.POST.get("said", ""), request.POST.get("statement", "")
    if said not in frozenset(Said) or not (number.isascii() and number.isdigit() and len(number) < len("1000000000")):
        raise UserError("Choose whether you agree or refuse.")
    say(
        statement=int(number),
        said=Said(said),
        note=request.POST.get("note", ""),
        running=running().digest,
        viewpoint=viewpoint,
    )


def _has_agreed(waiting: Standing, viewpoint: Viewpoint) -> bool:
    return any(word.by_id == viewpoint.viewer.person_id for word in waiting.agreed)


def _parts(lines: Iterable[Line]) -> list[tuple[str, list[str]]]:
    """Lines under the part that they belong to."""
    return [(part, [line.text for line in own]) for part, own in groupby(lines, key=lambda line: line.part)]


def _changes(difference: Difference) -> list[tuple[str, list[dict[str, str | None]]]]:
    """What was said beside what is said now, under its part."""
    return [
        (part, [{"was": change.was, "now": change.now} for change in own])
        for part, own in groupby(difference.changes, key=lambda change: change.part)
    ]


def _counted(difference: Difference) -> dict[str, int]:
    """How many lines are said otherwise, are new, and are gone."""
    changes = difference.changes
    return {
        "otherwise": sum(None not in (each.was, each.now) for each in changes),
        "new": sum(each.was is None for each in changes),
        "gone": sum(each.now is None for each in changes),
    }


def _shown(standing: Standing) -> dict[str, object]:
    """A statement with what it changes and what was said to it."""
    difference = standing.difference
    return _row(standing) | {
        "replaces": standing.row.replaces_id,
        "changes": _changes(difference),
        "counted": _counted(difference),
        "only_order": difference.only_order,
        "words": [
            {"at": word.at, "by": word.by, "said": SAID[Said(word.said)], "note": word.note} for word in standing.words
        ],
    }


def _row(standing: Standing) -> dict[str, object]:
    """A statement in a row."""
    return {
        "number": standing.row.id,
        "title": f"Policy {standing.row.id}",
        "at": standing.row.at,
        "state": WORDS[standing.state],
        "agreed": ", ".join(word.by for word in standing.agreed)
        or ("Installed with it" if standing.row.replaces_id is None else None),
        "digest": standing.row.digest[:12],
        "href": reverse("policy-statement", args=[standing.row.id]),
    }
