"""One declared condition, two languages: the SQL of DuckDB, in which levels and keys are written, and Python made from it.

The Python is for one pair at a time, where an SQL engine takes milliseconds to begin. SQL's third truth value is kept by
asking of each expression when it is true and when it is false, apart: what is neither is unknown, and takes no branch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import sqlglot
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from sqlglot import exp

Naming = Callable[[str], str]
"""The Python that stands for a column, from its name."""

NAMES: Final[dict[str, Any]] = {
    "jaro_winkler": JaroWinkler.similarity,
    "damerau_levenshtein": DamerauLevenshtein.distance,
}
"""What the Python made here needs to have in reach."""

_COMPARED: Final[dict[type[exp.Expr], str]] = {
    exp.EQ: "==", exp.NEQ: "!=", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip


class NotTranslatable(ValueError):
    """An expression uses SQL that the Python executor has no word for: a mistake of whoever declared it."""


def parsed(sql: str) -> exp.Expr:
    """The syntax of an expression declared in DuckDB's SQL."""
    return sqlglot.parse_one(sql, dialect="duckdb")


def when_true(expression: exp.Expr, naming: Naming) -> str:  # noqa: PLR0911  # one line a kind of expression
    """Python that is true exactly where the SQL is true."""
    match expression:
        case exp.Paren():
            return when_true(expression.this, naming)
        case exp.Boolean():
            return str(bool(expression.this))
        case exp.And():
            return f"({when_true(expression.left, naming)} and {when_true(expression.right, naming)})"
        case exp.Or():
            return f"({when_true(expression.left, naming)} or {when_true(expression.right, naming)})"
        case exp.Not():
            return when_false(expression.this, naming)
        case exp.Is():
            return f"{value(expression.this, naming)} is None"
        case exp.Column():
            return naming(expression.name)
        case exp.Coalesce():
            return _coalesced_truth(expression, naming)
    return _known(expression, naming, _truth(expression, naming))


def when_false(expression: exp.Expr, naming: Naming) -> str:  # noqa: PLR0911  # one line a kind of expression
    """Python that is true exactly where the SQL is false: not where it is unknown."""
    match expression:
        case exp.Paren():
            return when_false(expression.this, naming)
        case exp.Boolean():
            return str(not expression.this)
        case exp.And():
            return f"({when_false(expression.left, naming)} or {when_false(expression.right, naming)})"
        case exp.Or():
            return f"({when_false(expression.left, naming)} and {when_false(expression.right, naming)})"
        case exp.Not():
            return when_true(expression.this, naming)
        case exp.Is():
            return f"{value(expression.this, naming)} is not None"
        case exp.Column():
            return f"not {naming(expression.name)}"
        case exp.Coalesce():
            return f"not {_coalesced_truth(expression, naming)}"
    return _known(expression, naming, f"not {_truth(expression, naming)}")


def _coalesced_truth(expression: exp.Coalesce, naming: Naming) -> str:
    """coalesce(condition, false): unknown counts as false, so that it is false wherever it is not true."""
    if [each.sql().casefold() for each in expression.expressions] != ["false"]:
        raise NotTranslatable(expression.sql())
    return when_true(expression.this, naming)


def _known(expression: exp.Expr, naming: Naming, said: str) -> str:
    """`said`, where every column it needs has a value."""
    wanted = needed(expression)
    if isinstance(expression, exp.EQ) and said == _truth(expression, naming):
        wanted = wanted[:1]  # where one is known and equal to the other, the other is known
    return f"({' and '.join([*(f'{naming(column)} is not None' for column in wanted), said])})"


def needed(expression: exp.Expr) -> list[str]:
    """The columns without which the expression is unknown, each once, in order."""
    if isinstance(expression, exp.Column):
        return [expression.name]
    if isinstance(expression, exp.Coalesce):
        return []
    return list(dict.fromkeys(name for each in expression.iter_expressions() for name in needed(each)))


def _truth(expression: exp.Expr, naming: Naming) -> str:
    """Python for a comparison of values that are all known."""
    if sign := _COMPARED.get(type(expression)):
        return f"({value(expression.this, naming)} {sign} {value(expression.expression, naming)})"
    match expression:
        case exp.ArrayContains():
            return f"({value(expression.expression, naming)} in {value(expression.this, naming)})"
        case exp.ArrayOverlaps():
            return f"(not set({value(expression.this, naming)}).isdisjoint({value(expression.expression, naming)}))"
    raise NotTranslatable(expression.sql())


def value(expression: exp.Expr, naming: Naming) -> str:  # noqa: PLR0911, PLR0912  # one line a kind of expression
    """Python for a value, of columns that are all known."""
    match expression:
        case exp.Paren():
            return f"({value(expression.this, naming)})"
        case exp.Column():
            return naming(expression.name)
        case exp.Literal():
            return repr(expression.this) if expression.is_string else str(expression.this)
        case exp.Sub():
            return f"({value(expression.left, naming)} - {value(expression.right, naming)})"
        case exp.Abs():
            return f"abs({value(expression.this, naming)})"
        case exp.Length():
            return f"len({value(expression.this, naming)})"
        case exp.Left():
            return f"{value(expression.this, naming)}[:{value(expression.expression, naming)}]"
        case exp.Least() | exp.Greatest():
            chosen = ", ".join(value(each, naming) for each in (expression.this, *expression.expressions))
            return f"{'min' if isinstance(expression, exp.Least) else 'max'}({chosen})"
        case exp.Coalesce():
            fallback = value(expression.expressions[0], naming)
            own = value(expression.this, naming)
            return f"({own} if {own} is not None else {fallback})"
        case exp.Bracket():
            return f"{value(expression.this, naming)}[{value(expression.expressions[0], naming)}]"
        case exp.DPipe():
            return f"{_in_words(expression.left, naming)} + {_in_words(expression.right, naming)}"
        case exp.JarowinklerSimilarity():
            return f"jaro_winkler({value(expression.this, naming)}, {value(expression.expression, naming)})"
        case exp.Anonymous() if expression.name.casefold() == "damerau_levenshtein":
            return f"damerau_levenshtein({', '.join(value(each, naming) for each in expression.expressions)})"
    raise NotTranslatable(expression.sql())


def _in_words(expression: exp.Expr, naming: Naming) -> str:
    said = value(expression, naming)
    return said if isinstance(expression, exp.Literal | exp.DPipe) else f"str({said})"
