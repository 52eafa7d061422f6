"""What each national figure is: one sentence, a version, what is above and below the line, and on whose authority.

The definitions are data. A change of meaning is a new version with the day from which it counts; nothing is edited in
place, so that a series can break where its meaning does. [S] was seen in a source; [D] is this platform's own proposal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

CENTRE_OPENED: Final = date(2018, 9, 21)
"""The day the centre became fully operational: the first versions count from here. [S] domain notes 1.1"""
STATES_DECLARED: Final = date(2026, 12, 1)
"""From when a line's status is the newest of what agencies return and what people declare (decision 0027)."""


@dataclass(frozen=True)
class Definition:
    """One version of one definition. `denominator` is empty where a figure is a count and no share."""

    id: str
    label: str
    sentence: str
    unit: str
    numerator: str
    denominator: str
    authority: str
    caveat: str = ""
    version: str = "1"
    valid_from: date = CENTRE_OPENED

    @property
    def key(self) -> str:
        """Names this version: a series may join only figures of one key."""
        return f"{self.id} v{self.version}"


_PROGRAMME = "[S] Home Office, County Lines Programme data, 15 March 2024 edition"
_OURS = "[D] this platform's own"
_RETURNED = "Self-reported management information of forces, open to revision."
_STATUS = f"{_OURS}; the five statuses are those of the delivery contract"
_DECLARED = (
    "Returns are self-reported; closures that were declared were agreed by the centre. Both are open to revision."
)
_NEWEST = "Lines whose newest return, or what was declared since,"
_REGISTER = "Lines are grouped from visible returns and reports; somebody who sees other records counts others."

_LINES: Final = (
    Definition(
        id="lines_in_register",
        label="Lines in the register",
        sentence="Branded lines that visible returns and reports describe, whatever their status or present number.",
        unit="lines",
        numerator="lines in the register",
        denominator="",
        authority=f"{_OURS}, after the branded line of the NCA's 2018 assessment [S]",
        caveat=_REGISTER,
    ),
    *(
        Definition(
            id=f"lines_{status}",
            label=f"Lines {word}",
            sentence=f"Lines whose newest return gives the status {word}{extra}.",
            unit="lines",
            numerator=f"lines {word}",
            denominator="lines in the register",
            authority=_STATUS,
            caveat=_RETURNED,
        )
        for status, word, extra in (
            ("identified", "identified", ", and lines that only reports know"),
            ("active", "active", ""),
            ("disrupted", "disrupted", ""),
        )
    ),
    *(
        Definition(
            id=f"lines_{word}",
            label=f"Lines {word}",
            sentence=f"{_NEWEST} gives the status {word}{extra}.",
            unit="lines",
            numerator=f"lines {word}",
            denominator="lines in the register",
            authority=_STATUS,
            caveat=_DECLARED,
            version="2",
            valid_from=STATES_DECLARED,
        )
        for word, extra in (
            ("identified", ", and lines that only reports know"),
            ("active", ", lines that were reopened among them"),
            ("disrupted", ""),
        )
    ),
    Definition(
        id="lines_closed_type1",
        label="Lines closed, type 1",
        sentence=(
            "Lines whose newest return says that the line holder was arrested and charged and the controlling gang can no "
            "longer supply on that number, with check-backs that it stays out of use."
        ),
        unit="lines",
        numerator="lines closed, type 1",
        denominator="lines closed, both types",
        authority=_PROGRAMME,
        caveat=f"{_RETURNED} The centre decides what is a type 1 closure; here it is as returned.",
    ),
    Definition(
        id="lines_closed_type2",
        label="Lines closed, type 2",
        sentence="Lines whose newest return says that the number or SIM was deactivated; no line holder need be charged.",
        unit="lines",
        numerator="lines closed, type 2",
        denominator="lines closed, both types",
        authority=_PROGRAMME,
        caveat=_RETURNED,
    ),
    Definition(
        id="lines_closed_type1",
        label="Lines closed, type 1",
        sentence=(
            f"{_NEWEST} gives the status closed, type 1: the line holder was arrested and charged, and the controlling gang can "
            "no longer supply on that number, as the centre agreed on evidence; check-backs follow."
        ),
        unit="lines",
        numerator="lines closed, type 1",
        denominator="lines closed, both types",
        authority=_PROGRAMME,
        caveat=f"{_DECLARED} A line that only a return calls closed is counted as well.",
        version="2",
        valid_from=STATES_DECLARED,
    ),
    Definition(
        id="lines_closed_type2",
        label="Lines closed, type 2",
        sentence=f"{_NEWEST} gives the status closed, type 2: the number or SIM was deactivated; no line holder need be charged.",
        unit="lines",
        numerator="lines closed, type 2",
        denominator="lines closed, both types",
        authority=_PROGRAMME,
        caveat=f"{_DECLARED} A line that only a return calls closed is counted as well.",
        version="2",
        valid_from=STATES_DECLARED,
    ),
    Definition(
        id="lines_external",
        label="External lines",
        sentence="Open lines that visible returns have sell in a force's area other than the one they are run from.",
        unit="lines",
        numerator="open external lines",
        denominator="open lines whose returns name both exporting and importing agencies",
        authority="[S] external and internal lines: NCLCC strategic threat and risk assessment 2023/24",
        caveat=_RETURNED,
    ),
    Definition(
        id="lines_exported",
        label="Lines run from an area",
        sentence="Open lines that visible returns say are run from the force's area.",
        unit="lines",
        numerator="open lines run from the area",
        denominator="open lines whose returns name an exporting agency",
        authority="[S] exporter force: where control of the line sits, domain notes 1.8",
        caveat=_RETURNED,
    ),
    Definition(
        id="lines_imported",
        label="Lines that sell in an area",
        sentence="Open lines that visible returns say sell in the force's area.",
        unit="lines",
        numerator="open lines that sell in the area",
        denominator="open lines whose returns name an importing agency",
        authority="[S] importer force: where the drugs are sold, domain notes 1.8",
        caveat=f"{_RETURNED} A line may sell in several areas, so areas do not add up to the whole.",
    ),
    Definition(
        id="deal_numbers",
        label="Deal numbers",
        sentence="Different telephone numbers that visible records give lines of the register, in use or not.",
        unit="numbers",
        numerator="deal numbers",
        denominator="lines in the register",
        authority="[S] individual deal line numbers, NCA assessment published January 2019",
        caveat="A number is no line: one brand may go through many. Never set this beside a count of lines.",
    ),
    Definition(
        id="lines_potentially_active",
        label="Potentially active lines",
        sentence=(
            "Lines with a sign of activity in the calendar month: a visible report of something that happened in it names "
            "the line, a return has it first or last seen in it, or one of its numbers took over from another in it."
        ),
        unit="lines",
        numerator="lines with a sign of activity in the month",
        denominator="",
        authority=f"{_OURS}: the centre's own rule for potentially active lines in a month is not published",
        caveat="Reports graded as suspected to be false are no sign. More reporting finds more lines: a rise need not be one.",
    ),
    Definition(
        id="lines_new",
        label="New lines",
        sentence="Lines that were first seen in the calendar month, as far as visible returns and reports say.",
        unit="lines",
        numerator="lines first seen in the month",
        denominator="",
        authority=_OURS,
        caveat="Better recording finds lines that were there before.",
    ),
)

_RECORDS: Final = (
    Definition(
        id="reports_made",
        label="Reports",
        sentence="Visible reports, by the month in which their agency made them, not the day on which they were taken in.",
        unit="reports",
        numerator="reports made in the month",
        denominator="",
        authority=_OURS,
        caveat="Counts recording, not crime.",
    ),
    Definition(
        id="agencies_reporting",
        label="Forces reporting",
        sentence="Police forces of which at least one visible report was made in the period.",
        unit="forces",
        numerator="forces with a report",
        denominator="forces on the agency list",
        authority=_OURS,
    ),
    Definition(
        id="people_with_lines",
        label="People mentioned with lines",
        sentence="People, each once however often and however spelt, whom a visible report mentions together with a line.",
        unit="people",
        numerator="people mentioned with a line",
        denominator="people mentioned in visible records",
        authority=_OURS,
        caveat="Victims, witnesses and suspects alike: a mention says nothing of guilt. Resolved by matching, which can err.",
    ),
    Definition(
        id="people_put_forward",
        label="People put forward for safeguarding",
        sentence="People, each once, for whom a published indicator raised a visible concern.",
        unit="people",
        numerator="people put forward",
        denominator="",
        authority="[S] Home Office guidance on criminal exploitation, October 2023; each rule names its part",
        caveat="Put forward for somebody to look at: engaged, identified, referred and safeguarded are other stages.",
    ),
    Definition(
        id="children_put_forward",
        label="Children put forward for safeguarding",
        sentence="People, each once, for whom a visible concern was raised by a rule that holds for children only.",
        unit="people",
        numerator="children put forward",
        denominator="people put forward",
        authority="[S] Home Office guidance on criminal exploitation, October 2023; each rule names its part",
        caveat="Those whose age nobody recorded are not among them; the note says how many ask for it to be found out.",
    ),
    Definition(
        id="investigations_open",
        label="Investigations open",
        sentence="Visible investigations that their newest return does not give as closed.",
        unit="investigations",
        numerator="investigations not closed",
        denominator="investigations returned",
        authority=_OURS,
        caveat=_RETURNED,
    ),
    Definition(
        id="investigation_overlaps",
        label="Overlaps between investigations",
        sentence="Pairs of visible investigations of different agencies that concern the same selector, person or line.",
        unit="pairs",
        numerator="pairs",
        denominator="",
        authority=_OURS,
        caveat="Values that many agencies share, such as a hostel or a station, are set aside as hubs.",
    ),
    Definition(
        id="drug_linked_homicide_share",
        label="Homicides linked to drugs",
        sentence=(
            "Of visible homicides of the financial year of which it is known, the share whose victim or suspect was known to "
            "use or deal illicit drugs."
        ),
        unit="per cent",
        numerator="homicides with a victim or suspect known to use or deal",
        denominator="homicides of which it is known",
        authority="[S] Serious Violence Strategy, April 2018: 50 % in 2014/15, 57 % in 2016/17",
        caveat="Linked to drugs does not mean caused by county lines.",
    ),
    Definition(
        id="drug_linked_homicide_share_of_all",
        label="Homicides linked to drugs, of all",
        sentence="Of all visible homicides of the financial year, those not known included: the share known to be linked.",
        unit="per cent",
        numerator="homicides with a victim or suspect known to use or deal",
        denominator="homicides",
        authority=f"{_OURS}: the least the share can be; another definition, never joined to the published one",
        caveat="Linked to drugs does not mean caused by county lines.",
    ),
)


def _registry() -> Mapping[str, tuple[Definition, ...]]:
    versions: dict[str, list[Definition]] = {}
    for definition in (*_LINES, *_RECORDS):
        versions.setdefault(definition.id, []).append(definition)
    return MappingProxyType(
        {name: tuple(sorted(found, key=lambda each: each.valid_from)) for name, found in versions.items()}
    )


DEFINITIONS: Final = _registry()
"""Every definition by id, each with its versions from the oldest."""


def in_force(name: str, day: date | None = None) -> Definition:
    """The version of a definition that counts on a day (the newest without one). Before the first, the first counts."""
    versions = DEFINITIONS[name]
    if day is None:
        return versions[-1]
    return next((each for each in reversed(versions) if each.valid_from <= day), versions[0])
