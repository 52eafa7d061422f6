"""The selection of the line list as its address gives it: read, held against lines, and said back as filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final
from urllib.parse import urlencode

from crossline.lines.register import RegisterLine
from crossline.lines.states import OrdersTaken
from crossline.vocabulary.agencies import agencies, forces
from crossline.vocabulary.codes import LineStatus
from crossline.vocabulary.selectors import fold_brand

LONGEST_BRAND: Final = 80
OPEN: Final = "open"
"""Any status but the two closed ones: not a status that an agency returns."""
STATUSES: Final = ((OPEN, "Open: any status but closed"), *((str(status), status.meaning) for status in LineStatus))
ORDERS: Final = tuple((each.value, each.label) for each in OrdersTaken if each is not OrdersTaken.AS_FOUND)
KNOWN_FROM: Final = (("returns", "Returned by a force"), ("reports", "Named in reports only"))


@dataclass(frozen=True)
class Selection:
    """What was chosen; empty where nothing was. `agency` is either end of a line."""

    status: str = ""
    exporting: str = ""
    importing: str = ""
    agency: str = ""
    known: str = ""
    orders: str = ""
    brand: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Selection:
        """From an address; a word that is on no list chooses nothing."""
        known_forces = [force.id for force in forces()]
        return cls(
            status=_one_of(given.get("status", ""), (word for word, _ in STATUSES)),
            exporting=_one_of(given.get("exporting", ""), known_forces),
            importing=_one_of(given.get("importing", ""), known_forces),
            agency=_one_of(given.get("agency", ""), known_forces),
            known=_one_of(given.get("known", ""), (word for word, _ in KNOWN_FROM)),
            orders=_one_of(given.get("orders", ""), (word for word, _ in ORDERS)),
            brand=given.get("brand", "").strip()[:LONGEST_BRAND],
        )

    def holds(self, line: RegisterLine) -> bool:
        """Whether a line is in the selection."""
        status = not self.status or (not line.status.is_closed if self.status == OPEN else line.status == self.status)
        touched = {*line.exporting_agencies, *line.importing_agencies, *line.group.owners}
        return (
            status
            and (not self.exporting or self.exporting in line.exporting_agencies)
            and (not self.importing or self.importing in line.importing_agencies)
            and (not self.agency or self.agency in touched)
            and (not self.known or (self.known == "returns") == bool(line.returns))
            and (not self.orders or self.orders == line.orders.taken)
            and (not self.brand or any(self._bears(brand) for brand in line.group.brands))
        )

    def query(self) -> str:
        """The selection as the end of an address, so that another page or an export holds the same lines; blank where all."""
        in_use = {field.name: value for field in fields(self) if (value := getattr(self, field.name))}
        return f"?{urlencode(in_use)}" if in_use else ""

    def _bears(self, brand: str) -> bool:
        """Whether a brand is the one asked for, however written, or holds it."""
        return fold_brand(brand) == fold_brand(self.brand) or self.brand.casefold() in brand.casefold()

    def chosen(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The filters in use, each with the address that takes it away."""
        parts = {
            "brand": ("Name", self.brand),
            "status": ("Status", dict(STATUSES).get(self.status, "")),
            "exporting": ("Run from", _name(self.exporting)),
            "importing": ("Sells in the area of", _name(self.importing)),
            "agency": ("Force at either end", _name(self.agency)),
            "known": ("Known from", dict(KNOWN_FROM).get(self.known, "")),
            "orders": ("Takes orders", dict(ORDERS).get(self.orders, "")),
        }
        in_use = {name: getattr(self, name) for name, (_, words) in parts.items() if words}
        return [
            (parts[name][0], [(parts[name][1], "?" + urlencode({n: v for n, v in in_use.items() if n != name}))])
            for name in in_use
        ]


def _one_of(value: str, known: Iterable[str]) -> str:
    return value if value in set(known) else ""


def _name(agency: str) -> str:
    return agencies()[agency].short_name if agency in agencies() else agency
