"""The intensification-week metrics as data: what each counts, in what unit, and what makes two of it one.

Codes and published use: domain §8.1 and §8.3 [S]; labels, bases and definition ids are ours [D], version 1.
`first_seen` is the year a published week first had it; empty where none is known to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from crossline.vocabulary.codes import Code


class Unit(Code):
    """What a figure is in."""

    PEOPLE = "people", "People"
    CHARGES = "charges", "Charges"
    LINES = "lines", "Lines"
    DEVICES = "devices", "Devices"
    REFERRALS = "referrals", "Referrals"
    ADDRESSES = "addresses", "Addresses"
    ITEMS = "items", "Items"
    GRAMS = "g", "Grams"
    KILOGRAMS = "kg", "Kilograms"
    PLANTS = "plants", "Plants"
    WRAPS = "wraps", "Wraps"
    POUNDS = "gbp", "Pounds"
    VEHICLES = "vehicles", "Vehicles"
    ANIMALS = "animals", "Animals"
    EVENTS = "events", "Events"
    ORDERS = "orders", "Orders"
    PERCENT = "percent", "Per cent"


class CountBasis(Code):
    """What is counted once. Two agencies that return the same one must not make two of it nationally."""

    PERSON = "person", "Each person once in the week"
    LINE = "line", "Each line once in the week"
    ADDRESS = "address", "Each address once in the week, however often visited"
    THING = "thing", "Each thing seized, once, by the agency that holds it"
    QUANTITY = "quantity", "Weight or value, by the agency that holds it"
    EVENT = "event", "Each event, by the agency that leads it"
    SHARE = "share", "A published percentage: never added, only compared"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `scale_of`: the same thing in a larger unit, as (the other code, how many of its unit make one)."""

    code: str
    label: str
    unit: Unit
    basis: CountBasis
    first_seen: str
    scale_of: tuple[str, float] | None = None
    version: int = 1

    @property
    def definition(self) -> str:
        """Id of the definition, stable while its meaning is."""
        return f"iw.{self.code.lower()}"

    @property
    def is_additive(self) -> bool:
        """May agencies' figures be added (once what is shared between agencies is taken out)?"""
        return self.basis is not CountBasis.SHARE

    @property
    def often_provisional(self) -> bool:
        """Drugs and cash are often still being weighed or counted when the first figures are due. [S] domain §8.1"""
        return self.basis is CountBasis.QUANTITY


def _rows(unit: Unit, basis: CountBasis, first_seen: str, labels: Mapping[str, str]) -> list[Metric]:
    return [Metric(code, label, unit, basis, first_seen) for code, label in labels.items()]


def _people() -> list[Metric]:
    person, event, share = CountBasis.PERSON, CountBasis.EVENT, CountBasis.SHARE
    return [
        *_rows(Unit.PEOPLE, person, "2019", _ARRESTED_BY_SEX),
        *_rows(Unit.PEOPLE, person, "2025", {"ARR_ADULT": "Adults arrested", "ARR_CHILD": "Children arrested"}),
        *_rows(Unit.PERCENT, share, "2025", _ARRESTED_SHARES),
        *_rows(Unit.PEOPLE, person, "2022", {"CHG_PEOPLE": "People charged"}),
        *_rows(Unit.CHARGES, event, "2022", _CHARGES),
        *_rows(Unit.PEOPLE, person, "2019", _SAFEGUARDED),
        *_rows(
            Unit.PEOPLE, person, "2022", {"SG_F": "Women and girls safeguarded", "SG_M": "Men and boys safeguarded"}
        ),
        *_rows(Unit.PEOPLE, person, "2025", _SAFEGUARDED_BY_SEX_AND_AGE),
        *_rows(Unit.REFERRALS, person, "2019", {"NRM": "National Referral Mechanism referrals"}),
        *_rows(Unit.REFERRALS, person, "", {"DTN": "Duty to Notify referrals"}),
    ]


_ARRESTED_BY_SEX: Final = {"ARR_T": "Arrests", "ARR_M": "Men and boys arrested", "ARR_F": "Women and girls arrested"}
_ARRESTED_SHARES: Final = {
    "ARR_ADULT_PCT": "Adults among those arrested",
    "ARR_CHILD_PCT": "Children among those arrested",
}
_CHARGES: Final = {
    "CHG_N": "Charges",
    "CHG_MSA": "Modern slavery charges",
    "CHG_DRUG": "Drug trafficking charges",
    "CHG_DRUG_A": "Drug trafficking charges, class A",
    "CHG_DRUG_B": "Drug trafficking charges, class B",
}
_SAFEGUARDED: Final = {
    "SG_T": "People safeguarded or engaged",
    "SG_ADULT": "Adults safeguarded or engaged",
    "SG_CHILD": "Children safeguarded or engaged",
}
_SAFEGUARDED_BY_SEX_AND_AGE: Final = {
    "SG_F_A": "Women safeguarded",
    "SG_F_C": "Girls safeguarded",
    "SG_M_A": "Men safeguarded",
    "SG_M_C": "Boys safeguarded",
}


def _lines() -> list[Metric]:
    line, thing = CountBasis.LINE, CountBasis.THING
    return [
        *_rows(Unit.LINES, line, "2019", {"LINE_DISR": "Lines disrupted"}),
        *_rows(Unit.LINES, line, "2021", {"LINE_ID": "Lines identified", "LINE_SEIZED": "Lines seized"}),
        *_rows(Unit.LINES, line, "2022", {"LINE_CLOSED": "Lines closed"}),
        *_rows(
            Unit.LINES,
            line,
            "",
            {"LINE_CLOSED_T1": "Lines closed, type 1", "LINE_CLOSED_T2": "Lines closed, type 2"},
        ),
        *_rows(Unit.DEVICES, thing, "2020", {"DEV_LINE": "Devices running lines"}),
        *_rows(Unit.DEVICES, thing, "2023", {"PHONES": "Telephones and SIMs seized"}),
        *_rows(Unit.ADDRESSES, CountBasis.ADDRESS, "2019", {"CUCK_VIS": "Cuckooed addresses visited"}),
    ]


def _weapons() -> list[Metric]:
    thing = CountBasis.THING
    return [
        *_rows(Unit.ITEMS, thing, "2019", {"W_TOTAL": "Weapons", "W_FIREARM": "Firearms"}),
        *_rows(
            Unit.ITEMS,
            thing,
            "2025",
            {
                "W_FIREARM_S1": "Firearms, section 1",
                "W_FIREARM_S5": "Firearms, section 5",
                "W_FIREARM_IMIT": "Imitation firearms",
                "W_FIREARM_AMMO": "Ammunition, beside the firearms",
                "W_OTHER": "Other weapons",
            },
        ),
        *_rows(Unit.ITEMS, thing, "2022", {"W_BLADED": "Bladed weapons"}),
        *_rows(Unit.ITEMS, thing, "2020", {"W_KNIFE": "Knives", "W_SWORD": "Swords", "W_KNUCK": "Knuckledusters"}),
        *_rows(
            Unit.ITEMS,
            thing,
            "2021",
            {"W_MACHETE": "Machetes", "W_ZOMBIE": "Zombie knives", "W_CROSSBOW": "Crossbows"},
        ),
    ]


_DRUGS: Final = {"CRACK": "Crack cocaine", "HEROIN": "Heroin", "COKE": "Cocaine", "CANN": "Cannabis"}
_WEIGHED: Final = _DRUGS | {"CLASSA": "Class A drugs"}


def _drugs() -> list[Metric]:
    quantity = CountBasis.QUANTITY
    weights = {f"D_{drug}_G": f"{label} seized" for drug, label in _WEIGHED.items()}
    values = {f"D_{drug}_GBP": f"{label} seized, by value" for drug, label in _DRUGS.items()}
    return [
        *_rows(Unit.GRAMS, quantity, "2021", weights | {"D_CLASS_B": "Class B drugs seized"}),
        *(
            Metric(
                f"D_{drug}_KG", f"{label} seized", Unit.KILOGRAMS, quantity, "2021", scale_of=(f"D_{drug}_G", 1000.0)
            )
            for drug, label in _WEIGHED.items()
        ),
        *_rows(Unit.POUNDS, quantity, "2019", values),
        *_rows(Unit.POUNDS, quantity, "2021", {"D_VALUE_A": "Class A drugs seized, by value"}),
        *_rows(Unit.POUNDS, quantity, "2022", {"D_VALUE_AB": "Class A and B drugs seized, by value"}),
        *_rows(Unit.WRAPS, quantity, "2022", {"D_WRAPS_A": "Wraps of class A drugs"}),
        *_rows(Unit.PLANTS, quantity, "2023", {"D_PLANTS": "Cannabis plants"}),
        *_rows(Unit.POUNDS, quantity, "2019", {"CASH": "Cash seized"}),
    ]


def _activity() -> list[Metric]:
    event = CountBasis.EVENT
    return [
        *_rows(Unit.VEHICLES, CountBasis.THING, "2022", {"VEH": "Vehicles seized"}),
        *_rows(Unit.ANIMALS, CountBasis.THING, "2025", {"DOGS": "Dangerous dogs seized"}),
        *_rows(Unit.EVENTS, event, "2023", {"WARR": "Warrants executed", "SCHOOLS": "Schools engaged"}),
        *_rows(Unit.EVENTS, event, "2024", {"OPS": "Operations", "JOINT_OPS": "Joint operations"}),
        *_rows(Unit.PEOPLE, event, "2024", {"ENGAGE": "People engaged with"}),
        *_rows(Unit.EVENTS, event, "", _OTHER_ACTIVITY),
        *_rows(Unit.ORDERS, event, "", _ORDERS),
    ]


_OTHER_ACTIVITY: Final = {
    "STOPS": "Stops",
    "TAXI": "Taxi and private hire engagements",
    "HOTEL": "Hotel engagements",
    "COURT": "Convictions and sentences",
}
_ORDERS: Final = {
    "DDTRO": "Drug dealing telecommunications restriction orders",
    "STRO": "Slavery and trafficking risk orders",
    "STPO": "Slavery and trafficking prevention orders",
    "CBO": "Criminal behaviour orders",
    "SIU": "SIU orders",  # listed among the orders, but nothing says what the letters stand for
}


METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {metric.code: metric for metric in (*_people(), *_lines(), *_weapons(), *_drugs(), *_activity())}
)
"""Every metric by its code, in the order of the return form."""


def in_base_unit(code: str, value: float) -> tuple[str, float]:
    """A figure in the unit it is kept in: ("D_CRACK_KG", 16.1) gives ("D_CRACK_G", 16100.0); others as they are."""
    scale = METRICS[code].scale_of
    return (scale[0], value * scale[1]) if scale else (code, value)
