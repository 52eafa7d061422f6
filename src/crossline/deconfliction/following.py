"""Numbers that took over from each other: whoever asks about one, or points at one, is met by the others as well.

Only findings outside compartments count, and decisions on them that are outside as well: what is looked up, and what an agency
points at, must tell nobody what is shut away. A number reached so is never more than likely; a person rings and asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from crossline.access.models import AudienceLabel
from crossline.access.policy import COMPARTMENT
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.rules import FOLLOWED
from crossline.engines.deconfliction.tokens import Verdict
from crossline.lines.models import ChangeState
from crossline.lines.register import RULES
from crossline.lines.rows import Succession, successions
from crossline.records.generation import Kept

PHONE: Final = "phone:"


@dataclass(frozen=True)
class Follow:
    """A number that is looked up with another: the change of number that leads to it, and how sure that is."""

    text: str  # of the number, as a key
    verdict: Verdict
    via: UUID  # the finding that was come by
    day: date
    later: bool  # whether this number took over; else it was taken over from

    @property
    def number(self) -> str:
        return self.text.removeprefix(PHONE)


Links = Mapping[str, Sequence[Succession]]
"""The changes that each number has part in."""


def links_of(found: Iterable[Succession]) -> Links:
    """By number."""
    links: dict[str, list[Succession]] = defaultdict(list)
    for each in found:
        links[each.old].append(each)
        links[each.new].append(each)
    return links


def open_successions(viewpoint: Viewpoint) -> list[Succession]:
    """The changes that count, of what the viewer sees outside compartments: put forward with enough score, or confirmed."""
    shut = AudienceLabel.objects.filter(label__key__startswith=COMPARTMENT).values_list("audience_id", flat=True)
    return [
        each
        for each in successions(viewpoint, outside=frozenset(shut))
        if each.state is ChangeState.CONFIRMED
        or (each.state is not ChangeState.REJECTED and each.score >= RULES.succession_score)
    ]


def _links(viewpoint: Viewpoint) -> Links:
    return links_of(open_successions(viewpoint))


links = Kept(_links)
"""The links that a viewer may follow."""


def followed(texts: Iterable[str], along: Links) -> list[Follow]:
    """Every number that is reached from numbers among these texts, the nearest first; at most rules.FOLLOWED of them."""
    begun = [text.removeprefix(PHONE) for text in texts if text.startswith(PHONE)]
    reached: dict[str, Verdict] = dict.fromkeys(begun, Verdict.LIKELY)
    waiting = list(begun)
    found: list[Follow] = []
    while waiting and len(found) < FOLLOWED:
        at = waiting.pop(0)
        for each in sorted(along.get(at, ()), key=lambda each: (each.date, each.old, each.new, str(each.record))):
            other = each.new if each.old == at else each.old
            if other in reached or len(found) == FOLLOWED:
                continue
            sure = each.state is ChangeState.CONFIRMED and reached[at] is Verdict.LIKELY
            reached[other] = Verdict.LIKELY if sure else Verdict.MAY_BE
            found.append(Follow(PHONE + other, reached[other], each.record, each.date, other == each.new))
            waiting.append(other)
    return found
