"""Prepared mentions as arrays: words are numbers that are equal where the words are, so that many are compared at once.

Columns that some level compares with one another share their numbers ("fore" and "sur", of names the other way round); which do
is read from the declared levels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from crossline.engines.resolution.comparisons import COMPARISONS, ELSE, FACTS
from crossline.engines.resolution.expressions import parsed
from crossline.engines.resolution.mentions import PREPARED_SCHEMA

Codes = npt.NDArray[np.int32]

NULL: Final = -1
"""The number of what is not known; numbers of words, years, months and days begin at 0."""
NO_WORD: Final = -2
"""The number of a word that no mention says: equal to none."""

_COMPARED = (exp.EQ, exp.NEQ, exp.ArrayContains, exp.ArrayOverlaps, exp.Coalesce)


@dataclass(frozen=True)
class Lists:
    """A column of lists: how many each row has (NULL where not known), where they begin in `values`, and what they hold."""

    lengths: Codes
    starts: npt.NDArray[np.int64]
    values: Codes


@dataclass(frozen=True)
class Words:
    """The words that numbers stand for."""

    of: pa.Array
    _cut: dict[int, Codes] = field(default_factory=dict)

    def chosen(self, codes: npt.NDArray[np.int64]) -> list[str]:
        """The words of some numbers."""
        found: list[str] = self.of.take(pa.array(codes)).to_pylist()
        return found

    def code(self, word: str) -> int:
        """The number of a word."""
        place: int = pc.index(self.of, word).as_py()
        return place if place >= 0 else NO_WORD

    @cached_property
    def lengths(self) -> Codes:
        """How many letters each has."""
        counted: Codes = pc.utf8_length(self.of).to_numpy().astype(np.int32)
        return counted

    def cut(self, letters: int) -> Codes:
        """Numbers that are equal where so many first letters are."""
        if letters not in self._cut:
            beginnings = pc.utf8_slice_codeunits(self.of, 0, letters).dictionary_encode()
            self._cut[letters] = beginnings.indices.to_numpy().astype(np.int32)
        return self._cut[letters]


@dataclass(frozen=True)
class Coded:
    """PREPARED_SCHEMA rows in order: columns of numbers and of lists, the words of each column, and the shares of names."""

    columns: Mapping[str, Codes]
    lists: Mapping[str, Lists]
    words: Mapping[str, Words]
    rare: Mapping[str, Codes]

    @cached_property
    def bits(self) -> Mapping[str, np.uint32]:
        """The bit by which `known` says that a column has a value."""
        return {name: np.uint32(1 << number) for number, name in enumerate((*self.columns, *self.lists))}

    @cached_property
    def known(self) -> npt.NDArray[np.uint32]:
        """What each row has a value in."""
        found = np.zeros(len(self.rare["rare_fore"]), dtype=np.uint32)
        for name, bit in self.bits.items():
            held = self.columns[name] if name in self.columns else self.lists[name].lengths
            found |= np.where(held == NULL, np.uint32(0), bit)
        return found


def coded(prepared: pa.Table) -> Coded:
    """Number what the levels ask for."""
    columns: dict[str, Codes] = {}
    lists: dict[str, Lists] = {}
    words: dict[str, Words] = {}
    for together in alike():
        if pa.types.is_integer(PREPARED_SCHEMA.field(together[0]).type):
            columns |= {name: _numbers(prepared, name, NULL) for name in together}
            continue
        arrays = {name: prepared.column(name).combine_chunks() for name in together}
        flat = [array.flatten() if pa.types.is_list(array.type) else array for array in arrays.values()]
        encoded = pa.concat_arrays(flat).dictionary_encode()
        codes = _filled(encoded.indices, NULL)
        ends = np.cumsum([0, *map(len, flat)])
        for (name, array), (start, end) in zip(arrays.items(), pairwise(ends), strict=True):
            words[name] = Words(encoded.dictionary)
            if pa.types.is_list(array.type):
                lists[name] = _lists(array, codes[start:end])
            else:
                columns[name] = codes[start:end]
    rare = {name: _numbers(prepared, name, 0) for name in ("rare_fore", "rare_sur")}
    return Coded(columns, lists, words, rare)


def _numbers(prepared: pa.Table, name: str, unknown: int) -> Codes:
    return _filled(prepared.column(name).combine_chunks(), unknown)


def _filled(array: pa.Array, unknown: int) -> Codes:
    filled: Codes = pc.fill_null(array, unknown).to_numpy(zero_copy_only=False).astype(np.int32)
    return filled


def _lists(array: pa.ListArray, values: Codes) -> Lists:
    lengths = _filled(pc.list_value_length(array), NULL)
    ends = np.cumsum(np.maximum(lengths, 0), dtype=np.int64)
    return Lists(lengths, ends - np.maximum(lengths, 0), values)


def conditions() -> Iterator[str]:
    """The SQL of every condition that the comparisons declare."""
    for comparison in COMPARISONS:
        yield from comparison.silent
        yield from (level.sql for level in comparison.levels if level.sql != ELSE)
    yield from FACTS.values()


@cache
def alike() -> tuple[tuple[str, ...], ...]:
    """The columns that levels read, those together that are compared with one another."""
    group_of: dict[str, set[str]] = {}
    for expression in map(parsed, conditions()):
        for name in _columns(expression):
            group_of.setdefault(name, {name})
        for compared in expression.find_all(*_COMPARED):
            if _is_of_words(compared):
                _join(group_of, _columns(compared))
    return tuple(sorted({tuple(sorted(group)) for group in group_of.values()}))


def _is_of_words(expression: exp.Expr) -> bool:
    """Whether the values themselves are compared, not what a condition within says of them."""
    within = (each for each in expression.find_all(exp.Predicate, exp.Connector) if each is not expression)
    return next(within, None) is None


def _join(group_of: dict[str, set[str]], names: Iterable[str]) -> None:
    joined: set[str] = set().union(*(group_of[name] for name in names))
    for name in joined:
        group_of[name] = joined


def _columns(expression: exp.Expr) -> list[str]:
    return [each.name[:-2] for each in expression.find_all(exp.Column) if each.name not in FACTS]
