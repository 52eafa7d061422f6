"""Who may see rows that belong to people rather than to records, worked out from the decisions and not from the policies.

Decision 0012: everybody their own reads; who answers for an agency's audit, those of its people and of its records. Decision
0009: a second factor is its owner's, and administrators see that there is one. Decision 0015: that something is a decoy, its
agency's auditors and whoever was asked to agree. Requests for a second person: whoever asked,
and the information managers of the same agency. Decision 0028: what agencies ask of each other, both and the centre. Decision
0038: what is called back, whoever has it and whoever sees the tombstone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from crossline.access.policy import agency_label, partner_label
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.vocabulary.agencies import PARTNER

Rows = Callable[[str], list[tuple[Any, ...]]]
Labels = tuple[frozenset[str], ...]
"""Whoever holds one of each of these sets may see the row; an empty set is nobody."""
ANYBODY = "anybody"


def capacities(viewer: Viewer) -> frozenset[str]:
    """What somebody is and answers for, beside the labels they hold."""
    held = {ANYBODY, f"person {viewer.person_id}", f"of {viewer.agency}"}
    if {Role.AUDITOR, Role.INFORMATION_MANAGER} & viewer.roles:
        held.add(f"audit of {viewer.agency}")
    if Role.INFORMATION_MANAGER in viewer.roles:
        held.add(f"requests of {viewer.agency}")
    if Role.AUDITOR in viewer.roles:
        held.add(f"decoys of {viewer.agency}")
    if Role.ADMINISTRATOR in viewer.roles:
        held |= {f"people of {viewer.agency}"} | ({"people of everywhere"} if viewer.agency == "nclcc" else set())
    return frozenset(held)


def owners(rows: Rows) -> dict[UUID, str]:
    """Whose each record is, those that are gone too, and decoys."""
    return dict(
        rows(
            "SELECT id, owner_id FROM records_record UNION SELECT id, owner_id FROM records_tombstone "
            "UNION SELECT id, planted_agency FROM records_decoy"
        )
    )


def agency_of(rows: Rows) -> dict[str, str]:
    """The agency of each person, by id and by username. The local administrator is of the centre; a process of none."""
    found = rows("SELECT id::text, username, agency_id FROM access_person")
    return {who: agency for number, username, agency in found for who in (number, username)} | {
        "administrator": "nclcc"
    }


def of_reads(rows: Rows) -> dict[str, Labels]:
    """A row of the audit."""
    agency, owner = agency_of(rows), owners(rows)
    shown: dict[tuple[UUID, str], set[str]] = {}
    for event, reader, record in rows("SELECT event, actor_id, record FROM access_auditsubject"):
        shown.setdefault((event, reader), set()).add(f"audit of {owner[record]}")
    found = {}
    for place, event, reader, actor, what in rows(
        "SELECT ctid::text, id, actor_id, actor, event FROM access_auditevent"
    ):
        may = set(shown.get((event, reader), ()))
        if not actor.startswith("process:"):
            may.add(f"{'decoys' if what.startswith('decoy') else 'audit'} of {agency[actor]}")
        found[place] = (frozenset(may | ({f"person {reader}"} if reader else set())),)
    return found


def of_records_read(rows: Rows) -> dict[str, Labels]:
    """Which record a read showed."""
    agency, owner = agency_of(rows), owners(rows)
    return {
        place: (frozenset({f"person {reader}", f"audit of {agency[reader]}", f"audit of {owner[record]}"}),)
        for place, reader, record in rows("SELECT ctid::text, actor_id, record FROM access_auditsubject")
    }


def of_decisions(rows: Rows) -> dict[str, Labels]:
    """What an auditor made of a read: for those who answer for the same agency's audit."""
    agency = agency_of(rows)
    found = rows("SELECT ctid::text, decided_by FROM access_auditdecision")
    return {place: (frozenset({f"audit of {agency[by]}"}),) for place, by in found}


def of_requests(query: str) -> Callable[[Rows], dict[str, Labels]]:
    """A request for a second person, and what became of it, from who asked."""

    def judged(rows: Rows) -> dict[str, Labels]:
        agency = agency_of(rows)
        return {
            place: (frozenset({f"person {asker}", f"requests of {agency[asker]}"}),) for place, asker in rows(query)
        }

    return judged


def of_decoys(query: str) -> Callable[[Rows], dict[str, Labels]]:
    """A decoy, and what became of it: for its agency's auditors, and whoever was asked to agree."""

    def judged(rows: Rows) -> dict[str, Labels]:
        return {
            place: (frozenset({f"decoys of {agency}", f"person {sponsor}"}),) for place, agency, sponsor in rows(query)
        }

    return judged


def of_decoys_shown(query: str) -> Callable[[Rows], dict[str, Labels]]:
    """What people of the agency are shown of it, for as long as it is in force; afterwards nobody."""

    def judged(rows: Rows) -> dict[str, Labels]:
        return {
            place: (frozenset({agency_label(agency)} if in_force else ()),) for place, agency, in_force in rows(query)
        }

    return judged


def of_factors(query: str, *, told: bool) -> Callable[[Rows], dict[str, Labels]]:
    """Of a second factor: its owner's, and where `told`, administrators of its owner learn that there is one."""

    def judged(rows: Rows) -> dict[str, Labels]:
        agency = agency_of(rows)
        return {
            place: (
                frozenset(
                    {f"person {owner}"} | ({f"people of {agency[owner]}", "people of everywhere"} if told else set())
                ),
            )
            for place, owner in rows(query)
        }

    return judged


def of_everybody(table: str) -> Callable[[Rows], dict[str, Labels]]:
    """The policy and what was said to it (decision 0018): for everybody who may sign in."""

    def judged(rows: Rows) -> dict[str, Labels]:
        return {place: (frozenset({ANYBODY}),) for (place,) in rows(f"SELECT ctid::text FROM {table}")}

    return judged


def of_joint_work(query: str) -> Callable[[Rows], dict[str, Labels]]:
    """What is said between two agencies (decision 0028): for whoever has a policing role in either, and in the centre."""

    def judged(rows: Rows) -> dict[str, Labels]:
        return {
            place: (frozenset({agency_label(one), agency_label(other), "centre"}),) for place, one, other in rows(query)
        }

    return judged


def of_recalls(query: str) -> Callable[[Rows], dict[str, Labels]]:
    """What was called back, and the answer (decision 0038): for whoever has it, and whoever sees the tombstone."""

    def judged(rows: Rows) -> dict[str, Labels]:
        people = {username: number for number, username in rows("SELECT id::text, username FROM access_person")}
        return {
            place: (frozenset({f"person {people.get(person, person)}" if person else _everybody_of(holder), *stone}),)
            for place, holder, person, stone in rows(query)
        }

    return judged


def _everybody_of(agency: str) -> str:
    return partner_label(agency) if agency.startswith(PARTNER) else agency_label(agency)


def of_leads(rows: Rows) -> dict[str, Labels]:
    """Who leads on a line: for whoever sees the return it hangs on, and that is everybody with a policing role."""
    return {place: (frozenset({"police"}),) for (place,) in rows("SELECT ctid::text FROM operations_leadstep")}


def of_attempts(rows: Rows) -> dict[str, Labels]:
    """Tries to sign in are counted before there is a viewer: for two hours they are anybody's, then nobody's."""
    found = rows("SELECT ctid::text, at > now() - interval '2 hours' FROM access_signinattempt")
    return {place: (frozenset({ANYBODY} if recent else ()),) for place, recent in found}


def _through_factor(table: str) -> str:
    return f"SELECT x.ctid::text, f.person_id::text FROM {table} x JOIN access_secondfactor f ON f.id = x.factor_id"


_RECALLED = (
    "SELECT {own}::text, x.holder_id, x.person, array(SELECT l.key FROM access_audiencelabel al "
    "JOIN access_label l ON l.id = al.label_id WHERE al.audience_id = t.audience_id) "
    "FROM {joined} JOIN records_tombstone t ON t.id = x.record_id"
)
BEFORE_SIGNING_IN = "access_signinattempt"
"""The one table of which something is read without a viewer."""
EVERYBODYS = frozenset({"access_policystatement", "access_policyword"})
"""Tables of which everybody who may sign in reads every row, and nobody else any."""
LEADS = "operations_leadstep"
"""The one table of which everybody with a policing role reads every row."""
PERSONAL: Mapping[str, Callable[[Rows], dict[str, Labels]]] = {
    "access_auditevent": of_reads,
    "access_auditsubject": of_records_read,
    "access_auditdecision": of_decisions,
    "access_approval": of_requests("SELECT ctid::text, asked_by_id FROM access_approval"),
    "access_approvalstep": of_requests(
        "SELECT s.ctid::text, a.asked_by_id FROM access_approvalstep s JOIN access_approval a ON a.id = s.approval"
    ),
    "access_secondfactor": of_factors("SELECT ctid::text, person_id::text FROM access_secondfactor", told=True),
    "access_secondfactorend": of_factors(_through_factor("access_secondfactorend"), told=True),
    "access_recoverycode": of_factors(_through_factor("access_recoverycode"), told=False),
    "access_usedcode": of_factors(_through_factor("access_usedcode"), told=False),
    BEFORE_SIGNING_IN: of_attempts,
    "recalls_recall": of_recalls(_RECALLED.format(own="x.ctid", joined="recalls_recall x")),
    "recalls_recallanswer": of_recalls(
        _RECALLED.format(own="a.ctid", joined="recalls_recallanswer a JOIN recalls_recall x ON x.id = a.recall_id")
    ),
    "operations_jointrequest": of_joint_work(
        "SELECT ctid::text, from_agency_id, to_agency_id FROM operations_jointrequest"
    ),
    "operations_requeststep": of_joint_work(
        "SELECT s.ctid::text, r.from_agency_id, r.to_agency_id FROM operations_requeststep s "
        "JOIN operations_jointrequest r ON r.id = s.request_id"
    ),
    "operations_readupto": of_joint_work("SELECT ctid::text, agency_id, agency_id FROM operations_readupto"),
    LEADS: of_leads,
    **{table: of_everybody(table) for table in EVERYBODYS},
    "records_decoy": of_decoys("SELECT ctid::text, planted_agency, sponsor_id FROM records_decoy"),
    "records_decoystep": of_decoys(
        "SELECT s.ctid::text, d.planted_agency, d.sponsor_id FROM records_decoystep s JOIN records_decoy d ON d.id = s.decoy_id"
    ),
    "records_decoyrecord": of_decoys_shown("SELECT ctid::text, owner_id, now() < until FROM records_decoyrecord"),
    "records_decoytoken": of_decoys_shown(
        "SELECT t.ctid::text, r.owner_id, now() < r.until FROM records_decoytoken t "
        "JOIN records_decoyrecord r ON r.id = t.decoy_id"
    ),
}
"""Each of these tables with the rule for its rows."""
