"""The arithmetic of a week's figures, written out: sums that hold, sums that do not, and counts that follow from shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from crossline.vocabulary.metric_relations import RELATIONS, SHARES, PartsOfWhole, ShareOf
from crossline.vocabulary.metrics import METRICS

Values = Mapping[str, Decimal]
Part = tuple[str, Decimal]  # metric code, value


@dataclass(frozen=True)
class PartsSum:
    """One way in which parts make a whole: their total, and whether it may stand beside the whole's figure."""

    relation: PartsOfWhole
    parts: tuple[Part, ...]
    total: Decimal
    holds: bool


@dataclass(frozen=True)
class Arithmetic:
    """Everything the figures say of one whole, as one sentence a reader can check with a pencil."""

    whole: str
    value: Decimal
    sums: tuple[PartsSum, ...]
    sentence: str

    @property
    def holds(self) -> bool:
        return all(each.holds for each in self.sums)


@dataclass(frozen=True)
class Derived:
    """A figure nobody returned, that follows from figures that were: a point and what it can be. `high` None: no bound."""

    metric: str
    value: Decimal
    low: Decimal
    high: Decimal | None
    sentence: str

    @property
    def is_exact(self) -> bool:
        return self.low == self.value == self.high


def arithmetic(values: Values) -> tuple[Arithmetic, ...]:
    """Each whole of which figures for at least one part are given, with its sums; wholes in the order of the return form."""
    found = []
    for whole, relations in groupby(sorted(RELATIONS, key=_place_of_whole), key=lambda relation: relation.whole):
        sums = (
            [each for relation in relations if (each := _sum(relation, values)) is not None] if whole in values else []
        )
        if sums:
            found.append(Arithmetic(whole, values[whole], tuple(sums), _sentence(values[whole], sums)))
    return tuple(found)


def derived(values: Values) -> tuple[Derived, ...]:
    """What follows for metrics nobody returned: counts from published shares, wholes from all their parts."""
    found: dict[str, Derived] = {}
    for share in SHARES:
        if share.part not in values and share.share in values and share.whole in values:
            found[share.part] = _from_share(share, values)
    found |= _from_all_parts(values)
    return tuple(sorted(found.values(), key=lambda each: list(METRICS).index(each.metric)))


def shown(value: Decimal) -> str:
    """A figure as people write it: 1,965; 178.49; 11, never 11.00 or 1E+1."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _place_of_whole(relation: PartsOfWhole) -> int:
    return list(METRICS).index(relation.whole)


def _sum(relation: PartsOfWhole, values: Values) -> PartsSum | None:
    """The rule of `metric_relations.breaches`, on decimals, so that no figure is ever wrong by a rounding of ours."""
    parts = tuple((part, values[part]) for part in relation.parts if part in values)
    if not parts:
        return None
    whole, tolerance = values[relation.whole], Decimal(str(relation.tolerance))
    total = sum((value for _, value in parts), Decimal(0))
    over = total > whole + tolerance
    short = relation.exhaustive and len(parts) == len(relation.parts) and total < whole - tolerance
    return PartsSum(relation, parts, total, not (over or short))


def _sentence(whole: Decimal, sums: Sequence[PartsSum]) -> str:
    exact = [each for each in sums if each.holds and each.total == whole]
    said = []
    if exact:
        first, *others = (_added(each.parts) for each in exact)
        said.append(" = ".join([first, shown(whole), *others]))
    said.extend(_otherwise(each, whole) for each in sums if each not in exact)
    return "; ".join(said) + "."


def _otherwise(each: PartsSum, whole: Decimal) -> str:
    """A sum that is not the whole: rounding, parts that are not all, or a mistake."""
    added = _added(each.parts)
    total = added if len(each.parts) == 1 else f"{added} = {shown(each.total)}"
    if not each.holds:
        sense = "more" if each.total > whole else "less"
        return f"{total}, which is {sense} than the {shown(whole)} returned for {METRICS[each.relation.whole].label.lower()}"
    tolerance = Decimal(str(each.relation.tolerance))
    if tolerance and abs(each.total - whole) <= tolerance:
        return f"{total} against {shown(whole)} published, tolerance {shown(tolerance)}"
    missing = [METRICS[part].label.lower() for part in each.relation.parts if part not in dict(each.parts)]
    why = f"not returned: {', '.join(missing)}" if missing else "the parts need not be all"
    return f"{total} of {shown(whole)} ({why})"


def _added(parts: Sequence[Part]) -> str:
    return " + ".join(shown(value) for _, value in parts)


def _from_share(share: ShareOf, values: Values) -> Derived:
    percent, whole = values[share.share], values[share.whole]
    half = Decimal(5).scaleb(-share.decimals - 1)  # 8.3 stands for 8.25 to 8.35
    point, low, high = (_people(whole * each / 100) for each in (percent, percent - half, percent + half))
    label = METRICS[share.part].label
    sentence = (
        f"{shown(percent)} % of {shown(whole)} is {shown(point)} ({label.lower()}); "
        f"the percentage is rounded, so {shown(low)} to {shown(high)}."
    )
    return Derived(share.part, point, low, high, sentence)


def _from_all_parts(values: Values) -> dict[str, Derived]:
    """Wholes by their parts, and wholes of those; a sum that is only the least a whole can be is built on no further."""
    known, found = dict(values), dict[str, Derived]()
    due = [relation for relation in RELATIONS if relation.whole not in values and len(relation.parts) > 1]
    due.sort(key=lambda relation: not relation.exhaustive)
    while ready := [each for each in due if all(part in known for part in each.parts)]:
        relation = ready[0]
        due = [each for each in due if each.whole != relation.whole]
        found[relation.whole] = _from_parts(relation, known)
        if relation.exhaustive:
            known[relation.whole] = found[relation.whole].value
    return found


def _from_parts(relation: PartsOfWhole, values: Values) -> Derived:
    parts = tuple((part, values[part]) for part in relation.parts)
    total = sum((value for _, value in parts), Decimal(0))
    added = f"{_added(parts)} = {shown(total)}"
    if relation.exhaustive:
        return Derived(relation.whole, total, total, total, f"{added}.")
    return Derived(relation.whole, total, total, None, f"{added}, or more: the parts need not be all.")


def _people(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_UP)


def breaches_of(values: Values) -> Iterator[Arithmetic]:
    """The wholes whose parts cannot be right."""
    return (each for each in arithmetic(values) if not each.holds)
