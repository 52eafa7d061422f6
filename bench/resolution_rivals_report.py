"""The table and the slices of resolution_rivals.py as Markdown, from its lines of results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_NAMES = {
    "crossline_release": "Crossline, released model",
    "crossline_thresholds": "Crossline, released model, best threshold",
    "crossline_learning": "`crossline resolve` (learns)",
    "splink_stock": "Splink 5, stock library",
    "splink_tuned": "Splink 5, tuned best",
    "recordlinkage": "recordlinkage 0.16, ECM",
}
_TABLE = """
| data | mentions | engine | P | R | F1 | B3 P | B3 R | B3 F1 | largest wrong | CPU s | wall s | peak MB |
| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""


def table_text(lines: Iterable[Mapping[str, Any]]) -> str:
    """One row for each set, in the order they were first run, and engine."""
    return _TABLE.lstrip() + "".join(f"{_row(line)}\n" for line in _ordered(lines))


def _ordered(lines: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    kept = list(lines)
    sets, engines = list(dict.fromkeys(line["set"] for line in kept)), list(_NAMES)
    return sorted(kept, key=lambda line: (sets.index(line["set"]), engines.index(line["engine"])))


def _row(line: Mapping[str, Any]) -> str:
    name = _NAMES[line["engine"]]
    if "failed" in line:
        return f"| {line['set']} | | {name} | {line['failed']} |" + " |" * 9
    if "threshold" in line:
        of_splink = line["engine"].startswith("splink")
        name += f" (p ≥ {line['threshold']:g})" if of_splink else f" ({line['threshold']:g} bits)"
    shares = [f"{line[each]:.4f}" for each in ("precision", "recall", "f1", "b3_precision", "b3_recall", "b3_f1")]
    took = [f"{line['largest_wrong']:,}", f"{line['cpu']:.1f}", f"{line['wall']:.1f}", f"{line['peak_mb']:,.0f}"]
    return f"| {line['set']} | {line['mentions']:,} | {name} | " + " | ".join([*shares, *took]) + " |"


def slices_text(lines: Iterable[Mapping[str, Any]]) -> str:
    """For each set, engine and attribute: missed and false links by group with intervals, and worst against best."""
    parts = [
        "Missed: share of the pairs of one person's mentions that were parted. False: share of the pairs put together\n"
        "that are of two people. In brackets the 95 % interval over people (over clusters). Ratios only between groups\n"
        "of a hundred people or more.\n"
    ]
    for line in _ordered(lines):
        for attribute, found in (line.get("slices") or {}).items():
            title = f"\n## {line['set']}: {_NAMES[line['engine']]}: {attribute.replace('_', ' ')}\n\n"
            parts.append(title + (_troubles(found) if attribute == "troubles" else _groups(found)))
    return "".join(parts)


def _groups(found: Mapping[str, Any]) -> str:
    text = (
        "| group | people | true pairs | missed | joined pairs | false |\n| --- | ---: | ---: | ---: | ---: | ---: |\n"
    )
    for group, each in found["groups"].items():
        missed, false = each["missed"], each["false"]
        text += f"| {group or 'not known'} | {missed['units']:,} | {missed['pairs']:,.0f} | {_share(missed)} "
        text += f"| {false['pairs']:,.0f} | {_share(false)} |\n"
    for kind in ("missed", "false"):
        if ratio := found[f"{kind}_ratio"]:
            text += (
                f"\nWorst against best, {kind}: {ratio['worst']} to {ratio['best']}: "
                f"{ratio['ratio']:.2f} ({ratio['low']:.2f} to {ratio['high']:.2f}).\n"
            )
    return text


def _share(share: Mapping[str, float]) -> str:
    return f"{share['share']:.2%} ({share['low']:.2%} to {share['high']:.2%})"


def _troubles(found: Mapping[str, Any]) -> str:
    text = "| a mention with | true pairs | missed |\n| --- | ---: | ---: |\n"
    for trouble, each in sorted(found.items(), key=lambda item: -item[1]["missed"]):
        text += f"| {trouble} | {each['pairs']:,} | {each['missed']:.2%} |\n"
    return text
