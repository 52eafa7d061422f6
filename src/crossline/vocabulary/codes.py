"""Closed lists of the trade, each word with its one-line meaning. The delivery contract fixes the words."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """A word of a closed list. `.meaning` is what a person is shown beside it."""

    meaning: str

    def __new__(cls, value: str, meaning: str = "") -> Self:
        """Keep the word as the value, and what it means beside it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    @classmethod
    def read(cls, value: object) -> Self | None:
        """The word as people write it (case, spaces, hyphens, numbers forgiven), or None when it is not of the list."""
        if isinstance(value, cls):
            return value
        if isinstance(value, bool) or not isinstance(value, str | int):
            return None
        written = str(value).strip()
        wanted = written.casefold().replace(" ", "_").replace("-", "_")
        for member in cls:
            if member.value == written or member.value.casefold().replace("-", "_") == wanted:
                return member
        return None

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(word, meaning) pairs, in the order of the list: what a form or a model field needs."""
        return [(str(member.value), member.meaning) for member in cls]


class RecordKind(Code):
    """What sort of thing a record is. The first eight come as reports; the rest are how other files are held."""

    INTELLIGENCE = "intelligence", "Intelligence report, graded 3x5x2"
    CUSTODY = "custody", "Custody record"
    STOP = "stop", "Stop, or stop and search"
    MISSING = "missing", "Missing person episode"
    SEIZURE = "seizure", "Seizure of drugs, weapons, cash or devices"
    CRIME = "crime", "Recorded crime"
    CONCERN = "concern", "Concern raised by a partner or officer about a person"
    VISIT = "visit", "Visit to an address, such as a cuckooing check"
    LINE_RETURN = "line_return", "County line as a force returns it"
    INVESTIGATION = "investigation", "Investigation, with the selectors it concerns"
    CAMPAIGN_RETURN = "campaign_return", "Figure returned for an intensification week"
    MONEY_EVENT = "money_event", "Money at one stage of recovery"
    HOMICIDE = "homicide", "Homicide record for the drug-linked share"
    COMMUNICATIONS = "communications", "Lawfully acquired communications data set"
    FINDING = "finding", "What one of our own engines concluded"


class FindingKind(Code):
    """What a finding says; its reference begins with the word."""

    SUCCESSION = "succession", "One number probably took over from another"
    DEAL_LINE = "deal-line", "A number looks like a deal line"

    @property
    def beginning(self) -> str:
        """What the references of its findings begin with."""
        return f"{self}/"


REPORT_KINDS: frozenset[RecordKind] = frozenset(list(RecordKind)[:8])
"""The kinds a line of reports.jsonl may have."""


class SourceGrade(Code):
    """3x5x2: the source. [S] domain §4.1."""

    RELIABLE = "1", "Reliable"
    UNTESTED = "2", "Untested"
    NOT_RELIABLE = "3", "Not reliable"

    @property
    def number(self) -> int:
        """The grade as deliveries write it."""
        return int(self.value)


class InformationGrade(Code):
    """3x5x2: the information itself. [S] domain §4.1."""

    A = "A", "Known directly to the source"
    B = "B", "Known indirectly to the source but corroborated"
    C = "C", "Known indirectly to the source"
    D = "D", "Not known"
    E = "E", "Suspected to be false"


class Handling(Code):
    """3x5x2: handling. [S] domain §4.1."""

    P = "P", "Lawful sharing permitted"
    C = "C", "Lawful sharing permitted with conditions"


class HandlingCondition(Code):
    """Action and sanitisation codes commonly written with handling C, free text beside them. [K] domain §4.1."""

    A1 = "A1", "Covert development"
    A2 = "A2", "Covert use"
    A3 = "A3", "Overt use"
    S1 = "S1", "Delegated authority to sanitise"
    S2 = "S2", "Consult the originator before sanitising"


class Classification(Code):
    """Markings the platform may hold; see grading.py for reading them and for recognising anything higher."""

    OFFICIAL = "OFFICIAL", "Official"
    OFFICIAL_SENSITIVE = "OFFICIAL-SENSITIVE", "Official, with need-to-know enforced"


class Confidence(Code):
    """What source and information grade amount to together; the matrix is in grading.py."""

    HIGH = "high", "High confidence"
    MEDIUM = "medium", "Medium confidence"
    LOW = "low", "Low confidence"
    NOT_ACTIONABLE = "not_actionable", "Suspected false: not to be acted on"


class Basis(Code):
    """Whether an assertion is what was seen, or what somebody made of it."""

    FACT = "fact", "Fact"
    ASSESSMENT = "assessment", "Assessment"


class SubjectCategory(Code):
    """Category of data subject, Data Protection Act 2018 section 38(3)."""

    SUSPECT = "suspect", "Suspected of an offence, or about to commit one"
    CONVICTED = "convicted", "Convicted of an offence"
    VICTIM = "victim", "Victim, or may be one"
    WITNESS = "witness", "Witness, or has information about an offence"
    OTHER = "other", "None of these, or not yet known"


class MentionKind(Code):
    """What sort of thing a record mentions."""

    PERSON = "person", "Person"
    PHONE = "phone", "Telephone number, SIM or handset"
    ADDRESS = "address", "Address or premises"
    VEHICLE = "vehicle", "Vehicle"
    LINE = "line", "County line, by its brand name"
    GROUP = "group", "Organised crime group or gang"
    ITEM = "item", "Drugs, weapon, cash or other object"
    PLACE = "place", "Town, station or area"
    ACCOUNT = "account", "Bank or payment account"
    HANDLE = "handle", "Name used on an online service"


class AssertionType(Code):
    """How one mention relates to another. The first fourteen may be delivered; the rest are ours."""

    USES = "uses", "Person uses a phone, account or handle"
    LIVES_AT = "lives_at", "Person lives at an address"
    DRIVES = "drives", "Person drives a vehicle"
    OWNS = "owns", "Person or group owns a thing"
    ASSOCIATES_WITH = "associates_with", "Person associates with a person or group"
    CONTROLS = "controls", "Person or group controls a line or a person"
    RUNS_FOR = "runs_for", "Person runs for a line"
    STORES_AT = "stores_at", "Person or line stores goods at an address"
    FOUND_AT = "found_at", "Person or thing was found at a place"
    TRAVELS_TO = "travels_to", "Person or vehicle travels to a place"
    EXPLOITED_BY = "exploited_by", "Person is exploited by a person, group or line"
    VICTIM_OF = "victim_of", "Person is a victim of a person, group or line"
    SEIZED_FROM = "seized_from", "Thing was seized from a person or address"
    SOLD_AT = "sold_at", "Drugs are sold at an address or place"
    SUCCEEDED_BY = "succeeded_by", "Number was succeeded by another number"
    TAKES_ORDERS_ON = "takes_orders_on", "Line takes its orders on a number"
    SELLS_IN = "sells_in", "Line sells in a place"
    EXPORTS_FROM = "exports_from", "Line is run from a place"


DELIVERED_ASSERTIONS: frozenset[AssertionType] = frozenset(list(AssertionType)[:14])
"""The types an assertion in reports.jsonl may have."""


class SelectorScheme(Code):
    """What a selector is of; each has its normaliser in selectors/."""

    PHONE = "phone", "Telephone number"
    IMEI = "imei", "Handset identity (IMEI)"
    IMSI = "imsi", "Subscriber identity (IMSI)"
    VRM = "vrm", "Vehicle registration mark"
    POSTCODE = "postcode", "Postcode"
    ADDRESS = "address", "Address"
    PERSON = "person", "Person: name and date of birth"
    LINE = "line", "Line, by its brand name"
    HANDLE = "handle", "Name used on an online service"
    ACCOUNT = "account", "Bank or payment account"


class LineStatus(Code):
    """Status of a county line."""

    IDENTIFIED = "identified", "Identified"
    ACTIVE = "active", "Active"
    DISRUPTED = "disrupted", "Disrupted"
    CLOSED_TYPE1 = "closed_type1", "Closed, type 1"
    CLOSED_TYPE2 = "closed_type2", "Closed, type 2"

    @property
    def is_closed(self) -> bool:
        """Closed by either type."""
        return self in (LineStatus.CLOSED_TYPE1, LineStatus.CLOSED_TYPE2)


class Tristate(Code):
    """Yes, no, or nobody knows: never to be folded into two."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not known"


class SourceSector(Code):
    """Sector a concern comes from."""

    HEALTH = "health", "Health"
    EDUCATION = "education", "Education"
    SOCIAL_CARE = "social_care", "Social care"
    HOUSING = "housing", "Housing"
    TRANSPORT = "transport", "Transport"
    CHARITY = "charity", "Charity or specialist service"
    POLICE = "police", "Police"


class MissingRisk(Code):
    """Risk level of a missing episode. [K] College of Policing levels."""

    NO_APPARENT_RISK = "no_apparent_risk", "No apparent risk (absent)"
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class ReturnStatus(Code):
    """Status of a returned figure: drugs and cash are often still being weighed and counted."""

    PROVISIONAL = "provisional", "Provisional"
    FINAL = "final", "Final"


class MoneyStage(Code):
    """Stage of recovery a sum has reached: stages are never added together."""

    SEIZED = "seized", "Seized"
    DETAINED = "detained", "Detained by a court's order"
    FORFEITED = "forfeited", "Forfeited"
    FROZEN = "frozen", "Frozen in an account"
    RESTRAINED = "restrained", "Restrained"
    ORDERED = "ordered", "Ordered to be paid (confiscation)"
    RECEIVED = "received", "Received"


class MoneyKind(Code):
    """What the money is held as."""

    CASH = "cash", "Cash"
    ACCOUNT = "account", "Money in an account"
    LISTED_ASSET = "listed_asset", "Listed asset"
    VEHICLE = "vehicle", "Vehicle"
    OTHER = "other", "Other"


class MoneyCounted(Code):
    """Whether a sum was counted or is an estimate."""

    YES = "yes", "Counted"
    ESTIMATED = "estimated", "Estimated"


class CommunicationType(Code):
    """Type of a communication."""

    VOICE = "voice", "Voice call"
    SMS = "sms", "Text message"
    MMS = "mms", "Picture message"
    DATA = "data", "Data session"


class Sex(Code):
    """Sex as recorded."""

    MALE = "M", "Male"
    FEMALE = "F", "Female"
    UNKNOWN = "U", "Not known or not stated"
