"""Conditions declared in SQL asked of many pairs at once, over arrays: the sibling of `expressions`, which makes Python for one.

A condition is made into a function that says which of some pairs it is true of. What is joined by "and" and "or" is asked of
those pairs only of which it still matters. SQL's third truth value is kept as there: a condition is asked when it is true and
when it is false, apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from rapidfuzz.process import cpdist
from sqlglot import exp

from crossline.engines.resolution.coding import NULL, Coded, Codes, Words
from crossline.engines.resolution.comparisons import FACTS
from crossline.engines.resolution.expressions import NotTranslatable, needed, parsed

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Values = npt.NDArray[Any]


@dataclass(frozen=True)
class Pairs:
    """Pairs of mentions, by where each stands; and what was found of them once and may be asked again."""

    coded: Coded
    left: Places
    right: Places
    _found: dict[str, Values] = field(default_factory=dict)

    def rows(self, column: str, at: Places) -> Places:
        """The rows of the side that a column names ("fore_l"), of the pairs at these places."""
        side = self.left if column.endswith("_l") else self.right
        return side if len(at) == len(side) else side.take(at)

    def codes(self, column: str, at: Places) -> Codes:
        """What a column says of these pairs."""
        return self.coded.columns[column[:-2]].take(self.rows(column, at))

    def known(self, column: str, at: Places) -> Flags:
        """Whether the mention of that side has a value in a column."""
        side = self._known_left if column.endswith("_l") else self._known_right
        held = side if len(at) == len(side) else side.take(at)
        known: Flags = held & self.coded.bits[column[:-2]] != 0
        return known

    @cached_property
    def _known_left(self) -> npt.NDArray[np.uint32]:
        return self.coded.known.take(self.left)

    @cached_property
    def _known_right(self) -> npt.NDArray[np.uint32]:
        return self.coded.known.take(self.right)

    def once(self, name: str, at: Places, find: Callable[[Places], Values]) -> Values:
        """What `find` gives of these pairs, found of each pair only once. NaN is what was not looked for yet."""
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = np.full(len(self.left), np.nan)
        wanted = at.take(np.flatnonzero(np.isnan(found.take(at))))
        if len(wanted):
            found[wanted] = find(wanted)
        return found.take(at)


Condition = Callable[[Pairs, Places], Flags]
"""Of which of the pairs at these places it is true."""
Value = Callable[[Pairs, Places], Values]
"""A value of each of the pairs at these places, where it is known."""

_COMPARED: Final[dict[type[exp.Expr], Callable[[Values, Values], Flags]]] = {
    exp.EQ: np.equal, exp.NEQ: np.not_equal, exp.LT: np.less, exp.LTE: np.less_equal,
    exp.GT: np.greater, exp.GTE: np.greater_equal,
}  # fmt: skip


def when_true(expression: exp.Expr) -> Condition:  # noqa: PLR0911  # one line a kind of expression
    """Says where the SQL is true."""
    match expression:
        case exp.Paren():
            return when_true(expression.this)
        case exp.And():
            return _both(when_true(expression.left), when_true(expression.right))
        case exp.Or():
            return _either(when_true(expression.left), when_true(expression.right))
        case exp.Not():
            return when_false(expression.this)
        case exp.Is():
            return _unless(_known([_column(expression.this)]))
        case exp.Column():
            return _fact(expression.name)
        case exp.Coalesce():
            return _coalesced(expression)
    return _both(_known(needed(expression)), _truth(expression))


def when_false(expression: exp.Expr) -> Condition:  # noqa: PLR0911  # one line a kind of expression
    """Says where the SQL is false: not where it is unknown."""
    match expression:
        case exp.Paren():
            return when_false(expression.this)
        case exp.And():
            return _either(when_false(expression.left), when_false(expression.right))
        case exp.Or():
            return _both(when_false(expression.left), when_false(expression.right))
        case exp.Not():
            return when_true(expression.this)
        case exp.Is():
            return _known([_column(expression.this)])
        case exp.Column():
            return _unless(_fact(expression.name))
        case exp.Coalesce():
            return _unless(_coalesced(expression))
    return _both(_known(needed(expression)), _unless(_truth(expression)))


def _coalesced(expression: exp.Coalesce) -> Condition:
    """coalesce(condition, false): unknown counts as false, so that it is false wherever it is not true."""
    if [each.sql().casefold() for each in expression.expressions] != ["false"]:
        raise NotTranslatable(expression.sql())
    return when_true(expression.this)


def _both(one: Condition, other: Condition) -> Condition:
    def both(pairs: Pairs, at: Places) -> Flags:
        found = one(pairs, at)
        held = np.flatnonzero(found)
        found[held] = other(pairs, at.take(held))
        return found

    return both


def _either(one: Condition, other: Condition) -> Condition:
    def either(pairs: Pairs, at: Places) -> Flags:
        found = one(pairs, at)
        rest = np.flatnonzero(~found)
        found[rest] = other(pairs, at.take(rest))
        return found

    return either


def _unless(condition: Condition) -> Condition:
    return lambda pairs, at: ~condition(pairs, at)


def _fact(name: str) -> Condition:
    condition = when_true(parsed(FACTS[name]))
    return lambda pairs, at: pairs.once(name, at, lambda wanted: condition(pairs, wanted)) == 1.0


def _column(expression: exp.Expr) -> str:
    if not isinstance(expression, exp.Column):
        raise NotTranslatable(expression.sql())
    return expression.name


def _known(names: list[str]) -> Condition:
    """Says where each of these columns has a value."""

    def known(pairs: Pairs, at: Places) -> Flags:
        found = np.ones(len(at), dtype=np.bool_)
        for name in names:
            found &= pairs.known(name, at)
        return found

    return known


def _truth(expression: exp.Expr) -> Condition:
    """Says where a comparison of values that are all known is true."""
    if sign := _COMPARED.get(type(expression)):
        one, other = value(expression.this), value(expression.expression)
        return lambda pairs, at: sign(one(pairs, at), other(pairs, at))
    match expression:
        case exp.ArrayContains():
            return _contains(_column(expression.this), value(expression.expression))
        case exp.ArrayOverlaps():
            return _overlaps(_column(expression.this), _column(expression.expression))
    raise NotTranslatable(expression.sql())


def _contains(name: str, wanted: Value) -> Condition:
    def contains(pairs: Pairs, at: Places) -> Flags:
        return _among(pairs, name, at, wanted(pairs, at))

    return contains


def _among(pairs: Pairs, name: str, at: Places, wanted: Values) -> Flags:
    """Whether the list of each pair holds what is wanted of it."""
    return _any_of(pairs, name, at, lambda some, held: held == wanted.take(some))


def _overlaps(name: str, other: str) -> Condition:
    return lambda pairs, at: _any_of(pairs, other, at, lambda some, held: _among(pairs, name, at.take(some), held))


def _any_of(pairs: Pairs, name: str, at: Places, holds: Callable[[Places, Values], Flags]) -> Flags:
    """Whether something holds of any value in the list of each pair: asked of those still open, one value of each at a time."""
    lists = pairs.coded.lists[name[:-2]]
    rows = pairs.rows(name, at)
    lengths, starts = lists.lengths.take(rows), lists.starts.take(rows)
    found = np.zeros(len(at), dtype=np.bool_)
    open_ = np.flatnonzero(lengths > 0)
    for place in range(int(lengths.max(initial=0))):
        so = holds(open_, lists.values.take(starts.take(open_) + place))
        found[open_[so]] = True
        open_ = open_[~so & (lengths.take(open_) > place + 1)]
    return found


def value(expression: exp.Expr) -> Value:  # noqa: PLR0911  # one line a kind of expression
    """A value of columns that are all known. Words are numbers that are equal where the words are."""
    match expression:
        case exp.Paren():
            return value(expression.this)
        case exp.Column():
            name = expression.name
            return lambda pairs, at: pairs.codes(name, at)
        case exp.Literal() if not expression.is_string:
            number = float(expression.this)
            return lambda pairs, at: np.full(len(at), number)
        case exp.Sub():
            one, other = value(expression.left), value(expression.right)
            return lambda pairs, at: one(pairs, at) - other(pairs, at)
        case exp.Abs():
            whole = value(expression.this)
            return lambda pairs, at: np.abs(whole(pairs, at))
        case exp.Length():
            return _length(_column(expression.this))
        case exp.Left():
            return _beginning(_column(expression.this), int(expression.expression.this))
        case exp.Least():
            least = [value(each) for each in (expression.this, *expression.expressions)]
            return lambda pairs, at: np.minimum.reduce([each(pairs, at) for each in least])
        case exp.Coalesce():
            return _or_word(_column(expression.this), expression.expressions[0])
        case exp.Bracket():
            return _first(_column(expression.this), expression.expressions[0])
        case exp.JarowinklerSimilarity():
            return _measured(expression, JaroWinkler.similarity, expression.this, expression.expression)
        case exp.Anonymous() if expression.name.casefold() == "damerau_levenshtein":
            return _measured(expression, DamerauLevenshtein.distance, *expression.expressions)
    raise NotTranslatable(expression.sql())


def _length(name: str) -> Value:
    def length(pairs: Pairs, at: Places) -> Values:
        if lists := pairs.coded.lists.get(name[:-2]):
            return lists.lengths.take(pairs.rows(name, at))
        return _words(pairs, name).lengths.take(pairs.codes(name, at))

    return length


def _beginning(name: str, letters: int) -> Value:
    def beginning(pairs: Pairs, at: Places) -> Values:
        return _words(pairs, name).cut(letters).take(pairs.codes(name, at))

    return beginning


def _or_word(name: str, otherwise: exp.Expr) -> Value:
    def or_word(pairs: Pairs, at: Places) -> Values:
        codes = pairs.codes(name, at)
        return np.where(codes == NULL, _words(pairs, name).code(str(otherwise.this)), codes)

    return or_word


def _first(name: str, place: exp.Expr) -> Value:
    """The first of a list. The parser counts from 0."""
    if place.this != "0":
        raise NotTranslatable(f"{name}[{place.sql()}]")

    def first(pairs: Pairs, at: Places) -> Values:
        lists = pairs.coded.lists[name[:-2]]
        return lists.values[lists.starts[pairs.rows(name, at)]]

    return first


def _measured(expression: exp.Expr, measure: Any, left: exp.Expr, right: exp.Expr) -> Value:
    """How alike two words are, reckoned of each two words but once."""
    one, other = value(left), value(right)
    first, second = (next(iter(each.find_all(exp.Column))).name for each in (left, right))

    def measured(pairs: Pairs, at: Places) -> Values:
        ones, others = one(pairs, at).astype(np.int64), other(pairs, at)
        width = len(_words(pairs, second).of)
        distinct, which = np.unique(ones * width + others, return_inverse=True)
        words = _words(pairs, first).chosen(distinct // width), _words(pairs, second).chosen(distinct % width)
        return cpdist(*words, scorer=measure, dtype=np.float64)[which]

    return lambda pairs, at: pairs.once(expression.sql(), at, lambda wanted: measured(pairs, wanted))


def _words(pairs: Pairs, name: str) -> Words:
    return pairs.coded.words[name[:-2]]
