"""From the words of a delivery to mentions: one builder a kind, each with its normalised selector."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from crossline.records.intake.parsed import ParsedMention
from crossline.records.intake.shapes import MentionShape
from crossline.vocabulary.codes import MentionKind, SelectorScheme, Sex
from crossline.vocabulary.selectors import (
    fold_brand,
    fold_name,
    is_placeholder,
    normalise,
    normalise_address,
    normalise_handle,
    normalise_imei,
    normalise_phone,
    normalise_vrm,
    parse_partial_date,
)

ANONYMOUS = "unnamed person"


def tagged(scheme: str, value: str | None) -> str | None:
    """`scheme:value`, the form in which selectors are stored and compared across kinds."""
    return None if value is None else f"{scheme}:{value}"


def mentions_of(shape: MentionShape) -> list[ParsedMention]:
    """The mention itself, and for a telephone its handset as a mention of its own, so that either can tie records."""
    kind = MentionKind(shape.kind)
    built = [_BUILDERS[kind](shape)]
    if kind is MentionKind.PHONE and shape.number and (imei := normalise_imei(shape.imei or "")):
        built.append(
            ParsedMention(
                f"{shape.key}.imei", kind, f"IMEI {shape.imei}", tagged("imei", imei), detail={"handset": True}
            )
        )
    return built


def _rest(shape: MentionShape, *names: str) -> dict[str, Any]:
    """The named fields that were given, and every unknown key, as they were written."""
    given = {name: value for name in names if (value := getattr(shape, name)) is not None}
    return given | dict(shape.model_extra or {})


def _said(text: str | None) -> str:
    return "" if text is None or is_placeholder(text) else text


def born_as_known(text: str | None) -> str:
    """A date of birth as far as it is evidence: ISO, perhaps partial; blank where it is a placeholder or unreadable."""
    read = parse_partial_date(text) if text else None
    return str(read) if read is not None else ""


def _person(shape: MentionShape) -> ParsedMention:
    forename, surname = _said(shape.forename), _said(shape.surname)
    aliases = tuple(alias for alias in shape.aliases if _said(alias))
    ids = {str(name): str(value) for name, value in (shape.ids or {}).items() if value not in (None, "")}
    caption = (
        " ".join(part for part in (forename, _said(shape.middle), surname) if part) or ", ".join(aliases) or ANONYMOUS
    )
    born = born_as_known(shape.dob)
    detail = _rest(shape)
    if shape.dob and not born:
        detail["dob_as_written"] = shape.dob
    if ids:
        detail["ids"] = ids
    return ParsedMention(
        shape.key,
        MentionKind.PERSON,
        caption,
        forename=forename[:100],
        middle=_said(shape.middle)[:100],
        surname=surname[:100],
        aliases=tuple(alias[:100] for alias in aliases),
        born=born,
        age=shape.age,
        sex=str(Sex.read(shape.sex or "") or "").replace("U", ""),
        nominal=ids.get("nominal", "")[:60],
        pnc=ids.get("pnc", "")[:60],
        detail=detail,
    )


def _phone(shape: MentionShape) -> ParsedMention:
    number = normalise_phone(shape.number or "")
    imei = normalise_imei(shape.imei or "")
    selector = tagged("phone", number) or tagged("imei", imei)
    if selector is None and shape.imsi:
        selector = tagged("imsi", normalise(SelectorScheme.IMSI, shape.imsi))
    caption = shape.number or (f"IMEI {shape.imei}" if shape.imei else "telephone without a number")
    return ParsedMention(shape.key, MentionKind.PHONE, caption, selector, detail=_rest(shape, "number", "imei", "imsi"))


def _address(shape: MentionShape) -> ParsedMention:
    token = normalise_address(shape.text or "", shape.postcode or "")
    if token is None and shape.postcode:
        postcode = normalise(SelectorScheme.POSTCODE, shape.postcode)
        token = f"{postcode}||" if postcode else None
    caption = ", ".join(part for part in (shape.text, shape.postcode) if part) or "address not given"
    return ParsedMention(
        shape.key,
        MentionKind.ADDRESS,
        caption,
        tagged("address", token),
        detail=_rest(shape, "text", "postcode", "uprn", "lat", "lon", "premises"),
    )


def _vehicle(shape: MentionShape) -> ParsedMention:
    look = " ".join(part for part in (shape.colour, shape.make, shape.model) if part)
    return ParsedMention(
        shape.key,
        MentionKind.VEHICLE,
        shape.vrm or look or "vehicle",
        tagged("vrm", normalise_vrm(shape.vrm or "")),
        detail=_rest(shape, "vrm", "make", "model", "colour"),
    )


def _line(shape: MentionShape) -> ParsedMention:
    return ParsedMention(
        shape.key,
        MentionKind.LINE,
        shape.name or "unnamed line",
        tagged("line", fold_brand(shape.name or "")),
        detail=_rest(shape),
    )


def _group(shape: MentionShape) -> ParsedMention:
    ids = {str(name): str(value) for name, value in (shape.ids or {}).items() if value}
    selector = tagged("group", ids.get("ocg") or (fold_name(shape.name) if shape.name else None))
    return ParsedMention(
        shape.key, MentionKind.GROUP, shape.name or "unnamed group", selector, detail=_rest(shape) | {"ids": ids}
    )


def _item(shape: MentionShape) -> ParsedMention:
    amount = " ".join(str(part) for part in (shape.quantity, shape.unit) if part is not None)
    caption = " ".join(part for part in (amount, shape.subtype or shape.type) if part) or "item"
    return ParsedMention(
        shape.key, MentionKind.ITEM, caption, detail=_rest(shape, "type", "subtype", "quantity", "unit", "value")
    )


def _place(shape: MentionShape) -> ParsedMention:
    name = shape.name or shape.text or ""
    selector = tagged("place", fold_name(name) or None)
    return ParsedMention(shape.key, MentionKind.PLACE, name or "place", selector, detail=_rest(shape, "lat", "lon"))


def _handle(shape: MentionShape) -> ParsedMention:
    name = shape.name or shape.number or shape.text or ""
    return ParsedMention(
        shape.key, MentionKind.HANDLE, name or "handle", tagged("handle", normalise_handle(name)), detail=_rest(shape)
    )


def _account(shape: MentionShape) -> ParsedMention:
    name = shape.number or shape.name or shape.text or ""
    value = normalise(SelectorScheme.ACCOUNT, name)
    return ParsedMention(
        shape.key, MentionKind.ACCOUNT, name or "account", tagged("account", value), detail=_rest(shape)
    )


_BUILDERS: Mapping[MentionKind, Callable[[MentionShape], ParsedMention]] = {
    MentionKind.PERSON: _person,
    MentionKind.PHONE: _phone,
    MentionKind.ADDRESS: _address,
    MentionKind.VEHICLE: _vehicle,
    MentionKind.LINE: _line,
    MentionKind.GROUP: _group,
    MentionKind.ITEM: _item,
    MentionKind.PLACE: _place,
    MentionKind.HANDLE: _handle,
    MentionKind.ACCOUNT: _account,
}

# Only shapes that can hardly be anything else: a British mobile (with a namespace), and a current-format plate.
_NUMBER_IN_TEXT = re.compile(r"(?<![\w+])(?:\+44\s?\(?0?\)?|0)7\d{3}\s?\d{3}\s?\d{3}(?:\s?#\d{3,8})?(?!\d)")
_PLATE_IN_TEXT = re.compile(r"\b[A-Z]{2}\d{2}\s?[A-Z]{3}(?:#\d{3,8})?\b")


def mentions_in_text(text: str) -> list[ParsedMention]:
    """Numbers and plates a report's text names, for a report that lists no mentions. Keys `text1`, `text2`…"""
    found: dict[str, ParsedMention] = {}
    for pattern, kind, scheme, read in (
        (_NUMBER_IN_TEXT, MentionKind.PHONE, "phone", normalise_phone),
        (_PLATE_IN_TEXT, MentionKind.VEHICLE, "vrm", normalise_vrm),
    ):
        for match in pattern.finditer(text):
            selector = tagged(scheme, read(match[0]))
            if selector and selector not in found:
                found[selector] = ParsedMention(
                    f"text{len(found) + 1}", kind, match[0], selector, detail={"read_from": "text"}
                )
    return list(found.values())
