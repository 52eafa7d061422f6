"""Writing down the policy that the software states, and agreeing to it or refusing it: each checks, writes and audits in one go.

A statement says for itself how it stands, by the words that were said to it and by what was written down after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from django.db import DatabaseError, IntegrityError, connection, transaction

from crossline.access.audit import Event, Process, Subject, log
from crossline.access.policy import CENTRE
from crossline.access.policy_changes.models import PolicyStatement, PolicyWord
from crossline.access.policy_changes.security import NEEDED, WHO_AGREES
from crossline.access.policy_changes.statement import Difference, Statement
from crossline.access.viewer import Viewer, Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, PolicyWaits
from crossline.wording import in_one_line

PURPOSE: Final = "change of policy"
LONGEST_NOTE: Final = 500
INSTALLING: Final = Process("installation")
WAITS: Final = (
    "The policy has changed and waits for two information managers of the centre, so nothing is done: have them sign in, read "
    "what changes on the page /policy and agree to it, or go back to the release before."
)


class Said(StrEnum):
    """What somebody says to a statement."""

    AGREED = "agreed"
    REFUSED = "refused"


class State(StrEnum):
    """How a statement of the policy stands."""

    WAITS = "waits"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    REFUSED = "refused"
    PASSED_OVER = "passed_over"


MOVES: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.WAITS: frozenset({State.IN_FORCE, State.REFUSED, State.PASSED_OVER}),
        State.IN_FORCE: frozenset({State.REPLACED}),
        State.REPLACED: frozenset(),
        State.REFUSED: frozenset(),
        State.PASSED_OVER: frozenset(),
    }
)
"""Where each state leads. Nothing that is over comes back: the same lines are written down anew, and wait."""


@dataclass(frozen=True)
class Standing:
    """A statement with what people said to it, and how it stands."""

    row: PolicyStatement
    words: tuple[PolicyWord, ...]
    state: State

    @property
    def statement(self) -> Statement:
        return Statement.of_pairs(self.row.lines)

    @property
    def agreed(self) -> tuple[PolicyWord, ...]:
        return tuple(word for word in self.words if word.said == Said.AGREED)

    @property
    def difference(self) -> Difference:
        """What it changes in the statement that was in force when it was written down; of the first, nothing."""
        replaced = self.row.replaces
        old = self.statement if replaced is None else Statement.of_pairs(replaced.lines)
        return Difference.between(old, self.statement)


def history() -> list[Standing]:
    """Every statement, the latest first. Everybody who may sign in may read them all, so there is no viewpoint to ask."""
    words: dict[int, list[PolicyWord]] = {}
    for word in PolicyWord.objects.order_by("at", "id"):
        words.setdefault(word.statement_id, []).append(word)
    found: list[Standing] = []
    in_force = False
    for row in PolicyStatement.objects.select_related("replaces").order_by("-id"):
        said = words.get(row.id, [])
        if _stands(row, said):
            state = State.REPLACED if in_force else State.IN_FORCE
            in_force = True
        elif any(word.said == Said.REFUSED for word in said):
            state = State.REFUSED
        else:
            state = State.PASSED_OVER if found else State.WAITS
        found.append(Standing(row, tuple(said), state))
    return found


def _stands(row: PolicyStatement, words: list[PolicyWord]) -> bool:
    """Whether it came in force: the first by itself, each other by so many people and nobody's refusal."""
    agreed = {word.by_id for word in words if word.said == Said.AGREED}
    return row.replaces_id is None or (len(agreed) >= NEEDED and all(word.said == Said.AGREED for word in words))


def in_force(known: list[Standing]) -> Standing | None:
    """The one that counts now; none in a store that was never made ready."""
    return next((each for each in known if each.state is State.IN_FORCE), None)


def is_in_force(digest: str) -> bool:
    """Whether the policy with that digest is the one that counts now."""
    standing = in_force(history())
    return standing is not None and standing.row.digest == digest


def write_down(*, stated: Statement, offered: bool) -> State:
    """Hold what the software states against what is in force, and write it down where it is another; gives how it stands.

    `offered`: the site is being started with it, so that a statement that was refused is put to people anew.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('policy', 0))")
        known = history()
        standing, latest = in_force(known), known[0] if known else None
        if standing is not None and standing.row.digest == stated.digest:
            return State.IN_FORCE
        if (
            latest is not None
            and latest.row.digest == stated.digest
            and not (offered and latest.state is State.REFUSED)
        ):
            return latest.state
        made = PolicyStatement(
            id=1 if latest is None else latest.row.id + 1,
            digest=stated.digest,
            lines=stated.as_pairs(),
            replaces=None if standing is None else standing.row,
        )
        made.save(force_insert=True)
        first = standing is None
        event = Event.POLICY_INSTALLED if first else Event.POLICY_CHANGED
        log(event, by=INSTALLING, about=_subject(made), purpose=PURPOSE)
        return State.IN_FORCE if first else State.WAITS


def refuse_unless(policy_in_force: bool) -> None:
    """For whatever works with records: raises where the policy of this software is not the one in force."""
    if not policy_in_force:
        raise PolicyWaits(WAITS)


def may_agree(viewer: Viewer) -> bool:
    """Whether somebody is one of those whose word counts."""
    return viewer.agency == CENTRE and WHO_AGREES in viewer.roles and viewer.person_id is not None


def say(*, statement: int, said: Said, note: str, running: str, viewpoint: Viewpoint) -> State:
    """Agree to a statement, or refuse it, in the viewer's own name; gives how it stands then.

    `running` is the digest of what the software itself states: nobody agrees to what they were not shown.
    """
    viewer = viewpoint.viewer
    if not may_agree(viewer) or viewer.person_id is None:
        raise NotPermitted("Only information managers of the centre agree to a change of policy, or refuse it.")
    found = next((each for each in history() if each.row.id == statement), None)
    if found is None or found.row.digest != running or found.statement.digest != running:
        raise NotPermitted("That is not the policy of the software that is running; read the one that is.")
    if (State.IN_FORCE if said is Said.AGREED else State.REFUSED) not in MOVES[found.state]:
        raise MoveNotAllowed(f"Policy {statement} does not wait for anybody any more; read how it stands.")
    if any(word.by_id == viewer.person_id and word.said == said for word in found.words):
        raise NotPermitted("You have said so already; somebody else of the centre has to agree as well.")
    if said is Said.REFUSED:
        in_one_line(note, LONGEST_NOTE, "Say why you refuse: whoever made the change will want to know")
    word = PolicyWord(
        statement=found.row,
        said=said,
        note=note.strip()[:LONGEST_NOTE],
        by=viewer.username,
        by_id=viewer.person_id,
        by_agency=viewer.agency,
    )
    try:
        with transaction.atomic():
            word.save(force_insert=True)
    except (IntegrityError, DatabaseError) as error:
        raise MoveNotAllowed(f"Somebody was quicker: policy {statement} does not wait any more.") from error
    after = next(each for each in history() if each.row.id == statement)
    event = Event.POLICY_AGREED if said is Said.AGREED else Event.POLICY_REFUSED
    log(event, by=viewer, about=_subject(found.row, {"state": str(after.state)}), purpose=PURPOSE)
    return after.state


def _subject(row: PolicyStatement, more: Mapping[str, str] | None = None) -> Subject:
    return Subject("policy", str(row.id), {"digest": row.digest, "replaces": row.replaces_id, **(more or {})})
