"""What the policy says of limits: what needs two people, when records are reviewed and go, and how people sign in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings

from crossline.access import approvals, lock_out, one_time_codes, retention
from crossline.access.middleware import OPEN_PATHS, OPEN_PATTERNS
from crossline.access.policy_changes.security import NEEDED, WHO_AGREES
from crossline.access.sign_in import PENDING_SECONDS
from crossline.deconfliction import rules
from crossline.deconfliction.functions import WHO_ANSWERS
from crossline.engines.deconfliction.tokens import AWARE_METRES, PLANNED_AHEAD, REACH, STANDS_AFTER
from crossline.exchange.catalogue import NAMING, NETWORKS
from crossline.exchange.stamp import KEPT_FOR
from crossline.exchange.views import BULK
from crossline.hosting.configuration import Configuration, SecondFactorRule
from crossline.records.decoys import security as decoys
from crossline.rights.recalls.holders import HOLD_RECORDS
from crossline.rights.recalls.models import Holding
from crossline.site.policy.words import joined, role_in_words, span_in_words


def two_people() -> Iterator[str]:
    """What one person alone cannot do."""
    for act in approvals.Act:
        yield f"{act.meaning}: one person asks, an information manager of the same agency other than the asker allows."
    yield f"An export is in bulk where it has more than {BULK:,} rows."
    yield f"A request for a second person can be used for {span_in_words(approvals.EXPIRES)}, and once."
    for state, leads_to in approvals.MOVES.items():
        yield f"A request that is {state} can become: {joined(leads_to, none='nothing more')}."
    yield (
        f"A change of policy: {NEEDED} people of the centre with the role {role_in_words(WHO_AGREES)}, each in their own name."
    )
    yield f"A decoy is agreed to by somebody with one of the roles: {joined(map(role_in_words, decoys.WHO_AGREES))}."
    yield f"A decoy lasts at most {decoys.LONGEST_DAYS} days."


def exports() -> Iterator[str]:
    """What an export withholds."""
    yield f"Exports in the formats {joined(NETWORKS)} withhold who victims and people put forward for help are."
    yield f"So do the tables {joined(NAMING)}, in every format; other tables name nobody."
    yield f"An export says that it is destroyed within {span_in_words(KEPT_FOR)}."
    given = joined(each.label.lower() for each in Holding if each is not Holding.EXPORT)
    yield (
        "When a record is disposed of, what may hold it is called back: "
        f"exports of {joined(sorted(HOLD_RECORDS))} not yet run out, and each {given}. "
        "Whoever has it answers, and it is seen by them and by whoever sees the tombstone."
    )


def deconfliction() -> Iterator[str]:
    """What is said across the wall between agencies, and how often somebody may ask."""
    yield f"An agency that has said nothing answers whoever asks what it works on with: {rules.DEFAULT_LEVEL}."
    for level in rules.AnswerLevel:
        yield f"Answering {level} tells whoever asks: {level.meaning}."
    yield f"What an agency answers is set by its people with one of the roles: {joined(WHO_ANSWERS)}."
    for rule in rules.POINTING:
        yield (
            f"A record of the kind {rule.kind} points for {span_in_words(rule.lasts)} at most, unless its status is one of: "
            f"{joined(sorted(rule.ended))}; by {joined(rule.schemes)}. Authority: {rule.authority}."
        )
    yield f"Somebody asks at most {rules.CHECKS_AN_HOUR} times an hour; a check stands at most {rules.LONGEST_STANDING} days."
    yield f"A check is kept {span_in_words(rules.CHECKS_KEPT)} after it no longer stands, and then goes with its outcomes."
    yield f"One thing is looked up by at most {rules.TOKENS_OF_ONE} tokens."
    yield f"With a number at most {rules.FOLLOWED} others are looked up that took over from it, or it from them."
    yield (
        f"Of files somebody checks at most {rules.FILE_ROWS_ALONE:,} values a day alone, and {rules.FILE_ROWS:,} rows of one "
        "file once a second person has allowed it."
    )
    for kind, reach in REACH.items():
        yield (
            f"A planned event of the kind {kind} is in the way of another within {reach.metres:.0f} metres, from "
            f"{span_in_words(reach.before)} before it to {span_in_words(reach.after)} after it."
        )
    yield f"Events within {AWARE_METRES:.0f} metres are told of for awareness."
    yield f"An event begins at most {span_in_words(PLANNED_AHEAD)} ahead, and is kept {span_in_words(STANDS_AFTER)} after it."
    yield f"A value that more than {rules.HUB_AGENCIES} agencies openly point at is a hub, and names nobody."


def retention_rules() -> Iterator[str]:
    """When records are reviewed, what a reviewer asks, and how much may go at once."""
    for rule in retention.RULES:
        begins = "the start" if rule.in_force_from == retention.FROM_THE_START else rule.in_force_from.isoformat()
        until = "" if rule.in_force_until is None else f" until {rule.in_force_until.isoformat()}"
        replaced = "" if rule.replaced_by is None else f" Replaced by {rule.replaced_by}."
        yield (
            f"{rule.id}: reviewed {span_in_words(rule.review_after)} after the record was made, in force from {begins}{until}; "
            f"of the kinds: {joined(rule.kinds)}.{replaced} Authority: {rule.authority}."
        )
    cap = retention.CAP
    yield (
        f"One run makes due, or disposes of, at most {cap.share:.2%} of all records, or {cap.floor} where that is more. "
        f"Authority: {cap.authority}."
    )
    yield f"A changed rule is charged with what it makes due within {span_in_words(retention.HORIZON)}."
    yield f"A reviewer keeps a record for at most {span_in_words(retention.LONGEST_KEEPING)}."
    for question in retention.QUESTIONS:
        yield f"A reviewer answers: {question.text} ({question.id}). Authority: {question.authority}."


def signing_in() -> Iterator[str]:
    """Lock-out, codes, sessions and passwords. What an operator sets is stated by what they may set it to, and its default."""
    for what, rule in (("for one name", lock_out.BY_NAME), ("from one address", lock_out.BY_ADDRESS)):
        yield (
            f"{rule.failures} failures {what} within {span_in_words(rule.within)} lock it for {span_in_words(rule.lasts)}. "
            f"Authority: {rule.authority}."
        )
    yield (
        f"A one-time code has {one_time_codes.DIGITS} digits, lasts {one_time_codes.STEP} seconds and is taken "
        f"{one_time_codes.DRIFT} step early or late, once."
    )
    yield f"There are {one_time_codes.RECOVERY_CODES} recovery codes, each used once."
    yield f"Between password and code there are {span_in_words(timedelta(seconds=PENDING_SECONDS))}."
    yield f"A session ends {span_in_words(timedelta(seconds=settings.SESSION_COOKIE_AGE))} after it began."
    idle = Configuration.model_fields["idle_minutes"]
    least, most = (next(getattr(each, end) for each in idle.metadata if hasattr(each, end)) for end in ("ge", "le"))
    yield (
        f"A session ends after as many minutes without a request as the operator sets: {least} to {most}, and {idle.default} "
        "unless set."
    )
    required = Configuration.model_fields["second_factor"].default
    yield f"Whether a second factor is needed, the operator sets: {required} unless set ({joined(SecondFactorRule)})."
    for validator in settings.AUTH_PASSWORD_VALIDATORS:
        yield f"A password is held to {_validator(validator)}."
    addresses = joined([*OPEN_PATHS, *(pattern.pattern for pattern in OPEN_PATTERNS)])
    yield f"Addresses for people who have not signed in: {addresses}."


def _validator(entry: dict[str, Any]) -> str:
    options = ", ".join(f"{name} {value}" for name, value in sorted(entry.get("OPTIONS", {}).items()))
    return f"{entry['NAME'].rpartition('.')[2]}" + (f" ({options})" if options else "")
