"""The safeguarding rules as data: a reason code, plain wording, their source, version and thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class ConcernReason(StrEnum):
    """Why a person is put forward."""

    CHILD_FOUND_OUT_OF_AREA = "child_found_out_of_area"
    REPEAT_MISSING = "repeat_missing"
    CHILD_IN_SUPPLY_CUSTODY = "child_in_supply_custody"
    CHILD_IN_RUNNER_ROLE = "child_in_runner_role"
    TENANT_OF_PREMISES_IN_USE = "tenant_of_premises_in_use"
    UNEXPLAINED_INJURY = "unexplained_injury"
    UNEXPLAINED_MONEY = "unexplained_money"
    DEBTS = "debts"
    SEVERAL_PHONES = "several_phones"
    UNEXPLAINED_TICKETS = "unexplained_tickets"
    CHILD_WITH_WEAPON = "child_with_weapon"
    CHILD_HARMED_BY_LINE = "child_harmed_by_line"
    SEVERAL_SIGNS = "several_signs"
    VICTIM_WITH_LINE_ADULT = "victim_with_line_adult"


@dataclass(frozen=True)
class ConcernRule:
    """One rule. `wording` is what is shown; `source` says who says so, with its provenance label."""

    id: str
    reason: ConcernReason
    version: str
    wording: str
    source: str
    thresholds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rulebook:
    """The rules in force, by reason."""

    version: str
    rules: Mapping[ConcernReason, ConcernRule]


_GUIDANCE = (
    "Home Office, Criminal exploitation of children and vulnerable adults: county lines (updated 20 October 2023)"
)

_RULES = (
    ConcernRule(
        id="IND-01",
        reason=ConcernReason.CHILD_FOUND_OUT_OF_AREA,
        version="1",
        wording="A child was found in another force's area, away from home.",
        source=f"{_GUIDANCE}, sign 1: persistently missing or found out of area [S]",
        thresholds=MappingProxyType({"adult_age": 18}),
    ),
    ConcernRule(
        id="IND-02",
        reason=ConcernReason.REPEAT_MISSING,
        version="1",
        wording="The same person has gone missing again and again in a short time.",
        source=f"{_GUIDANCE}, sign 1 [S]; three episodes in ninety days is this platform's threshold [D]",
        thresholds=MappingProxyType({"episodes": 3, "days": 90}),
    ),
    ConcernRule(
        id="IND-03",
        reason=ConcernReason.CHILD_IN_SUPPLY_CUSTODY,
        version="1",
        wording="A child was held in custody for supplying drugs, or meaning to.",
        source="Modern Slavery Act 2015 s.45; Jay Review 2024: too many get a criminal justice response [S]",
        thresholds=MappingProxyType({"adult_age": 18}),
        terms=("intent to supply", "pwits", "concerned in the supply", "supplying", "supply of"),
    ),
    ConcernRule(
        id="IND-04",
        reason=ConcernReason.CHILD_IN_RUNNER_ROLE,
        version="1",
        wording="A child is said to run for a line, or to be exploited by one.",
        source=f"{_GUIDANCE} [S]; role as a dated assertion: domain notes 2.2 R-28 [S]",
        thresholds=MappingProxyType({"adult_age": 18}),
    ),
    ConcernRule(
        id="IND-05",
        reason=ConcernReason.TENANT_OF_PREMISES_IN_USE,
        version="1",
        wording="Somebody's home is being used to store or sell drugs, and they may not have a choice.",
        source=f"{_GUIDANCE}, cuckooing [S]; join of tenancy and use of premises is this platform's [D]",
        thresholds=MappingProxyType({"days_apart": 90}),
    ),
)
_TWO_SIGNS = "two signs of one record are this platform's threshold [D]"


def _sign(id_: str, reason: ConcernReason, wording: str, sign: str, *terms: str) -> ConcernRule:
    """A sign that somebody noticed on a child, beside at least one other."""
    return ConcernRule(
        id=id_,
        reason=reason,
        version="2",
        wording=wording,
        source=f"{_GUIDANCE}, {sign} [S]; {_TWO_SIGNS}",
        thresholds=MappingProxyType({"adult_age": 18, "signs": 2}),
        terms=terms,
    )


_SIGNS = (
    _sign(
        "IND-06",
        ConcernReason.UNEXPLAINED_INJURY,
        "A child has injuries that nobody explains, beside another sign.",
        "sign 7: assault marks, unexplained injury",
        *("unexplained injur", "unexplained bruis", "assault mark"),
    ),
    _sign(
        "IND-07",
        ConcernReason.UNEXPLAINED_MONEY,
        "A child has money, clothes or jewellery that nobody explains, beside another sign.",
        "sign 3: unexplained money, clothes, jewellery",
        *(
            "unexplained money",
            "unexplained cash",
            "unexplained gifts",
            "unexplained phone",
            "new clothes",
            "new jewellery",
        ),
    ),
    _sign(
        "IND-08",
        ConcernReason.DEBTS,
        "A child is in debt or urgently needs money, beside another sign.",
        "sign 15: drug debts, urgency for money",
        *("debt", "urgency for money", "owes money", "money owed"),
    ),
    _sign(
        "IND-09",
        ConcernReason.SEVERAL_PHONES,
        "A child has more than one telephone, beside another sign.",
        "sign 4: multiple phones or SIMs",
        *("more than one phone", "several phones", "multiple phones", "many phones", "multiple sim"),
    ),
    _sign(
        "IND-10",
        ConcernReason.UNEXPLAINED_TICKETS,
        "A child has tickets or hotel cards of other towns, beside another sign.",
        "sign 13: unusual train or coach tickets, hotel cards",
        *("train ticket", "coach ticket", "tickets to other towns", "hotel card", "hotel key", "bus pass"),
    ),
    ConcernRule(
        id="IND-11",
        reason=ConcernReason.CHILD_WITH_WEAPON,
        version="1",
        wording="A child was found with a weapon together with drugs or cash.",
        source=f"{_GUIDANCE}, sign 8: weapons [S]; together with drugs or cash is this platform's [D]",
        thresholds=MappingProxyType({"adult_age": 18}),
        terms=("weapon",),
    ),
    ConcernRule(
        id="IND-12",
        reason=ConcernReason.CHILD_HARMED_BY_LINE,
        version="1",
        wording="A child is said to have been hurt, robbed or threatened by a line or a gang.",
        source=f"{_GUIDANCE}, signs 7 and 15: assault, drug debts [S]; Action for Children 2024: 60% of serious incidents among "
        "supported exploited children are serious assaults [S]",
        thresholds=MappingProxyType({"adult_age": 18}),
    ),
    ConcernRule(
        id="IND-13",
        reason=ConcernReason.SEVERAL_SIGNS,
        version="1",
        wording="Different published signs have been written of a child within ninety days.",
        source=f"{_GUIDANCE}, signs 1 to 4, 7 to 9 and 12 to 16 [S]; no ticket, no reason for the journey: The "
        "Children's Society with British Transport Police, #LookCloser, and Crimestoppers, transport [S]; two signs of "
        "which one raises beside another, or three, within ninety days are this platform's threshold [D]",
        thresholds=MappingProxyType({"adult_age": 18, "signs": 2, "kinds": 3, "days": 90}),
    ),
    ConcernRule(
        id="IND-14",
        reason=ConcernReason.VICTIM_WITH_LINE_ADULT,
        version="1",
        wording="A record calls a child a victim, and in the company of an adult whom it ties to a line or a gang.",
        source=f"{_GUIDANCE}, sign 5: controlling or older individuals [S]; entering or leaving vehicles with an unknown adult: "
        "the centre's list for The Clewer Initiative, 2021 [S]; only where the record itself calls the child a victim, so that "
        "company alone is never enough, is this platform's [D], after domain notes 2.3 R-35",
        thresholds=MappingProxyType({"adult_age": 18}),
    ),
)

RULEBOOK = Rulebook(version="concerns-3", rules=MappingProxyType({rule.reason: rule for rule in (*_RULES, *_SIGNS)}))


def is_supply(offence: str, rule: ConcernRule = RULEBOOK.rules[ConcernReason.CHILD_IN_SUPPLY_CUSTODY]) -> bool:
    """Whether an offence, as a custody record words it, is the supply of drugs or meaning to."""
    said = offence.casefold()
    return any(term in said for term in rule.terms)
