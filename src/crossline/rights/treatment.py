"""What may be done with each record in an answer to a subject access request, and what is proposed: rules as data.

Nothing here decides. A proposal stands in the form until a person confirms or changes it, record by record, because a
restriction must be necessary and proportionate in the case at hand (DPA 2018 s.45(4) [K], domain notes 4.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from crossline.records.models import Record
from crossline.vocabulary.codes import Code, Handling, RecordKind


class Treatment(Code):
    """What an information manager decides about one record."""

    GIVE = "give", "Give what it says of the person, without its free text"
    GIVE_TEXT = "give_text", "Give with its free text: it was read, and names nobody else and no source"
    INQUIRY = "s45_4_a", "Withhold: would obstruct an official or legal inquiry, investigation or procedure"
    PREJUDICE = "s45_4_b", "Withhold: would prejudice preventing, detecting, investigating or prosecuting offences"
    PUBLIC_SECURITY = "s45_4_c", "Withhold: to protect public security"
    NATIONAL_SECURITY = "s45_4_d", "Withhold: to protect national security"
    OTHERS = "s45_4_e", "Withhold: to protect the rights and freedoms of others"
    OWNER = "owner", "Leave out: another agency answers for it and is to be asked first"
    NOT_CERTAIN = "not_certain", "Leave out: not certainly about this person"

    @property
    def gives(self) -> bool:
        """Whether anything of the record goes into the answer."""
        return self in (Treatment.GIVE, Treatment.GIVE_TEXT)

    @property
    def provision(self) -> str:
        """The provision that a restriction rests on; blank where it is none."""
        return f"DPA 2018 s.45(4)({self.value[-1]}) [K]" if self.value.startswith("s45_4_") else ""


@dataclass(frozen=True)
class Proposal:
    """What is proposed for records of some kinds. `handling` and `own`: None for whichever."""

    kinds: frozenset[RecordKind]
    handling: Handling | None
    own: bool | None
    treatment: Treatment
    authority: str


_EVERY: Final = frozenset(RecordKind)
_OF_INQUIRIES: Final = frozenset({RecordKind.COMMUNICATIONS, RecordKind.FINDING, RecordKind.INVESTIGATION})

PROPOSALS: Final[tuple[Proposal, ...]] = (
    Proposal(
        _EVERY,
        None,
        False,
        Treatment.OWNER,
        "[D] each agency answers for what it sent; [K] DPA 2018 s.58: controllers together say who answers",
    ),
    Proposal(
        _OF_INQUIRIES,
        None,
        None,
        Treatment.INQUIRY,
        "[K] DPA 2018 s.45(4)(a); [D] that these kinds tell of an inquiry",
    ),
    Proposal(
        frozenset({RecordKind.CONCERN}),
        None,
        None,
        Treatment.OTHERS,
        "[K] DPA 2018 s.45(4)(e); [D] a concern can tell who raised it",
    ),
    Proposal(
        _EVERY,
        Handling.C,
        None,
        Treatment.PREJUDICE,
        "[S] 3x5x2 handling C: shared with conditions only; [K] DPA 2018 s.45(4)(b)",
    ),
    Proposal(
        _EVERY, None, None, Treatment.GIVE, "[K] DPA 2018 s.45(1): access is the rule, a restriction the exception"
    ),
)
"""The first that fits is proposed; a test walks every kind and handling."""

TEXT_WITHHELD: Final[Mapping[RecordKind, Treatment]] = MappingProxyType(
    {kind: Treatment.PREJUDICE if kind is RecordKind.INTELLIGENCE else Treatment.OTHERS for kind in RecordKind}
)
"""Why a given record's free text stays out until somebody has read it: of intelligence, because it can tell of its source
(domain notes 4.1 [S]); of others, because it can name others. [D]"""

DETAILS_GIVEN: Final[Mapping[RecordKind, Mapping[str, frozenset[str]]]] = MappingProxyType(
    {
        RecordKind.CUSTODY: {"custody": frozenset({"offence", "outcome", "under_18"})},
        RecordKind.MISSING: {
            "missing": frozenset({"from", "found_at_time", "found_place", "found_agency", "home_agency", "risk"})
        },
    }
)
"""The fields of a kind of record that speak of its subject alone. What a sender added is unknown, so it stays out. [D]"""


def proposed(record: Record, *, agency: str) -> Proposal:
    """The proposal for a record, looked at by somebody of an agency."""
    own = record.owner_id == agency
    for each in PROPOSALS:
        if record.kind in each.kinds and each.handling in (None, record.handling) and each.own in (None, own):
            return each
    raise AssertionError(f"no proposal for a record of kind {record.kind}")
