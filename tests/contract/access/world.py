"""A store of every audience the policy knows, and for each row of it, from what was delivered, who may see it.

Who may see a row is worked out here a second time: from the delivery files, with `crossline.access.policy`, along the rows
that belong to a record; and from who people are, for rows that belong to people (personal_rules.py). The audience that the
product stored is used only where a row is neither's (see `_BY_AUDIENCE`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import psycopg

from crossline.access.actions import end_access
from crossline.access.audit import Process
from crossline.access.content_tables import NOT_CONTENT
from crossline.access.partners import add_partner, cover_authorities
from crossline.access.policy import Circumstances, agency_label, audience_for, labels_for
from crossline.access.roles import Role
from crossline.access.sealing import Sealer
from crossline.access.viewer import Viewer
from crossline.entities.judgements import judge, withdraw
from crossline.entities.models import Match, Verdict
from crossline.hosting.logins import DatabaseAccess, Login
from crossline.records.intake.accept import take_in
from crossline.rhythm import refresh
from crossline.simulation.nation import simulate
from crossline.simulation.parameters import Scale
from crossline.vocabulary.agencies import PartnerKind, agencies
from crossline.vocabulary.codes import REPORT_KINDS, Handling, RecordKind

from .at_work import people_at_work
from .beside_rules import Beside
from .personal_rules import PERSONAL, Labels, capacities

Connection = psycopg.Connection[Any]

SENDERS = ("kent", "essex", "nclcc")
EXPLICIT: tuple[Callable[[str, str], list[str] | None], ...] = (
    lambda own, other: None,
    lambda own, other: [own],
    lambda own, other: [],
    lambda own, other: [other, "auditor"],
    lambda own, other: ["nclcc"],
    lambda own, other: ["safeguarding", "surrey"],
)
"""The `audience` of a report, from its sender and another agency; None leaves it to the rule."""
LOOKING = ("kent", "essex", "metropolitan", "norfolk", "surrey", "nclcc")
"""Agencies whose people look: senders, agencies named by others, and one that only an explicit audience names."""
OF_AGENCIES = tuple(role for role in Role if role is not Role.PARTNER)
ROLES = ((), *((role,) for role in OF_AGENCIES), (Role.ANALYST, Role.SAFEGUARDING), OF_AGENCIES)
PARTNER, CLINIC = "Quillhaven Academy", "Marrowmere Clinic"
COUNCIL = "Quillhaven Council"
PARTNER_ROLES = ((Role.PARTNER,), (Role.ADMINISTRATOR,), (Role.PARTNER, Role.ADMINISTRATOR))
"""A partner organisation, and what its people hold."""
JUDGED = 40
"""How many matches somebody decides on; every second decision is taken back."""


def marked(number: int) -> str:
    """A word that stands in one report and nowhere else."""
    letters = ""
    for _ in range(4):
        number, rest = divmod(number, 20)
        letters += "bcdfghjklmnpqrstvwxz"[rest]
    return f"Qu{letters}"


# What is delivered


def reports_of(builders: ModuleType, agency: str, other: str, begin: int) -> Iterator[dict[str, Any]]:
    """A report of every kind, handling and audience, each about a child; some of the children are in several."""
    kinds = sorted(REPORT_KINDS)
    for place, (kind, handling, explicit) in enumerate(product(kinds, Handling, EXPLICIT)):
        word, audience = marked(begin + place), explicit(agency, other)
        shared = audience in (None, [agency])
        child = builders.person(
            surname=f"Shared{kind}{handling}".replace("_", "") if shared else word,
            forename="Jaden" if shared else word[::-1].title(),
            dob=f"201{kinds.index(kind)}-0{1 + len(handling)}-{10 + kinds.index(kind)}",
            ids={"nominal": word},
        )
        said: dict[str, Any] = {
            "kind": kind,
            "handling": handling,
            "audience": audience,
            "subject": f"{word} seen",
            "text": f"{word} handed over a parcel of crack cocaine.",
            "mentions": [child, {"key": "t1", "kind": "phone", "number": f"07700 900{100 + place % 800}#{begin:04}"}],
        }
        if kind == RecordKind.CUSTODY:
            said["custody"] = {"offence": "Possession with intent to supply", "outcome": "bailed", "under_18": True}
        make = builders.report
        if kind == RecordKind.MISSING:
            make, said = builders.missing_report, said | {"home": other, "found": "surrey"}
        yield make(f"{agency}/{word}", **said)


def write_deliveries(builders: ModuleType, folder: Path) -> list[Path]:
    """A tiny nation, with its communications data; and deliveries that hold what a nation holds only by chance."""
    simulate(out=folder / "nation", scale=Scale.TINY, seed=5, progress=lambda _: None)
    for number, agency in enumerate(SENDERS):
        other = SENDERS[(number + 1) % len(SENDERS)]
        reports = list(reports_of(builders, agency, other, begin=1000 * (number + 1)))
        changed = [each | {"text": "Something else."} for each in reports[:6]]
        unknown = builders.report(f"{agency}/unknown", audience=["nobody known"])
        own = folder / "made" / agency
        builders.delivery(
            own,
            agency=agency,
            ref="2026-900",
            reports=[*reports, reports[0], *changed, unknown, "no JSON"],
            lines=[builders.line(agency=agency), builders.line(agency=other)],
            investigations=[builders.investigation(agency=agency)],
            returns=[builders.figure(agency=agency), builders.figure("CASH", agency=agency, value="7")],
            finance=[builders.money(agency=agency)],
            homicides=[builders.homicide(agency=agency)],
        )
        builders.write_communications(own / "comms", said=builders.authorisation(agency=agency))
    return sorted(path.parent for path in folder.rglob("delivery.json"))


@dataclass(frozen=True)
class Delivered:
    """The reports of a delivery as they lie on disk."""

    agency: str
    ref: str
    lines: Sequence[Mapping[str, Any] | None]

    @classmethod
    def read(cls, folder: Path) -> Delivered:
        header = json.loads((folder / "delivery.json").read_text(encoding="utf-8"))
        path = folder / "reports.jsonl"
        written = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return cls(header["agency"], header["ref"], [json.loads(each) if each[:1] == "{" else None for each in written])


# Who may see it

_BY_RECORD: Mapping[str, str] = {
    "records_record": "SELECT ctid::text, id FROM records_record",
    "records_mention": "SELECT ctid::text, record_id FROM records_mention",
    "records_assertion": "SELECT ctid::text, record_id FROM records_assertion",
    "records_recordrestriction": "SELECT ctid::text, record_id FROM records_recordrestriction",
    "records_recordrelease": "SELECT ctid::text, record_id FROM records_recordrelease",
    "records_releasetakenback": "SELECT ctid::text, record_id FROM records_releasetakenback",
    "records_retentionclock": "SELECT ctid::text, record_id FROM records_retentionclock",
    "lines_linestate": "SELECT ctid::text, record_id FROM lines_linestate",
    "lines_lineattention": "SELECT ctid::text, record_id FROM lines_lineattention",
    "lines_lineorders": "SELECT ctid::text, record_id FROM lines_lineorders",
    "lines_linejudgement": "SELECT ctid::text, left_id, right_id FROM lines_linejudgement",
    "lines_stateevidence": "SELECT e.ctid::text, s.record_id, e.record_id FROM lines_stateevidence e "
    "JOIN lines_linestate s ON s.id = e.state_id",
    "lines_changejudgement": "SELECT ctid::text, record_id FROM lines_changejudgement",
    "records_searchtoken": "SELECT t.ctid::text, m.record_id FROM records_searchtoken t "
    "JOIN records_mention m ON m.id = t.mention_id",
    **{
        table: f"SELECT k.ctid::text, m.record_id FROM {table} k JOIN records_mention m ON m.id = k.mention_id"
        for table in ("entities_matchkey", "entities_preparedmention")
    },
    **{
        table: f"SELECT x.ctid::text, l.record_id, r.record_id FROM {table} x "
        "JOIN records_mention l ON l.id = x.left_id JOIN records_mention r ON r.id = x.right_id"
        for table in ("entities_match", "entities_judgement")
    },
    "entities_withdrawal": "SELECT w.ctid::text, l.record_id, r.record_id FROM entities_withdrawal w "
    "JOIN entities_judgement j ON j.id = w.judgement_id JOIN records_mention l ON l.id = j.left_id "
    "JOIN records_mention r ON r.id = j.right_id",
}
"""Rows that are seen with their record, or with both of their records."""
_BY_OWNER: Mapping[str, str] = {
    "records_recordreview": "SELECT x.ctid::text, x.record_id FROM records_recordreview x",
    "records_legalhold": "SELECT x.ctid::text, x.record_id FROM records_legalhold x",
    "deconfliction_pointer": "SELECT x.ctid::text, x.record_id FROM deconfliction_pointer x",
    "records_confirmation": "SELECT x.ctid::text, r.record_id FROM records_confirmation x "
    "JOIN records_recordreview r ON r.id = x.review_id",
    "records_holdlifted": "SELECT x.ctid::text, h.record_id FROM records_holdlifted x "
    "JOIN records_legalhold h ON h.id = x.hold_id",
}
"""What a reviewer wrote of a record, and at what it points: for those who see the record and are of the agency that owns it."""
_BY_AUDIENCE: Mapping[str, str] = {
    "access_audience": "SELECT ctid::text, id FROM access_audience",
    "access_audiencelabel": "SELECT ctid::text, audience_id FROM access_audiencelabel",
    **{
        table: f"SELECT ctid::text, audience_id FROM {table}"
        for table in ("records_compartmententry", "records_compartmentexit")
    },
}
"""Rows that are seen by the audience they are about; of what is put into a compartment, by who belongs there. A table with
audiences of its own and no other rule is judged so too."""
NOBODY = frozenset({"access_auditleaf", "access_auditcheckpoint", "deconfliction_checktoken"})
"""No person reads these through the web login."""


@dataclass
class World:
    """The store, who looks at it, and who may see which row. `outsiders` may see nothing."""

    access: DatabaseAccess
    delivered: Sequence[Delivered]
    viewers: Mapping[str, Viewer]
    outsiders: Mapping[str, str]
    _visible: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def connect(self, kind: Login) -> Connection:
        return psycopg.connect(self.access.conninfo(kind), autocommit=True)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read past row security."""
        with self.connect(Login.ADMINISTRATOR) as connection:
            return list(connection.execute(query.encode()).fetchall())

    def held(self, viewer: str) -> frozenset[str]:
        """The labels somebody holds, by the policy, and what they are and answer for."""
        who = self.viewers[viewer]
        return (
            labels_for(agency=who.agency, roles=who.roles) | capacities(who) | self._admitted.get(who.username, set())
        )

    @cached_property
    def _admitted(self) -> dict[str, set[str]]:
        """The compartments that people belong to: admitted by their own agency, or by two of another, and not ended."""
        found: dict[str, set[str]] = {}
        for username, compartment in self.rows(
            "SELECT p.username, a.compartment_id FROM access_compartmentadmission a JOIN access_person p ON p.id = a.person_id "
            "LEFT JOIN access_compartmentconfirmation f ON f.admission_id = a.id "
            "LEFT JOIN access_compartmentend e ON e.admission_id = a.id "
            "WHERE e.admission_id IS NULL AND (p.agency_id = a.admitted_agency OR f.admission_id IS NOT NULL)"
        ):
            found.setdefault(username, set()).add(f"compartment:{compartment}")
        return found

    @cached_property
    def _sent(self) -> dict[tuple[str, str], Mapping[str, Any]]:
        """The report that an agency's reference stands for: the first of them, as later ones are held or duplicates."""
        sent: dict[tuple[str, str], Mapping[str, Any]] = {}
        for delivery in self.delivered:
            for line in delivery.lines:
                if line is not None and "nobody known" not in (line.get("audience") or []):
                    sent.setdefault((delivery.agency, line["ref"]), line)
        return sent

    @cached_property
    def of_record(self) -> dict[UUID, frozenset[str]]:
        """Each record with the labels that the policy opens it to, from what was delivered; and to whom it was released."""
        released: dict[UUID, set[str]] = {}
        for record, to in self.rows(
            "SELECT r.record_id, r.to_agency_id FROM records_recordrelease r "
            "LEFT JOIN records_releasetakenback b ON b.release_id = r.id WHERE b.release_id IS NULL"
        ):
            released.setdefault(record, set()).add(agency_label(to))
        found = {}
        for record, owner, source, ref, kind, handling in self.rows(
            "SELECT id, owner_id, source, ref, kind, handling FROM records_record"
        ):
            said = self._sent[owner, ref] if source == "reports" else {}
            explicit, episode = said.get("audience"), said.get("missing") or {}
            found[record] = audience_for(
                Circumstances(
                    RecordKind(said.get("kind", kind)),
                    owner,
                    Handling(said.get("handling", handling)),
                    None if explicit is None else tuple(explicit),
                    episode.get("home_agency"),
                    episode.get("found_agency"),
                ),
                agencies=agencies(),
            ) | released.get(record, set())
        for record, compartment in self.rows(
            "SELECT e.record_id, e.compartment_id FROM records_compartmententry e "
            "LEFT JOIN records_compartmentexit x ON x.entry_id = e.id WHERE x.entry_id IS NULL"
        ):
            found[record] = frozenset({f"compartment:{compartment}"})
        return found

    @cached_property
    def owner_of(self) -> dict[UUID, str]:
        """Each record with the agency whose it is."""
        return dict(self.rows("SELECT id, owner_id FROM records_record"))

    @cached_property
    def of_audience(self) -> dict[int, frozenset[str]]:
        """Each interned audience with its labels."""
        return {
            audience: frozenset(keys)
            for audience, keys in self.rows(
                "SELECT al.audience_id, array_agg(l.key) FROM access_audiencelabel al "
                "JOIN access_label l ON l.id = al.label_id GROUP BY 1"
            )
        }

    @cached_property
    def may_see(self) -> dict[str, dict[str, Labels]]:
        """For each content table of the catalogue, each row by its place with who may see it."""
        with self.connect(Login.ADMINISTRATOR) as connection:
            return {table: self.judged(connection, table) for table in content_tables(connection)}

    def judged(self, connection: Connection, table: str) -> dict[str, Labels]:
        """Who may see each row of a table. Fails for a table that nobody said how to judge."""

        def asked(query: str) -> list[tuple[Any, ...]]:
            return list(connection.execute(query.encode()).fetchall())

        if table in _BY_RECORD:
            return {row[0]: tuple(self.of_record[each] for each in row[1:]) for row in asked(_BY_RECORD[table])}
        if table in _BY_OWNER:
            return {
                place: (self.of_record[record], frozenset({f"of {self.owner_of[record]}"}))
                for place, record in asked(_BY_OWNER[table])
            }
        if table in PERSONAL:
            return PERSONAL[table](asked)
        if table in _BY_AUDIENCE:
            return {row[0]: (self.of_audience[row[1]],) for row in asked(_BY_AUDIENCE[table])}
        if table == "deconfliction_answersetting":
            found = asked(f"SELECT ctid::text, agency_id, record_id FROM {table}")
            return {
                place: (frozenset({agency_label(agency)}), *((self.of_record[record],) if record else ()))
                for place, agency, record in found
            }
        if table in NOBODY:
            return {row[0]: (frozenset(),) for row in asked(f"SELECT ctid::text FROM {table}")}
        if table == "access_label":
            return self._of_labels(asked("SELECT ctid::text, key FROM access_label"))
        if table == "records_tombstone":
            found = asked("SELECT ctid::text, owner_id FROM records_tombstone")
            return {place: (frozenset({agency_label(owner)}),) for place, owner in found}
        if table == "records_delivery":
            found = asked("SELECT ctid::text, agency_id FROM records_delivery")
            return {place: (frozenset({agency_label(agency), "centre"}),) for place, agency in found}
        if table == "records_outcome":
            return self._of_outcomes(
                asked(
                    'SELECT o.ctid::text, d.agency_id, d.ref, o.file, o."row" FROM records_outcome o '
                    "JOIN records_delivery d ON d.id = o.delivery_id"
                )
            )
        beside = Beside(asked, self.of_audience, self.of_record).judged(table)
        if beside is not None:
            return beside
        columns = audience_columns(connection, table)
        assert columns, f"{table} is content and no rule here says who may see its rows: give it one"
        return {
            row[0]: tuple(self.of_audience[each] for each in row[1:])
            for row in asked(f"SELECT ctid::text, {', '.join(columns)} FROM {table}")
        }

    def _of_labels(self, found: list[tuple[Any, ...]]) -> dict[str, Labels]:
        """The name of a label is seen by whoever belongs to an audience that has it."""
        return {
            place: (frozenset().union(*(labels for labels in self.of_audience.values() if key in labels)),)
            for place, key in found
        }

    def _of_outcomes(self, found: list[tuple[Any, ...]]) -> dict[str, Labels]:
        """Of a report that named an audience, whatever became of it, nothing goes beyond the sender."""
        lines = {(each.agency, each.ref): each.lines for each in self.delivered}
        judged = {}
        for place, agency, ref, file, number in found:
            line = lines[agency, ref][number - 1] if file == "reports.jsonl" else None
            named = line is not None and line.get("audience") is not None
            judged[place] = (frozenset({agency_label(agency)} if named else {agency_label(agency), "centre"}),)
        return judged

    def visible(self, table: str, viewer: str) -> set[str]:
        """The places of the rows that somebody may see. Kept: the world is made once and asked very often."""
        if (table, viewer) not in self._visible:
            held, rows = self.held(viewer), self.may_see[table].items()
            self._visible[table, viewer] = {place for place, needed in rows if all(held & each for each in needed)}
        return self._visible[table, viewer]


def content_tables(connection: Connection) -> list[str]:
    """Whatever of the schema holds rows and is not named as holding no content: asked of the catalogue."""
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relkind IN ('r', 'p', 'f', 'v', 'm') AND relname <> ALL (%s) ORDER BY 1",
        [list(NOT_CONTENT)],
    )
    return [row[0] for row in found.fetchall()]


def audience_columns(connection: Connection, table: str) -> list[str]:
    """The columns that refer to an audience."""
    found = connection.execute(
        "SELECT a.attname FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] "
        "WHERE k.contype = 'f' AND k.confrelid = 'access_audience'::regclass AND k.conrelid = %s::regclass ORDER BY 1",
        [table],
    )
    return [row[0] for row in found.fetchall()]


def named(roles: Sequence[Role]) -> str:
    """What people with these roles are called here."""
    if len(roles) == len(OF_AGENCIES):
        return "everything"
    return "-".join(roles).replace("_", "-") or "nobody"


def made_world(access: DatabaseAccess, builders: ModuleType, folder: Path) -> World:
    """Deliveries written and taken in, everything due done, some of it decided on, and people of every role at work."""
    deliveries = write_deliveries(builders, folder)
    for delivery in deliveries:
        take_in(delivery, communications=folder / "kept")
    reach = builders.reach(folder / "kept")
    council = add_partner(
        name=COUNCIL, short_name="QC", kind=PartnerKind.CHILDRENS_SERVICES, region="", by=Process("tests")
    )
    cover_authorities(organisation=council.id, named=["Surrey"], by=Process("tests"))
    viewers = {"council.partner": builders.enrolled("council.partner", agency=council.id, roles=[Role.PARTNER])}
    refresh(reach=reach, progress=lambda _: None)
    matches = Match.objects.filter(kind="person").select_related("left__record", "right__record")
    # By what was delivered, not by ids, so that every run decides on the same pairs and gives the same figures.
    in_order = sorted(matches, key=lambda match: sorted((match.left.record.ref, match.right.record.ref)))
    with builders.administrator() as viewpoint:
        for number, match in enumerate(in_order[:: len(in_order) // JUDGED][:JUDGED]):
            made = judge(
                left=match.left_id, right=match.right_id, verdict=Verdict.SAME, reason="seen", viewpoint=viewpoint
            )
            if number % 2:
                withdraw(judgement=made.id, reason="mistaken", viewpoint=viewpoint)
    for agency in SENDERS:
        builders.succession(agency, "+447700900123#0042", f"+447700900777#{SENDERS.index(agency):04}")
    school = add_partner(name=PARTNER, short_name="Academy", kind=PartnerKind.EDUCATION, region="", by=Process("tests"))
    add_partner(name=CLINIC, short_name="Clinic", kind=PartnerKind.HEALTH, region="", by=Process("tests"))
    for agency, roles in (*product(LOOKING, ROLES), *((school.id, roles) for roles in PARTNER_ROLES)):
        name = f"{agency}.{named(roles)}"
        viewers[name] = builders.enrolled(name, agency=agency, roles=roles)
    inactive = builders.enrolled("kent.inactive", agency="kent", roles=OF_AGENCIES)
    ended = builders.enrolled("kent.ended", agency="kent", roles=OF_AGENCIES)
    people_at_work(access, viewers, [inactive, ended], reach)
    with psycopg.connect(access.conninfo(Login.ADMINISTRATOR), autocommit=True) as connection:
        connection.execute("UPDATE access_person SET is_active = false WHERE id = %s", [inactive.person_id])
    end_access(username="kent.ended", reason="has left", by=Process("tests"))
    Sealer(access.conninfo(Login.SEALER), bytes(32), [folder / "checkpoints.jsonl"]).seal(idle=0.0)
    outsiders = {
        "no viewer": "",
        "somebody unknown": "00000000-0000-4000-8000-000000000000",
        "somebody inactive": str(inactive.person_id),
        "somebody who has left": str(ended.person_id),
        "no id at all": "kent.analyst",
    }
    return World(access, [Delivered.read(each) for each in deliveries], viewers, outsiders)
