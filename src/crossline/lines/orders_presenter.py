"""The names on social media or apps that records give for a line, as its page shows them; numbers have their own table."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from crossline.lines.in_words import names
from crossline.lines.register import RegisterLine
from crossline.lines.taking_orders import RULE

NOTE: Final = (
    f"By version {RULE.version} of the rule a name beside the line shows social media or an app, and a number that can be "
    "dialled a telephone. It does not tell who uses the name: that is often a child or somebody exploited."
)


def handle_rows(line: RegisterLine) -> list[dict[str, object]]:
    """Each name once, with the records that give it."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for each in line.orders.handles:
        href = reverse("record", args=[each.row.record])
        found.setdefault(each.name, {})[href] = (each.row.ref, each.row.owner)
    return [
        {
            "name": name,
            "records": [(ref, href) for href, (ref, _) in given.items()],
            "agencies": names(sorted({owner for _, owner in given.values()})),
        }
        for name, given in sorted(found.items())
    ]
