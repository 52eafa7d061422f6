"""What the page of two mentions shows: the victim first, both side by side, the weight step by step, and what people said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.urls import reverse

from crossline.engines.resolution.chains import Link
from crossline.engines.resolution.explain import Part, sentence
from crossline.entities.clusters import THRESHOLD_BITS
from crossline.entities.models import Judgement
from crossline.entities.pair import PairProfile, Side
from crossline.entities.proposals import Proposal
from crossline.entities.reach import NOT_SHOWN, tells_where
from crossline.entities.weight_in_words import odds, part_words, signed_bits, steps, times
from crossline.records.models import Assertion, Mention, Record
from crossline.records.naming import name_of, tidy_name
from crossline.records.phrases import phrase
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import MentionKind
from crossline.wording import format_partial_date, format_phone, with_capital

SEXES: Final = {"M": "Male", "F": "Female"}


def short(agency: str) -> str:
    """An agency's short name."""
    known = agencies().get(agency)
    return known.short_name if known else agency


def end_words(mention: Mention) -> str:
    """A mention as one of two: its name and whose record it is in."""
    return f"{tidy_name(mention.caption)} ({short(mention.owner_id)})"


@dataclass(frozen=True)
class PairPage:
    """Two mentions."""

    profile: PairProfile
    may_withdraw: frozenset[str]  # ids of the judgements that the viewer's agency may take back

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.profile.left, self.profile.right

    @property
    def title(self) -> str:
        return " and ".join(tidy_name(side.mention.caption) for side in self.sides)

    @property
    def victims(self) -> list[dict[str, str]]:
        """Those of the two who may be victims."""
        return [
            {"name": tidy_name(side.mention.caption), "href": reverse("person", args=[side.mention.id])}
            for side in self.sides
            if side.is_victim
        ]

    @property
    def records(self) -> list[Record]:
        return [side.mention.record for side in self.sides]

    @property
    def heads(self) -> list[dict[str, object]]:
        """What stands over each column."""
        return [
            {
                "name": end_words(side.mention),
                "href": reverse("person", args=[side.mention.id]),
                "mentions": side.mentions,
                "born": " or ".join(format_partial_date(each) for each in side.births),
            }
            for side in self.sides
        ]

    @property
    def facts(self) -> list[dict[str, object]]:
        """Both mentions side by side, fact by fact, with what the comparison makes of each."""
        said = {part.comparison: part for part in self.profile.explanation.parts}
        rows = [
            ("Name", [tidy_name(each.caption) for each in self._mentions], ("forename", "surname", "middle")),
            ("Other names", [", ".join(each.aliases) for each in self._mentions], ("monikers",)),
            ("Born", [format_partial_date(each.born, default="") for each in self._mentions], ("birth",)),
            ("Age then", [str(each.age) if each.age is not None else "" for each in self._mentions], ()),
            ("Sex", [SEXES.get(each.sex, "") for each in self._mentions], ("sex",)),
            ("PNC id", [each.pnc for each in self._mentions], ("pnc",)),
            (
                "Nominal",
                [f"{each.nominal} ({short(each.owner_id)})" if each.nominal else "" for each in self._mentions],
                ("nominal",),
            ),
            ("Telephone", [_things(side, MentionKind.PHONE) for side in self.sides], ("phones",)),
            ("Vehicle", [_things(side, MentionKind.VEHICLE) for side in self.sides], ("vehicle",)),
            ("Address", [_things(side, MentionKind.ADDRESS) for side in self.sides], ("address",)),
            ("Also said", [_rest(side) for side in self.sides], ()),
        ]
        return [
            {
                "fact": fact,
                "left": left,
                "right": right,
                "verdicts": [_mark(said[each]) for each in names if each in said],
            }
            for fact, (left, right), names in rows
            if left or right
        ]

    @property
    def _mentions(self) -> list[Mention]:
        return [side.mention for side in self.sides]

    @property
    def sentence(self) -> str:
        return sentence(self.profile.explanation)

    @property
    def weight_words(self) -> str:
        return f"{signed_bits(self.weight)} bits: {odds(self.weight)}"

    @property
    def weight(self) -> float:
        return self.profile.explanation.weight_bits

    @cached_property
    def steps(self) -> list[dict[str, object]]:
        """From two mentions at random to these two: what each comparison adds, and the total so far."""
        return steps(self.profile.explanation)

    @property
    def chain(self) -> list[dict[str, object]]:
        """The links by which both are one person now."""
        together = self.profile.together
        return [link_row(link, together.captions) for link in together.links] if together else []

    @property
    def bars(self) -> list[str]:
        """What keeps them apart."""
        return [each.meaning for each in self.profile.apart.bars] if self.profile.apart else []

    @property
    def stronger(self) -> str | None:
        """The page of the strongest pair between the two sides, where it is another."""
        apart = self.profile.apart
        return reverse("match", args=apart.stronger) if apart and apart.stronger else None

    @property
    def against(self) -> list[str]:
        """The facts that speak against it, the weightiest first."""
        parts = self.profile.explanation.parts
        return [with_capital(f"{part_words(part)}: {times(part.bits)}") for part in parts if part.bits <= -0.5]

    @property
    def changes(self) -> list[str]:
        """The facts that would have made the difference."""
        found = self.profile.apart.changes if self.profile.apart else ()
        told = {True: "which the records dispute", False: "of which the records say nothing"}
        return [
            f"{with_capital(each.words)}, {told[each.spoke_against]}: {times(each.gain_bits)}, then {odds(each.weight_bits)}"
            for each in found
        ]

    @property
    def only_together(self) -> bool:
        """Whether none of those facts would have sufficed alone."""
        found = self.profile.apart.changes if self.profile.apart else ()
        return bool(found) and found[0].weight_bits < THRESHOLD_BITS

    @property
    def said(self) -> list[dict[str, object]]:
        """Everything that people said of the two and did not take back, the newest first."""
        rows = [self._said(each) for each in self.profile.decisions]
        rows += [self._said(each.said, each) for each in self.profile.proposals]
        return sorted(rows, key=lambda row: str(row["at"]), reverse=True)

    def _said(self, judgement: Judgement, proposal: Proposal | None = None) -> dict[str, object]:
        counts = judgement == self.profile.decision
        standing = "Decision" if counts else "Decision, replaced by a newer one"
        return {
            "id": str(judgement.id),
            "pair": self.title,
            "href": reverse("match", args=[side.mention.id for side in self.sides]),
            "verdict": judgement.get_verdict_display(),
            "standing": f"Proposal: {proposal.state.meaning.lower()}" if proposal else standing,
            "reason": judgement.reason,
            "by": judgement.decided_by,
            "agency": judgement.decided_agency,
            "at": judgement.decided_at,
            "may_withdraw": str(judgement.id) in self.may_withdraw,
        }


def link_row(link: Link, captions: Mapping[str, Mention]) -> dict[str, object]:
    """One link of a chain: the two mentions, what holds them together, and how many mentions stand on either side."""
    ends = " and ".join(end_words(captions[end]) for end in (link.left, link.right))
    held = "a person’s decision" if link.weight_bits is None else f"{signed_bits(link.weight_bits)} bits"
    return {
        "pair": ends,
        "href": reverse("match", args=[link.left, link.right]),
        "held": held,
        "sides": f"{link.left_size} and {link.right_size}",
    }


def _mark(part: Part) -> dict[str, object]:
    return {"words": part_words(part), "bits": signed_bits(part.bits), "for": part.bits >= 0}


def _things(side: Side, kind: MentionKind) -> str:
    """What the record says they use, drive or live at; of a victim, only that it is not shown."""
    own = [said for said in side.said if said.to_mention.kind == kind and not _elsewhere(said)]
    if side.is_victim and any(tells_where(type=said.type, kind=kind) for said in own):
        return f"{NOT_SHOWN[kind]}, not shown"
    return ", ".join(dict.fromkeys(_named(said.to_mention) for said in own))


def _elsewhere(said: Assertion) -> bool:
    return phrase(said.type, forwards=True) not in {"Uses", "Drives", "Owns", "Lives at"}


def _named(mention: Mention) -> str:
    number = (mention.selector or "").removeprefix("phone:")
    return format_phone(number) if mention.kind == MentionKind.PHONE and number else name_of(mention)


def _rest(side: Side) -> str:
    """What else its record says of it."""
    shown = {MentionKind.PHONE, MentionKind.VEHICLE, MentionKind.ADDRESS}
    rest = [said for said in side.said if said.to_mention.kind not in shown or _elsewhere(said)]
    named = [
        f"{phrase(said.type, forwards=True)} {'somewhere not shown' if _hidden(side, said) else name_of(said.to_mention)}"
        for said in rest
    ]
    return "; ".join(dict.fromkeys(named))


def _hidden(side: Side, said: Assertion) -> bool:
    return side.is_victim and tells_where(type=said.type, kind=said.to_mention.kind)
