"""The definitions of figures as the page of definitions shows them. Reads no content."""

from __future__ import annotations

from typing import Final

from crossline.picture.definitions import DEFINITIONS, Definition
from crossline.vocabulary.metrics import METRICS
from crossline.wording import format_date

PROVENANCE: Final = (
    ("[S]", "Seen in a published source, which is named."),
    ("[K]", "Commonly known in the field; not checked against a source."),
    ("[D]", "This platform's own proposal; not verified by anybody else."),
)
"""What the marks of authority stand for."""


def definition_rows() -> list[dict[str, object]]:
    """Every definition as it stands, with all its versions from the newest."""
    return [
        {
            "id": name,
            "label": versions[-1].label,
            "sentence": versions[-1].sentence,
            "facts": _facts(versions[-1]),
            "versions": [_version(each) for each in reversed(versions)],
        }
        for name, versions in DEFINITIONS.items()
    ]


def metric_rows() -> list[dict[str, object]]:
    """What forces return for an intensification week."""
    return [
        {
            "label": metric.label,
            "code": metric.code,
            "unit": metric.unit.meaning,
            "basis": metric.basis.meaning,
            "first_seen": metric.first_seen or None,
            "version": metric.version,
        }
        for metric in METRICS.values()
    ]


def _facts(definition: Definition) -> list[tuple[str, str]]:
    facts = [("Counts", definition.numerator.capitalize())]
    if definition.denominator:
        facts.append(("Out of", definition.denominator.capitalize()))
    if definition.caveat:
        facts.append(("Read with it", definition.caveat))
    version = f"Version {definition.version}, counts from {format_date(definition.valid_from)}"
    return [*facts, ("Authority", definition.authority), ("Version", version)]


def _version(definition: Definition) -> dict[str, object]:
    return {
        "version": definition.version,
        "valid_from": definition.valid_from,
        "sentence": definition.sentence,
        "authority": definition.authority,
    }
