"""A succession's score in sentences, each with its points, so that the score can be added up by hand."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crossline.engines.comms.succession.score import STANDARD_WEIGHTS, Row, Scored, gap_days

_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "known_share": "{known_share:.0%} of the new number's contacts, weighed by rarity, were the old number's",
        "kept_share": "{kept_share:.0%} of the old number's contacts, weighed by rarity, came along",
        "first_known_share": "{first_known_share:.0%} of those reached on the new number's first day were the old number's",
        "rung": "{rung} of those whom both numbers ring more than they are rung by them are the same",
        "rung_share": "{rung_share:.0%} of those whom the new number rings more than they ring it were the old number's",
        "custom": "who gets in touch, and how often, is alike by {custom:.2f} of 1",
        "gap": "{gap:.1f} days between the old number's fall and the new number's surge",
        "overlap": "{overlap:.1f} days on which both numbers were in use",
        "fall_silence": "about {fall_silence:.0f} hours of use were to be expected of the old number after its fall",
        "fall": "the old number was used in {fall_ratio:.0%} of the hours that were to be expected",
        "surge_silence": "about {surge_silence:.0f} hours of use were to be expected of the new number before its surge",
        "surge": "the new number had {surge_ratio:.0%} of its later rate before",
        "same_handset": "both numbers were used in {handset}",
        "hours": "their hours of day are alike by {hours:.2f} of 1",
        "cells": "their cells are alike by {cells:.2f} of 1",
        "rate": "{old_rate:.0f} calls and texts a day before, {new_rate:.0f} after",
        "margin_for_new": "likeness to the new number, less that of the next likely old number",
        "margin_for_old": "likeness to the old number, less that of the next likely new number",
    }
)


def reasons_of(scored: Scored) -> list[str]:
    """One sentence a term, largest first, and what they come to; then the same for whether the old number was given up."""
    weights, values = STANDARD_WEIGHTS, _shown(scored.row)
    sentences = _sentences(scored.points, values)
    total = weights.base + sum(points for _, points in scored.points)
    same = scored.score / scored.given_up
    sentences.append(
        f"together {total:+.2f} from a base of {weights.base:+.2f}; {same:.0%} against all rivals and none"
    )
    sentences += [f"given up, not used on beside it: {each}" for each in _sentences(scored.given_up_points, values)]
    total = weights.given_up_base + sum(points for _, points in scored.given_up_points)
    sentences.append(
        f"given up: {total:+.2f} from a base of {weights.given_up_base:+.2f}, which is {scored.given_up:.0%};"
        f" {same:.0%} times {scored.given_up:.0%} is {scored.score:.0%}"
    )
    return sentences


def _sentences(points: tuple[tuple[str, float], ...], values: Mapping[str, float | int | str]) -> list[str]:
    return [f"{_SENTENCES[name].format(**values)} ({earned:+.2f})" for name, earned in points]


def _shown(row: Row) -> dict[str, float | int | str]:
    values: dict[str, float | int | str] = {name: 0.0 if value is None else value for name, value in row.items()}
    gap = gap_days(row)
    values["gap"], values["overlap"] = max(gap, 0.0), max(-gap, 0.0)
    values["handset"] = "the same handset" if row["same_handset"] else "handsets not known to be the same"
    return values
