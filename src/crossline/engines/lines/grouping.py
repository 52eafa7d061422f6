"""Mentions of lines into lines, by the keys they share, over only the rows given (a viewer's visible rows).

Nothing outside the rows given can join anything: who may not see the record that bridges two lines sees two lines. A change
of number joins once a person has confirmed it; until then the number stands beside the line as put forward. What a person
said of two mentions outranks all keys: the same are joined first, and different ones are brought together by nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from crossline.engines.lines.keys import KeySpan, brand_spans, hub_numbers, number_spans
from crossline.engines.lines.model import (
    GroupingRules,
    Join,
    JoinBasis,
    LineGroup,
    LineMention,
    LineVerdict,
    SuccessionLink,
)
from crossline.engines.lines.numbers import numbers_over_time, numbers_put_forward
from crossline.engines.lines.putting_forward import PutForward, put_forward

__all__ = ["group_lines", "hub_numbers"]


def group_lines(
    mentions: Sequence[LineMention],
    successions: Sequence[SuccessionLink] = (),
    *,
    verdicts: Iterable[LineVerdict] = (),
    rules: GroupingRules | None = None,
) -> list[LineGroup]:
    """The lines these mentions speak of, each with the evidence that joined it. Order of input does not matter."""
    rules = rules or GroupingRules()
    ordered = sorted(mentions, key=lambda mention: mention.id)
    hubs = frozenset(hub.number for hub in hub_numbers(ordered, rules))
    links = [
        link
        for link in sorted(successions, key=lambda link: (-link.score, link.date, link.old, link.new))
        if link.old != link.new and not {link.old, link.new} & hubs
    ]
    spans = number_spans(ordered, hubs, rules)
    chain = _Chain(ordered)
    chain.take(verdicts)
    for number_stretches in spans.values():
        for span in number_stretches:
            chain.join_span(span)
    for span in brand_spans(ordered, rules):
        chain.join_span(span)
    for link in links:
        if link.confirmed:
            chain.join_succession(link, spans)
    open_links = [link for link in links if not link.confirmed and link.score >= rules.succession_score]
    return _groups(ordered, chain, hubs, _beside(chain, open_links, spans, len(ordered)))


class _Chain:
    """Union-find over mentions, and numbers only a succession names; keeps why each union was made."""

    def __init__(self, mentions: Sequence[LineMention]) -> None:
        self.mentions = mentions
        self.parents = list(range(len(mentions)))
        self.names = [mention.id for mention in mentions]
        self.unmentioned: dict[str, int] = {}
        self.joins: list[tuple[int, Join]] = []
        self.links: list[tuple[int, SuccessionLink]] = []
        self.apart: dict[int, set[int]] = defaultdict(set)

    def take(self, verdicts: Iterable[LineVerdict]) -> None:
        """What people said: what is apart first, so that it is brought together by nothing, a verdict of the same included."""
        places = {mention.id: position for position, mention in enumerate(self.mentions)}
        known = sorted(
            (*sorted((places[each.left], places[each.right])), each.same)
            for each in set(verdicts)
            if each.left != each.right and each.left in places and each.right in places
        )
        for left, right, same in known:
            if not same:
                self.apart[left].add(right)
                self.apart[right].add(left)
        for left, right, same in known:
            if same:
                self._join(left, right, JoinBasis.JUDGEMENT, "", "a person said that both are one line")

    def are_apart(self, left_root: int, right_root: int) -> bool:
        """Whether somebody said of anything in one that it is no line of anything in the other."""
        return right_root in self.apart.get(left_root, ())

    def root(self, node: int) -> int:
        while self.parents[node] != node:
            self.parents[node] = self.parents[self.parents[node]]
            node = self.parents[node]
        return node

    def join_span(self, span: KeySpan) -> None:
        """Each with the first of those before it that it may be joined with: the very first, unless people said otherwise."""
        for place, position in enumerate(span.members[1:], start=1):
            for other in span.members[:place]:
                sentence = _SENTENCES[span.basis].format(key=span.key)
                if self._join(other, position, span.basis, span.key, sentence):
                    break

    def join_succession(self, link: SuccessionLink, spans: dict[str, list[KeySpan]]) -> None:
        old, new = self.ends(link, spans)
        sentence = (
            f"a person confirmed that {link.new} took over from {link.old} on {link.date.isoformat()} "
            f"(score {link.score:.2f})"
        )
        if self._join(old, new, JoinBasis.SUCCESSION, f"{link.old} to {link.new}", sentence):
            self.links.append((old, link))

    def ends(self, link: SuccessionLink, spans: dict[str, list[KeySpan]]) -> tuple[int, int]:
        """The nodes of the old number and of the new one at the time of the change."""
        return self._carrier(link.old, link.date, spans), self._carrier(link.new, link.date, spans)

    def _carrier(self, number: str, day: date, spans: dict[str, list[KeySpan]]) -> int:
        stretches = spans.get(number)
        if stretches:
            return min(stretches, key=lambda span: _days_from(span, day)).members[0]
        if number not in self.unmentioned:
            self.unmentioned[number] = len(self.parents)
            self.parents.append(len(self.parents))
            self.names.append(number)
        return self.unmentioned[number]

    def _join(self, left: int, right: int, basis: JoinBasis, key: str, sentence: str) -> bool:
        """Whether the two are together now."""
        left_root, right_root = self.root(left), self.root(right)
        if left_root == right_root:
            return True
        if self.are_apart(left_root, right_root):
            return False
        low, high = min(left_root, right_root), max(left_root, right_root)
        self.parents[high] = low  # the smallest position, so the smallest mention id, stays the root
        for other in self.apart.pop(high, set()):
            self.apart[other] = (self.apart[other] - {high}) | {low}
            self.apart[low].add(other)
        self.joins.append((left, Join(self.names[left], self.names[right], basis, key, sentence)))
        return True


_SENTENCES = {
    JoinBasis.NUMBER: "both name the number {key}",
    JoinBasis.BRAND_PLACE: "both name the brand {key}",
    JoinBasis.BRAND_EXPORTER: "both name the brand {key}",
    JoinBasis.SUCCESSION: "{key}",
    JoinBasis.JUDGEMENT: "{key}",
}


def _days_from(span: KeySpan, day: date) -> int:
    if span.first is None or span.last is None:
        return 0
    return max((span.first - day).days, (day - span.last).days, 0)


def _beside(
    chain: _Chain, links: Sequence[SuccessionLink], spans: dict[str, list[KeySpan]], mentions: int
) -> PutForward:
    """What links that nobody confirmed put beside each line. Nodes below `mentions` are of lines, others of numbers alone."""
    edges = []
    for link in links:
        old, new = chain.ends(link, spans)
        if not chain.are_apart(chain.root(old), chain.root(new)):
            edges.append((chain.root(old), chain.root(new), link))
    return put_forward(edges, frozenset(chain.root(node) for node in range(mentions)))


def _groups(
    mentions: Sequence[LineMention], chain: _Chain, hubs: frozenset[str], beside: PutForward
) -> list[LineGroup]:
    members: dict[int, list[LineMention]] = defaultdict(list)
    for position, mention in enumerate(mentions):
        members[chain.root(position)].append(mention)
    joins: dict[int, list[Join]] = defaultdict(list)
    for node, join in chain.joins:
        joins[chain.root(node)].append(join)
    links: dict[int, list[SuccessionLink]] = defaultdict(list)
    for node, link in chain.links:
        links[chain.root(node)].append(link)
    found = []
    for root, together in sorted(members.items()):
        group = _group(together, joins[root], links[root], hubs)
        own = {use.number for use in group.numbers}
        supposed = numbers_put_forward(beside.links.get(root, ()), own)
        found.append(replace(group, put_forward=supposed, if_confirmed=chain.names[beside.with_lines.get(root, root)]))
    return found


def _group(
    together: list[LineMention], joins: list[Join], links: list[SuccessionLink], hubs: frozenset[str]
) -> LineGroup:
    brands = Counter(mention.brand for mention in together if mention.brand)
    by_use = sorted(brands, key=lambda brand: (-brands[brand], brand))
    firsts = [day for mention in together for day in (mention.first, mention.last) if day is not None]
    return LineGroup(
        id=together[0].id,
        name=by_use[0] if by_use else "",
        brands=tuple(by_use),
        places=_distinct(place for mention in together for place in mention.places),
        exporting_agencies=_distinct(mention.exporting_agency for mention in together),
        owners=_distinct(mention.owner for mention in together),
        mention_ids=tuple(mention.id for mention in together),
        first=min(firsts, default=None),
        last=max(firsts, default=None),
        numbers=numbers_over_time(together, links, hubs),
        joins=tuple(joins),
        hubs=_distinct(number for mention in together for number in mention.numbers if number in hubs),
    )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))
