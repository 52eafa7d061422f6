"""Every address of the site with its variants, as somebody who sees certain audiences would ask for it.

A route without requests here fails the test that holds these against the address book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from types import MappingProxyType
from typing import Final
from uuid import UUID

from crossline.access.compartments.models import Compartment
from crossline.access.models import Approval, AuditEvent
from crossline.deconfliction.models import Check, PlannedEvent
from crossline.operations.models import JointRequest
from crossline.records.models import Record

from .asked import ABSENT, ALSO_ABSENT, Request, ids, mentions
from .safeguarding_addresses import (
    invitations,
    meetings,
    new_about,
    outreaches,
    plans,
    recalled,
    referrals,
    referring,
    reports,
    screenings,
    shares,
    sheets,
)
from .world import ASKERS

THINGS: Final = ("phone", "address", "vehicle", "group", "line", "item", "place")
SEARCHES: Final = (
    *(
        "Jaden Cole",
        "jaden",
        "Cole",
        "07700 900123",
        "07700 900444#0002",
        "TN34 1AA",
        "AB12 CDE",
        "Leo",
        "Max",
        "Harbour",
    ),
    *(
        "kent/P",
        "kent/own",
        "essex/own",
        "OP-1",
        "Operation Larch",
        "Operation Yew",
        "Toby Winterbourne",
        "no such thing",
    ),
)


def _lists(name: str, *variants: str) -> Callable[[frozenset[int]], Iterator[Request]]:
    def made(audiences: frozenset[int]) -> Iterator[Request]:
        yield Request(name)
        yield from (Request(f"{name}?{variant}") for variant in variants)

    return made


def _of(
    name: str, kinds: Iterable[str], *variants: str, after: str = "", most: int = 14
) -> Callable[[frozenset[int]], Iterator[Request]]:
    """A page of each of these mentions, or of the first few: forms that say the same of everybody are not asked for everybody."""

    def made(audiences: frozenset[int]) -> Iterator[Request]:
        for each in mentions(kinds, audiences)[:most]:
            yield Request(f"{name}/{each}{after}")
        for variant in variants:
            yield from (Request(f"{name}/{each}?{variant}") for each in mentions(kinds, audiences)[:1])

    return made


def _of_records(
    suffix: str, *, before: str = "/records", method: str = "GET"
) -> Callable[[frozenset[int]], Iterator[Request]]:
    def made(audiences: frozenset[int]) -> Iterator[Request]:
        rows = Record.objects.filter(audience__in=audiences).order_by("kind", "owner", "ref")
        for each in ids(rows.values_list("id", flat=True)[:24:4]):
            yield Request(f"{before}/{each}{suffix}", method)

    return made


def _reads(audiences: frozenset[int]) -> Iterator[Request]:
    """Reads of somebody of Kent, and of somebody of Essex."""
    for name in ("kent.analyst", "essex.investigator"):
        event = AuditEvent.objects.filter(actor=name, subject_kind="record").order_by("at").first()
        yield Request(f"/audit/reads/{event.id if event else ABSENT}")


def _exports(audiences: frozenset[int]) -> Iterator[Request]:
    named = ("people/graphml?victims=named", "overlaps/csv?victims=named", "people/csv?victims=named")
    for address in (
        "people/csv",
        "lines/geojson",
        "lines/csv?status=open&agency=kent",
        "overlaps/json",
        "concerns/csv",
        "people/docx",
        "people/ftm",
        *named,
    ):
        yield Request(f"/exports/{address}")


def _approval(audiences: frozenset[int]) -> Iterator[Request]:
    made = Approval.objects.order_by("at").first()
    yield Request(f"/approvals/{made.id if made else ABSENT}")
    yield Request(f"/approvals/{ABSENT}")


def _compartments(audiences: frozenset[int]) -> Iterator[Request]:
    """The first of Kent, and of Essex, and none."""
    for agency in ("kent", "essex"):
        made = Compartment.objects.filter(owner=agency).order_by("opened_at").first()
        yield Request(f"/compartments/{made.id if made else ABSENT}")
    yield Request(f"/compartments/{ABSENT}")


def _administered(audiences: frozenset[int]) -> Iterator[Request]:
    for username in ("kent.analyst", "essex.investigator", "essex.colleague", "nobody.at.all"):
        yield Request(f"/people-admin/{username}")


def _records(audiences: frozenset[int]) -> Iterator[Request]:
    found = Record.objects.filter(audience__in=audiences).order_by("kind", "owner", "ref").values_list("id", flat=True)
    yield from (Request(f"/records/{each}") for each in ids(found[:24]))


def _overlaps(audiences: frozenset[int]) -> Iterator[Request]:
    """Each two of the first investigations that the viewer sees, and one with nothing."""
    rows = Record.objects.filter(audience__in=audiences, kind="investigation").order_by("owner", "ref", "id")
    some = ids(rows.values_list("id", flat=True)[:5])
    yield from (Request(f"/overlaps/{left}/{right}") for left, right in combinations(some, 2))
    yield Request(f"/overlaps/{some[0]}/{ABSENT}")


def _changes(audiences: frozenset[int]) -> Iterator[Request]:
    rows = Record.objects.filter(audience__in=audiences, kind="finding").order_by("owner", "ref")
    yield from (Request(f"/lines/changes/{each}") for each in ids(rows.values_list("id", flat=True)))


def _asking(audiences: frozenset[int]) -> Iterator[Request]:
    """The page, and a form that cannot be answered; test_checking asks in earnest, where each answer has a number of its own."""
    yield Request("/deconfliction")
    yield Request("/deconfliction", "POST", (("scheme", "phone"), ("value", "nonsense")))


def _checks(audiences: frozenset[int]) -> Iterator[Request]:
    """Everybody's checks, one's own among them; and an outcome without its words."""
    for each in ids(Check.objects.filter(asked_by__in=ASKERS).order_by("asked_by").values_list("id", flat=True)):
        yield Request(f"/deconfliction/checks/{each}")
        yield Request(f"/deconfliction/checks/{each}", "POST", (("other", "essex"),))


def _planning(audiences: frozenset[int]) -> Iterator[Request]:
    yield Request("/deconfliction/events")
    yield Request("/deconfliction/events", "POST", (("kind", "stop"), ("place", "nowhere")))


def _calling_off(audiences: frozenset[int]) -> Iterator[Request]:
    own = PlannedEvent.objects.filter(asked__asked_by__in=ASKERS).order_by("asked__asked_by")
    for each in ids(own.values_list("asked_id", flat=True)):
        yield Request(f"/deconfliction/events/{each}/call-off")


def _returns(audiences: frozenset[int]) -> Iterator[Request]:
    rows = Record.objects.filter(audience__in=audiences, kind="line_return").order_by("owner", "ref", "revision")
    yield from (Request(f"/lines/returns/{each}/status") for each in ids(rows.values_list("id", flat=True)))


def _pairs(audiences: frozenset[int]) -> Iterator[Request]:
    rows = Record.objects.filter(audience__in=audiences, kind="line_return").order_by("owner", "ref", "revision")
    first, *others = ids(rows.values_list("id", flat=True))
    yield from (Request(f"/lines/pairs/{first}/{each}") for each in (*others[:6], ABSENT))


def _matches(audiences: frozenset[int]) -> Iterator[Request]:
    """The queue, and answers that cannot be taken."""
    yield Request("/matches")
    yield Request("/matches?page=2")
    yield Request("/matches", "POST", (("verdict", "same"),))
    yield Request("/matches", "POST", (("verdict", "same"), ("pair", f"{ABSENT}:{ALSO_ABSENT}")))


def _who(audiences: frozenset[int]) -> Iterator[Request]:
    """Asked after: by names, spelt otherwise, with a date, a number, and with what is too little or cannot be read."""
    asked: tuple[tuple[tuple[str, str], ...], ...] = (
        (("forename", "Jaden"), ("surname", "Cole")),
        (("forename", "Jayden"), ("surname", "Coles"), ("born", "11/4/2008")),
        (("forename", "Toby"), ("surname", "Winterbourne")),
        (("forename", "Jaden"), ("phones", "07700 900123, 07700 900444#0002")),
        (("surname", "Cole"), ("postcode", "TN34 1AA"), ("vehicle", "AB12 CDE")),
        (("forename", "No"), ("surname", "Such"), ("born", "2001")),
        (("forename", "Jaden"),),
        (("phones", "999"),),
        (),
    )
    yield Request("/people/who")
    yield from (Request("/people/who", "POST", each) for each in asked)


def _people_pairs(audiences: frozenset[int]) -> Iterator[Request]:
    """The first mention with the others, one that is not there, and itself."""
    first, *others = mentions(("person",), audiences)
    yield from (Request(f"/matches/{first}/{each}") for each in (*others[:6], ABSENT, first))
    yield Request(f"/matches/{first}/{ABSENT}", "POST", (("verdict", "same"),))


def _campaigns(audiences: frozenset[int]) -> Iterator[Request]:
    yield from (Request(f"/campaigns/{day}") for day in ("2025-06-23", "2025-12-01", "2024-01-01", "nonsense"))


def _campaign_figures(audiences: frozenset[int]) -> Iterator[Request]:
    for day in ("2025-06-23", "2025-12-01"):
        yield from (Request(f"/campaigns/{day}/{metric}") for metric in ("ARR_T", "ARR_M", "NONE"))


def _requests(audiences: frozenset[int]) -> Iterator[Request]:
    rows = JointRequest.objects.filter(audience__in=audiences).order_by("asked_at", "id")
    for each in ids(rows.values_list("id", flat=True)[:4]):
        yield Request(f"/joint-work/requests/{each}")


def _new_requests(audiences: frozenset[int]) -> Iterator[Request]:
    """In words, and about a line."""
    yield Request("/joint-work/requests/new")
    yield from (Request(f"/joint-work/requests/new?line={each}") for each in mentions(("line",), audiences)[:3])


def _figures(audiences: frozenset[int]) -> Iterator[Request]:
    from crossline.picture.definitions import DEFINITIONS

    yield from (Request(f"/figures/{name}") for name in (*DEFINITIONS, "none"))


def _sign_in(audiences: frozenset[int]) -> Iterator[Request]:
    """The same for a name that exists and one that does not."""
    for username in ("kent.analyst", "essex.colleague", "kent.colleague", "nobody.at.all"):
        said = (("username", username), ("password", "a wrong password"))
        yield Request("/sign-in", "POST", said, signed_in=False)
    yield Request("/sign-in", signed_in=False)
    yield Request("/sign-in")


PROBES: Final[Mapping[str, Callable[[frozenset[int]], Iterator[Request]]]] = MappingProxyType(
    {
        "my-reads": _lists("/audit/mine"),  # first, as everything that follows is a read of one's own
        "corrected-since": _lists("/audit/mine/corrected"),
        "auditors-desk": _lists("/audit/desk", "days=30", "actor=kent.analyst", "actor=essex.investigator", "page=2"),
        "audit-read": _reads,
        "decoys": _lists("/audit/decoys"),
        "who-can-see": _of_records("/seen-by", before="/audit/records"),
        "who-looked": _of_records("", before="/audit/records"),
        "national-picture": _lists("/", "series=lines_new", "series=reports_made", "series=none"),
        "definitions": _lists("/definitions"),
        "figure": _figures,
        "lines": _lists(
            "/lines", "brand=max", "status=active", "agency=essex", "agency=kent", "page=2", "page=999", "known=returns"
        ),
        "line": _of("/lines", ("line",), "page=2"),
        "order-new-ddtro": _of("/lines", ("line",), after="/orders/new-ddtro"),
        "orders": _lists("/orders", "kind=ddtro", "state=granted", "due=soon", "page=2"),
        "order": lambda audiences: iter([Request(f"/orders/{ABSENT}"), Request(f"/orders/{ABSENT}", "POST")]),
        "order-edit": lambda audiences: iter(
            [Request(f"/orders/{ABSENT}/text"), Request(f"/orders/{ABSENT}/text", "POST")]
        ),
        "order-document": lambda audiences: iter([Request(f"/orders/{ABSENT}/application/pdf")]),
        "order-new": _of("/orders/new", ("person", "address"), most=4),
        "nrm": _lists("/nrm", "waiting=draft", "waiting=late", "page=2"),
        "nrm-new": _of("/nrm/new", ("person",), most=3),
        "nrm-guardians": _lists("/nrm/guardians"),
        "section-45": _lists("/nrm/section-45", "show=due", "page=2"),
        "section-45-entry": _of_records("", before="/nrm/section-45"),
        "nrm-case": lambda audiences: iter([Request(f"/nrm/{ABSENT}"), Request(f"/nrm/{ABSENT}", "POST")]),
        "nrm-edit": lambda audiences: iter([Request(f"/nrm/{ABSENT}/draft"), Request(f"/nrm/{ABSENT}/draft", "POST")]),
        "nrm-text": lambda audiences: iter([Request(f"/nrm/{ABSENT}/text")]),
        "premises": _lists("/premises", "show=in_use", "show=late", "page=2"),
        "premises-new": _of("/premises/new", ("address",), most=3),
        "premises-page": lambda audiences: iter(
            [Request(f"/premises/{ABSENT}"), Request(f"/premises/{ABSENT}", "POST")]
        ),
        "line-status": _returns,
        "line-suggestions": _lists("/lines/suggestions", "page=2"),
        "line-pair": _pairs,
        "check-backs": _lists("/lines/check-backs", "shown=found", "shown=all&page=2"),
        "number-changes": _lists("/lines/changes", "stands=confirmed", "stands=rejected&order=oldest", "page=2"),
        "number-change": _changes,
        "person": _of("/people", ("person",)),
        "person-reach": _of("/people", ("person",), after="/reach"),
        "who": _who,
        "matches": _matches,
        "match": _people_pairs,
        "match-proposals": _lists("/matches/proposals", "page=2"),
        "match-conflicts": _lists("/matches/conflicts"),
        "my-judgements": _lists("/matches/mine", "page=2"),
        "thing": _of("/things", THINGS),
        "records": _lists(
            "/records",
            "kind=missing",
            "kind=intelligence",
            "month=2026-03",
            "agency=essex",
            "agency=kent",
            "page=2",
            "page=99",
        ),
        "record": _records,
        "search": _lists("/search", *(f"q={words.replace(' ', '+').replace('#', '%23')}" for words in SEARCHES)),
        "overlaps": _lists("/overlaps", "agency=essex", "agency=kent", "page=2"),
        "overlap": _overlaps,
        "deconfliction": _asking,
        "check": _checks,
        "answers": _lists("/deconfliction/answers"),
        "record-answers": _of_records("/answers"),
        "events": _planning,
        "event-call-off": _calling_off,
        "hubs": _lists("/deconfliction/hubs"),
        "deconfliction-figures": _lists("/deconfliction/figures"),
        "concerns": _lists(
            "/concerns",
            *("agency=essex", "agency=kent", f"person={ABSENT}", "page=2", "shown=desk", "shown=late", "shown=mine"),
            *("shown=age", "force=essex", "force=kent", "reason=child_in_runner_role", "shown=ended"),
        ),
        "concern": _of("/concerns", ("person",)),
        "referrals": _lists(
            "/referrals", "whose=agency", "state=sent", "late=late", "partner=partner-quillhaven-academy"
        ),
        "referral-ledger": _lists("/referrals/ledger", "page=2"),
        "referral-new": referring,
        "referral": referrals(""),
        "referral-edit": referrals("/text"),
        "partner-referrals": _lists("/partner/referrals", "page=2"),
        "partner-history": _lists("/partner/referrals/history", "page=2"),
        "partner-referral": sheets,
        "missing": _lists(
            "/missing", "clock=breached", "clock=running", "out=yes", "ours=home", "repeat=yes", "page=2"
        ),
        "missing-episode": _of("/missing", ("person",), most=5),
        "missing-plan": _of("/missing", ("person",), after="/plan", most=2),
        "screenings": _lists("/screenings", "of=us", "page=2"),
        "screening-new": _of("/screenings/new", ("person",), most=3),
        "screenings-of": _of("/screenings/of", ("person",), most=4),
        "screening": screenings(""),
        "screening-print": screenings("/print"),
        "meetings": _lists("/meetings", "page=2"),
        "meeting-actions": _lists("/meetings/actions", "late=late", "late=escalated", "page=2"),
        "meeting-new": new_about("/meetings/new"),
        "meeting": meetings(""),
        "meeting-minutes": meetings("/minutes"),
        "meeting-share": shares,
        "plans": _lists("/plans", "page=2"),
        "plan-new": new_about("/plans/new"),
        "plan": plans(""),
        "plan-text": plans("/text"),
        "plan-outcome": plans("/outcomes/three-months"),
        "invitations": _lists("/invitations", "page=2"),
        "invitation": invitations,
        "campaigns": _lists("/campaigns"),
        "campaign": _campaigns,
        "campaign-figure": _campaign_figures,
        "joint-work": _lists("/joint-work"),
        "joint-figures": _lists("/joint-work/figures"),
        "lines-from-us": _lists("/joint-work/lines-from-us", "page=2"),
        "lines-without-lead": _lists("/joint-work/without-lead", "of=us", "page=2"),
        "line-joint-work": _of("/lines", ("line",), after="/joint-work"),
        "joint-request-new": _new_requests,
        "joint-request": _requests,
        "access-pack": _of("/people", ("person",), after="/access-pack"),
        "restriction": _of_records("/restriction"),
        "record-compartment": _of_records("/compartment"),
        "compartments": _lists("/compartments"),
        "compartment-new": _lists("/compartments/new"),
        "compartment": _compartments,
        "release": _of_records("/release"),
        "review": _of_records("/review"),
        "reviews": _lists("/reviews", "page=2"),
        "approvals": _lists("/approvals"),
        "approval": _approval,
        "policy": _lists("/policy"),
        "policy-statement": lambda audiences: iter([Request("/policy/1"), Request("/policy/2")]),
        "exports": _lists("/exports"),
        "exports-ledger": _lists("/exports/ledger?is=X-0000-0000-0000"),
        "export": _exports,
        "recalls": _lists("/recalls"),
        "recall": recalled,
        "people-admin": _lists("/people-admin", "page=2"),
        "people-admin-new": _lists("/people-admin/new"),
        "people-admin-person": _administered,
        "partner-home": _lists("/partner"),
        "partner-told": _lists("/partner/told"),
        "partner-organisations": _lists("/partner-organisations"),
        "second-factor": _lists("/second-factor"),
        "password": _lists("/password"),
        "sign-in-code": lambda audiences: iter([Request("/sign-in/code", signed_in=False)]),
        "take-up-task": _of_records("", before="/task/record", method="POST"),
        "put-down-task": lambda audiences: iter([Request("/task/none", "POST"), Request("/task/none")]),
        "sign-in": _sign_in,
        "provider-sign-in": lambda audiences: iter([Request("/sign-in/with/kent", "POST", signed_in=False)]),
        "provider-back": lambda audiences: iter([Request("/sign-in/with/kent/back?code=1&state=1", signed_in=False)]),
        "guidance": lambda audiences: iter([Request("/guidance"), Request("/guidance", signed_in=False)]),
        "guidance-pack": _lists("/guidance/school", "/guidance/nothing"),
        "guidance-card": _lists("/guidance/school/card"),
        "reports": _lists("/reports", "shown=all"),
        "report-new": _lists("/reports/new", "pack=housing"),
        "report": reports,
        "outreaches": _lists("/outreach"),
        "outreach-new": _of("/outreach/lines", ("line",), most=2),
        "outreach": outreaches,
        "sign-out": lambda audiences: iter([Request("/sign-out")]),
        "health": lambda audiences: iter([Request("/healthz"), Request("/healthz", signed_in=False)]),
    }
)
BY_ID: Final = ("/records/{}", "/people/{}", "/things/{}", "/lines/{}", "/concerns?person={}")
"""Where an id leads; a hidden one must be answered like an absent one, whatever the kind of thing it is of."""
BY_ID_OF: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "record": (
            *(
                ("GET", f"/records/{{}}/{page}")
                for page in ("review", "restriction", "release", "compartment", "answers")
            ),
            *(("GET", f"/audit/records/{{}}{page}") for page in ("", "/seen-by")),
            ("GET", "/lines/changes/{}"),
            ("GET", f"/overlaps/{{}}/{ALSO_ABSENT}"),
            ("GET", "/deconfliction/checks/{}"),
            ("GET", "/lines/returns/{}/status"),
            ("GET", "/nrm/section-45/{}"),
            ("POST", "/task/record/{}"),
        ),
        "address": (("GET", "/premises/new/{}"),),
        "person": (
            *(("GET", f"/people/{{}}/{page}") for page in ("access-pack", "reach")),
            ("GET", "/orders/new/{}"),
            *(("GET", "/concerns/{}"), ("POST", "/concerns/{}")),
            ("GET", "/referrals/new/{}"),
            ("GET", "/nrm/new/{}"),
            *(("GET", f"/screenings/{page}/{{}}") for page in ("new", "of")),
            *(("GET", f"/missing/{{}}{page}") for page in ("", "/plan")),
            ("POST", "/task/mention/{}"),
        ),
    }
)
"""Pages that are about a record or a person only."""


def all_requests(audiences: frozenset[int]) -> Iterator[tuple[str, Request]]:
    """Every request of somebody who sees these audiences, under the name of its route."""
    for route, probes in PROBES.items():
        yield from ((route, request) for request in probes(audiences))


def requests_for(kind: str, id_: UUID) -> Iterator[Request]:
    """An id asked for at each address that takes one."""
    yield from (Request(address.format(id_)) for address in BY_ID)
    yield from (Request(address.format(id_), method) for method, address in BY_ID_OF.get(kind, ()))
