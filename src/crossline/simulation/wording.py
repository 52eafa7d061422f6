"""How brands are spelt, and how an object of a report stands in a sentence of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import Final

from crossline.simulation.chance import Choice
from crossline.simulation.written import Mention, full_name


def spell_brand(brand: str, rng: Random) -> str:
    """A brand as somebody spells it."""
    return _SPELLINGS.draw(rng)(brand)


def _misheard(brand: str) -> str:
    return _MISHEARD.get(brand, brand.lower())


_MISHEARD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Leo": "Lio", "Mikey": "Mikie", "Ricky": "Rickie", "Kai": "Kye", "Zac": "Zak", "Frankie": "Franky", "Jay": "Jae",
        "Danny": "Dani", "AJ": "A.J.", "Tony": "Toni", "Vinny": "Vinnie", "Sammy": "Sami", "Billy": "Billie",
    }
)  # fmt: skip
_SPELLINGS: Final = Choice[Callable[[str], str]](
    [
        (str, 0.52),
        (str.upper, 0.12),
        ("{} line".format, 0.12),
        ("The {} Line".format, 0.08),
        ("{}'s line".format, 0.06),
        ("'{}'".format, 0.04),
        (_misheard, 0.06),
    ]
)


def essential(mention: Mention) -> str:
    """The words by which an object is found in a text."""
    match mention["kind"]:
        case "person":
            names = [mention["forename"], mention["surname"]]
            return next((name for name in (*names[::-1], *mention["aliases"]) if name), "")
        case "phone" | "vehicle" | "address" as kind:
            return str(mention[{"phone": "number", "vehicle": "vrm", "address": "text"}[kind]])
        case "line" | "group":
            return str(mention["name"]).removeprefix("The ")
        case _:
            return str(mention["subtype"])


def shown(mention: Mention) -> str:
    """How an object stands in a sentence."""
    match mention["kind"]:
        case "person":
            age = f", aged about {mention['age']}" if mention["age"] else ""
            return full_name(mention) + (f", born {mention['dob']}" if mention["dob"] else age)
        case "vehicle":
            described = " ".join(part for part in (mention["colour"], mention["make"], mention["model"]) if part)
            return f"{described} {mention['vrm']}"
        case "address":
            return f"{mention['text']}{' ' + mention['postcode'] if mention['postcode'] else ''}"
        case "item":
            return _shown_item(mention)
        case "line":
            name = str(mention["name"]).removeprefix("The ")
            return name if "line" in name.lower() else f"{name} line"
        case _:
            return essential(mention)


def _shown_item(item: Mention) -> str:
    if item["type"] == "cash" and item["value"]:
        return f"£{item['value']:,.0f} in cash"
    if item["type"] == "property":
        return f"{item['subtype']} worth £{item['value']:g}" if item["value"] else str(item["subtype"])
    if item["unit"] == "item":
        return f"{'an' if item['subtype'][0] in 'aeiou' else 'a'} {item['subtype']}"
    amount = f"{item['quantity']:g}{'' if item['unit'] == 'g' else ' '}{item['unit']} of " if item["quantity"] else ""
    return f"{amount}{item['subtype']}"
