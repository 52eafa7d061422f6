"""Two prepared mentions compared in process, and the keys of one: the declared levels and rules as Python, for one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any, Final

from sqlglot import exp

from crossline.engines.resolution.blocking import RULES, Rule
from crossline.engines.resolution.comparisons import COMPARISONS, ELSE, FACTS, Comparison
from crossline.engines.resolution.expressions import NAMES, needed, parsed, value, when_true
from crossline.engines.resolution.model import BIT_STEPS, Model
from crossline.engines.resolution.names import in_steps
from crossline.engines.resolution.preparing import COLUMN_OF, Row

SILENT: Final = -1
"""Level number of a comparison that has nothing to say of a pair."""

Levels = tuple[int, ...]
"""The level number of each comparison, from the top, or SILENT."""

Comparer = Callable[[Row, Row], Levels]


@cache
def comparer() -> Comparer:
    """The levels of two prepared mentions, in the order of COMPARISONS."""
    levels = ", ".join(f"g{number}" for number in range(len(COMPARISONS)))
    made: Comparer = _made("\n".join(["def compare(l, r):", *_compared(), f"    return ({levels},)"]), "compare")
    return made


def _compared() -> list[str]:
    """Python that gives g0, g1…, the level of each comparison of l and r."""
    unknown = [f"    {name} = None" for name in FACTS]
    return unknown + [line for number, each in enumerate(COMPARISONS) for line in _branches(number, each)]


def _branches(number: int, comparison: Comparison) -> list[str]:
    conditions = [(when_true(parsed(sql), _of_pair), SILENT) for sql in comparison.silent]
    conditions += [
        (when_true(parsed(level.sql), _of_pair), place)
        for place, level in enumerate(comparison.levels)
        if level.sql != ELSE
    ]
    lines = [
        f"    {'if' if place == 0 else 'elif'} {condition}: g{number} = {level}"
        for place, (condition, level) in enumerate(conditions)
    ]
    return [*lines, f"    else: g{number} = {len(comparison.levels) - 1}"]


def _of_pair(name: str) -> str:
    """`fore_l` -> `l[3]`; a fact is a variable of its name, found when it is first asked for."""
    if name in FACTS:
        return f"({name} if {name} is not None else ({name} := {when_true(parsed(FACTS[name]), _of_pair)}))"
    return f"{name[-1]}[{COLUMN_OF[name[:-2]]}]"


@cache
def key_maker() -> Callable[[Row], list[tuple[int, str]]]:
    """The keys of a prepared mention: number of the rule, and what mentions worth comparing share of it."""
    lines = ["def keys(row):", "    found = []"]
    lines += [line for number, rule in enumerate(RULES) for line in _key_of(number, rule)]
    lines.append("    return found")
    made: Callable[[Row], list[tuple[int, str]]] = _made("\n".join(lines), "keys")
    return made


def _key_of(number: int, rule: Rule) -> list[str]:
    expression = parsed(rule.sql)
    conditions = [f"{_of_row(column)} is not None" for column in needed(expression) if column != "item"]
    conditions += [f"{value(each, _of_row)} is not None" for each in expression.find_all(exp.Coalesce)]
    if rule.each:
        conditions.insert(0, f"{_of_row(rule.each)} is not None")
    said = value(expression, _of_row)
    add = (
        f"found.append(({number}, {said}))"
        if isinstance(expression, exp.DPipe)
        else f"found.append(({number}, str({said})))"
    )
    condition = f"    if {' and '.join(dict.fromkeys(conditions))}:"
    return (
        [condition, f"        for item in {_of_row(rule.each)}: {add}"] if rule.each else [condition, f"        {add}"]
    )


def _of_row(name: str) -> str:
    return name if name == "item" else f"row[{COLUMN_OF[name]}]"


def _made(source: str, name: str, values: Mapping[str, Any] | None = None) -> Any:
    namespace: dict[str, Any] = {**NAMES, **(values or {})}
    exec(compile(source, f"<{name} of two mentions>", "exec"), namespace)  # noqa: S102  # made from the declarations alone
    return namespace[name]


def hashed_keys(row: Row) -> set[int]:
    """The keys as signed 64-bit numbers, which take less room than words; two keys in 10^19 share one."""
    return {
        int.from_bytes(blake2b(f"{rule}:{key}".encode(), digest_size=8).digest(), "big", signed=True)
        for rule, key in key_maker()(row)
    }


def passing_keys(row: Row) -> set[int]:
    """The same for as long as this process lives, sooner: nothing may keep them."""
    return {hash(key) for key in key_maker()(row)}


@dataclass(frozen=True)
class Scored:
    """A pair's weight in steps of 1/1024 bit: the prior's and those of each comparison (0 where SILENT) add up to it."""

    levels: Levels
    parts: tuple[int, ...]
    weight_steps: int

    @property
    def weight_bits(self) -> float:
        return self.weight_steps / BIT_STEPS

    def as_levels(self) -> list[dict[str, Any]]:
        """As `levels` of score.PAIR_SCHEMA: what speaks, by number."""
        return [
            {"comparison": number, "level": level, "bits": steps / BIT_STEPS}
            for number, (level, steps) in enumerate(zip(self.levels, self.parts, strict=True))
            if level != SILENT
        ]


class Scorer:
    """Weighs pairs of prepared mentions under a model, some microseconds each."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._compare = comparer()
        self._prior = model.prior_steps
        # The last place of each table is reached by SILENT, -1.
        self._steps = [(*model.steps(comparison).values(), 0) for comparison in COMPARISONS]
        self._shared = {
            (number, place): (COLUMN_OF[f"rare_{level.share_of}"], in_steps(level.least_share))
            for number, comparison in enumerate(COMPARISONS)
            for place, level in enumerate(comparison.levels)
            if level.share_of
        }

        self.weigh: Callable[[Row, Row], int] = self._weigher()
        """The weight of two mentions alone, in steps, as `score` has it."""

    def score(self, left: Row, right: Row) -> Scored:
        """The weight of two mentions and what it is made of; which of them is left makes no difference."""
        levels = self._compare(left, right)
        parts = [steps[level] for steps, level in zip(self._steps, levels, strict=True)]
        for (number, place), (column, least) in self._shared.items():
            if levels[number] == place:
                parts[number] -= max(left[column], least)
        return Scored(levels, tuple(parts), self._prior + sum(parts))

    def _weigher(self) -> Callable[[Row, Row], int]:
        parts = [f"s{number}[g{number}]" for number in range(len(COMPARISONS))]
        for (number, place), (column, least) in self._shared.items():
            parts[number] += f" - (max(l[{column}], {least}) if g{number} == {place} else 0)"
        lines = ["def weigh(l, r):", *_compared(), f"    return {self._prior} + {' + '.join(parts)}"]
        tables = {f"s{number}": steps for number, steps in enumerate(self._steps)}
        made: Callable[[Row, Row], int] = _made("\n".join(lines), "weigh", tables)
        return made
