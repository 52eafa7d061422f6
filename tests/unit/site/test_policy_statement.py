"""The policy in lines: the same wherever it is asked, and other lines and another digest for each rule that is changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crossline.access import approvals, content_tables, lock_out, one_time_codes, pages, policy, retention, roles
from crossline.access.migrations import __name__ as migrations
from crossline.access.policy_changes.statement import Change, Difference, Line, Statement
from crossline.access.roles import Role
from crossline.lines import views as lines
from crossline.site.policy import database, limits, safeguarding, seeing
from crossline.site.policy.statement import PARTS, running, state_policy
from crossline.site.policy.words import span_in_words
from crossline.vocabulary.codes import Handling, RecordKind

SOURCE = Path(__file__).resolve().parents[3] / "src"


@pytest.fixture(autouse=True)
def address_book() -> None:
    """The real one, in place of the one that other tests of this room are given."""


def wider(rule: policy.AudienceRule) -> policy.AudienceRule:
    return replace(rule, labels=rule.labels | {"police"})


def without(rule: policy.AudienceRule) -> policy.AudienceRule:
    return replace(rule, labels=rule.labels - {"centre"})


def sql_of(name: str) -> Any:
    """The last operation of a migration of access."""
    module = __import__(f"{migrations}.{name}", fromlist=["Migration"])
    return module.Migration.operations[-1]


Changing = tuple[str, Callable[[pytest.MonkeyPatch, Any], None]]
CHANGES: dict[str, Changing] = {
    "a rule lets more see": ("Records", lambda to, _: to.setattr(policy, "RULES", tuple(map(wider, policy.RULES)))),
    "a rule lets fewer see": ("Records", lambda to, _: to.setattr(policy, "RULES", tuple(map(without, policy.RULES)))),
    "a rule has another authority": (
        "Records",
        lambda to, _: to.setattr(policy, "RULES", tuple(replace(each, authority="[D] none") for each in policy.RULES)),
    ),
    "what the sender says is not heard": ("Records", lambda to, _: to.setattr(policy, "_explicit", lambda *_: set())),
    "who has said nothing is named": (
        "Deconfliction",
        lambda to, _: to.setattr(limits.rules, "DEFAULT_LEVEL", limits.rules.AnswerLevel.CONTACT),
    ),
    "something may be released": ("Records", lambda to, _: to.setattr(seeing.release_security, "NEVER", {})),
    "something may be shut away": ("Records", lambda to, _: to.setattr(seeing.compartments, "NEVER", {})),
    "auditors work with intelligence": (
        "Roles",
        lambda to, _: to.setattr(policy, "POLICING_ROLES", roles.POLICING_ROLES | {Role.AUDITOR}),
    ),
    "the centre is another agency": ("Roles", lambda to, _: to.setattr(policy, "CENTRE", "kent")),
    "partners are agencies like others": ("Roles", lambda to, _: to.setattr(policy, "is_partner", lambda _: False)),
    "two roles give what neither gives": (
        "Roles",
        lambda to, _: to.setattr(
            seeing,
            "labels_for",
            lambda *, agency, roles: (
                policy.labels_for(agency=agency, roles=roles)
                | ({"police"} if set(roles) >= {Role.AUDITOR, Role.ADMINISTRATOR} else set())
            ),
        ),
    ),
    "a role means something else": ("Roles", lambda to, _: to.setitem(roles.MEANINGS, Role.AUDITOR, "Reads all.")),
    "a page is opened by others": (
        "Pages",
        # @page gives the view its policy, which the type of a function does not know.
        lambda to, _: to.setattr(lines.lines, "policy", replace(lines.lines.policy, roles=frozenset(Role))),  # type: ignore[attr-defined]
    ),
    "others decide on changes of number": (
        "Records",
        lambda to, _: to.setattr(seeing.deciding, "WHO_DECIDES", frozenset({Role.ANALYST})),
    ),
    "a page needs nobody": ("Pages", lambda to, _: to.setattr(lines.line, "policy", pages.OPEN)),
    "a page has no policy": ("Pages", lambda to, _: to.delattr(lines.line, "policy")),
    "requests last longer": ("Two people", lambda to, _: to.setattr(approvals, "EXPIRES", timedelta(days=9))),
    "more is not yet in bulk": ("Two people", lambda to, _: to.setattr(limits, "BULK", 501)),
    "what was refused can be used": (
        "Two people",
        lambda to, _: to.setattr(
            approvals, "MOVES", {**approvals.MOVES, approvals.State.REFUSED: {approvals.State.USED}}
        ),
    ),
    "one person changes the policy": ("Two people", lambda to, _: to.setattr(limits, "NEEDED", 1)),
    "decoys last longer": ("Two people", lambda to, _: to.setattr(limits.decoys, "LONGEST_DAYS", 91)),
    "late actions wait longer": (
        "Safeguarding",
        lambda to, _: to.setattr(safeguarding.parts, "escalated_after", lambda: timedelta(days=9)),
    ),
    "reports may wait longer": (
        "Safeguarding",
        lambda to, _: to.setattr(safeguarding, "READ_WITHIN", timedelta(days=9)),
    ),
    "others offer help": (
        "Safeguarding",
        lambda to, _: to.setattr(safeguarding, "WHO_OFFERS_HELP", frozenset({Role.ANALYST})),
    ),
    "others call meetings": (
        "Safeguarding",
        lambda to, _: to.setattr(safeguarding, "WHO_CALLS", frozenset({Role.ANALYST})),
    ),
    "a format names victims": (
        "Exports",
        lambda to, _: to.setattr(limits, "NETWORKS", frozenset(list(limits.NETWORKS)[1:])),
    ),
    "a table names victims": ("Exports", lambda to, _: to.setattr(limits, "NAMING", frozenset())),
    "records are reviewed later": (
        "Review and disposal",
        lambda to, _: to.setattr(
            retention, "RULES", tuple(replace(each, review_after=timedelta(9)) for each in retention.RULES)
        ),
    ),
    "a rule has a new version": (
        "Review and disposal",
        lambda to, _: to.setattr(
            retention, "RULES", tuple(replace(each, replaced_by=f"{each.id}-next") for each in retention.RULES)
        ),
    ),
    "more may go at once": (
        "Review and disposal",
        lambda to, _: to.setattr(retention, "CAP", replace(retention.CAP, share=0.01)),
    ),
    "less is asked of a reviewer": (
        "Review and disposal",
        lambda to, _: to.setattr(retention, "QUESTIONS", retention.QUESTIONS[1:]),
    ),
    "a rule is charged with less": (
        "Review and disposal",
        lambda to, _: to.setattr(retention, "HORIZON", timedelta(1)),
    ),
    "records are kept longer": (
        "Review and disposal",
        lambda to, _: to.setattr(retention, "LONGEST_KEEPING", timedelta(9_000)),
    ),
    "guessers have more tries": (
        "Signing in",
        lambda to, _: to.setattr(lock_out, "BY_NAME", replace(lock_out.BY_NAME, failures=6)),
    ),
    "a lock ends sooner": (
        "Signing in",
        lambda to, _: to.setattr(lock_out, "BY_ADDRESS", replace(lock_out.BY_ADDRESS, lasts=timedelta(minutes=1))),
    ),
    "codes are taken later": ("Signing in", lambda to, _: to.setattr(one_time_codes, "DRIFT", 2)),
    "sessions last longer": ("Signing in", lambda _, settings: setattr(settings, "SESSION_COOKIE_AGE", 60 * 60 * 24)),
    "passwords are shorter": ("Signing in", lambda _, settings: setattr(settings, "AUTH_PASSWORD_VALIDATORS", [])),
    "a page is open to all": (
        "Signing in",
        lambda to, _: to.setattr(limits, "OPEN_PATHS", limits.OPEN_PATHS | {"/lines"}),
    ),
    "a table has no row security": (
        "Database",
        lambda to, _: to.setitem(content_tables.NOT_CONTENT, "records_record", "why"),
    ),  # type: ignore[arg-type]  # read-only
    "a table does not bind its owner": (
        "Database",
        lambda to, _: to.setitem(content_tables.NOT_FORCED, "records_record", "why"),
    ),  # type: ignore[arg-type]  # read-only
    # A mapping that nothing else writes to; here it is, for the time of a test.
    "a function goes round": ("Database", lambda to, _: to.setitem(content_tables.DEFINERS, "all()", "why")),  # type: ignore[arg-type]
    "something stays that followed": ("Database", lambda to, _: to.setattr(database, "CARRIED", database.CARRIED[1:])),
    "something follows that stayed": ("Database", lambda to, _: to.setattr(database, "KEPT", {})),
    "row security is written otherwise": (
        "Database",
        lambda to, _: to.setattr(sql_of("0005_approvals"), "sql", sql_of("0005_approvals").sql.replace("<>", "=")),
    ),
}
"""What could be changed: the part of the policy that it changes, and how."""


@pytest.mark.parametrize("name", CHANGES)
def test_each_rule_that_is_changed_changes_the_lines_of_its_part_and_the_digest(
    name: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    before = state_policy()
    part, change = CHANGES[name]
    change(monkeypatch, settings)
    after = state_policy()
    difference = Difference.between(before, after)
    assert after.digest != before.digest
    assert part in {line.part for line in (*difference.added, *difference.removed)}
    assert len(difference.added) + len(difference.removed) < len(before.lines) / 2, (
        "what was not changed says what it said"
    )


def test_every_part_has_something_that_was_changed() -> None:
    assert {part for part, _ in CHANGES.values()} == set(PARTS) == {line.part for line in running().lines}


def test_it_is_the_same_in_another_process_with_other_settings() -> None:
    """Two commands in two environments state the same policy; sets and dictionaries have another order there."""
    told = "from crossline.site.policy.statement import running; print(running().digest)"
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    other = {"CROSSLINE_IDLE_MINUTES": "7", "CROSSLINE_SECOND_FACTOR": "required", "CROSSLINE_SYNTHETIC": "no"}
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {told}"],
        env=kept
        | other
        | {"PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": "77", "DJANGO_SETTINGS_MODULE": "crossline.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == running().digest == state_policy().digest


def test_lines_can_be_read_and_none_stands_twice() -> None:
    lines_ = running().lines
    assert len(set(lines_)) == len(lines_) > 150
    assert [
        line for line in lines_ if not line.text.endswith((".", "?")) or "\n" in str(line) or len(line.text) > 600
    ] == []
    assert [
        line for line in lines_ if "Handling." in line.text or "frozenset" in line.text or "<Role" in line.text
    ] == []


def test_every_kind_and_handling_and_every_authority_is_stated() -> None:
    text = "\n".join(map(str, running().lines))
    for kind in RecordKind:
        stated = [line for line in running().lines if line.part == "Records" and line.text.startswith(kind.meaning)]
        assert stated, kind
    for rule in (*policy.RULES, *retention.RULES, *retention.QUESTIONS, lock_out.BY_NAME, lock_out.BY_ADDRESS):
        assert rule.authority in text
    assert (
        "Intelligence report, graded 3x5x2, under handling C: seen by people of the centre with a policing role, "
        in text
    )
    assert f"under handling {Handling.P}: seen by everybody with a policing role. Authority: [S] 3x5x2" in text


# Statements and what differs

ONE, OTHER, THIRD = Line("A", "One."), Line("A", "Other."), Line("B", "Third.")


def test_a_digest_is_of_the_lines_their_parts_and_their_order() -> None:
    digests = [
        Statement(each).digest
        for each in ((), (ONE,), (OTHER,), (ONE, OTHER), (OTHER, ONE), (ONE, ONE), (Line("B", "One."),))
    ]
    assert len(set(digests)) == len(digests)
    assert Statement((ONE, OTHER)).digest == Statement((Line("A", "One."), Line("A", "Other."))).digest


def test_a_line_end_in_a_sentence_makes_no_second_line() -> None:
    assert Statement((Line("A", "One.\nA: Other."),)).digest != Statement((ONE, OTHER)).digest


def test_what_is_stored_comes_back() -> None:
    stated = Statement((ONE, THIRD))
    assert Statement.of_pairs(json.loads(json.dumps(stated.as_pairs()))) == stated
    again = Statement.of_pairs(json.loads(json.dumps(running().as_pairs())))
    assert again.digest == running().digest


def test_a_difference_is_what_one_says_and_the_other_does_not() -> None:
    old, new = Statement((ONE, OTHER)), Statement((OTHER, THIRD))
    assert Difference.between(old, new) == Difference((THIRD,), (ONE,), False)
    assert Difference.between(old, old) == Difference((), (), False)
    assert Difference.between(old, Statement((OTHER, ONE))) == Difference((), (), True)
    assert Difference.between(old, Statement((ONE, ONE, OTHER))) == Difference((ONE,), (), False)


def test_what_was_said_of_something_stands_beside_what_is_said_of_it_now() -> None:
    old = Statement(
        (Line("B", "It lasts for a day."), Line("A", "x: one."), Line("A", "y: two."), Line("B", "x: one."))
    )
    new = Statement(
        (Line("A", "x: three."), Line("A", "z: four."), Line("B", "It lasts for a week."), Line("B", "x: one."))
    )
    assert Difference.between(old, new).changes == (
        Change("B", "It lasts for a day.", "It lasts for a week."),
        Change("A", "x: one.", "x: three."),
        Change("A", "y: two.", None),
        Change("A", None, "z: four."),
    )


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(hours=72), "3 days"),
        (timedelta(hours=8), "8 hours"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=90), "90 seconds"),
        (timedelta(0), "0 seconds"),
        (timedelta(days=2190), "2,190 days"),
    ],
)
def test_spans_are_said_in_whole_units(span: timedelta, words: str) -> None:
    assert span_in_words(span) == words
