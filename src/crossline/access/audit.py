"""The audit: one row for every read and change, in the transaction of what it records, so neither exists without the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from crossline.access.models import AuditEvent, AuditSubject
from crossline.access.viewer import Shown, Viewer


class Verb(StrEnum):
    """The six operations that DPA 2018 s.62 has logged."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


class Event(StrEnum):
    """What happened, in the past tense. A closed list: an event nobody can explain is not written."""

    DELIVERY_ACCEPTED = "delivery_accepted"
    DELIVERY_REFUSED = "delivery_refused"
    COMMUNICATIONS_DISPOSED = "communications_disposed"
    PEOPLE_MATCHED = "people_matched"
    THINGS_MATCHED = "things_matched"
    SUCCESSIONS_FOUND = "successions_found"
    DEAL_LINES_FOUND = "deal_lines_found"
    CONCERNS_RAISED = "concerns_raised"
    PARTNER_REPORT_SENT = "partner_report_sent"
    PARTNER_REPORT_MOVED = "partner_report_moved"
    PARTNER_REPORTS_KEPT = "partner_reports_kept"
    OUTREACH_PLANNED = "outreach_planned"
    OUTREACH_MOVED = "outreach_moved"
    CONCERNS_ANSWERED = "concerns_answered"
    CONCERN_MOVED = "concern_moved"
    CONCERN_NOTED = "concern_noted"
    JUDGEMENT_MADE = "judgement_made"
    JUDGEMENT_WITHDRAWN = "judgement_withdrawn"
    NUMBER_CHANGE_CONFIRMED = "number_change_confirmed"
    NUMBER_CHANGE_REJECTED = "number_change_rejected"
    NUMBER_CHANGE_WITHDRAWN = "number_change_withdrawn"
    JOINT_REQUEST_ASKED = "joint_request_asked"
    JOINT_REQUEST_MOVED = "joint_request_moved"
    JOINT_REQUEST_ANSWERED = "joint_request_answered"
    JOINT_REQUEST_REMARKED = "joint_request_remarked"
    LINE_LEAD_MOVED = "line_lead_moved"
    LINES_FROM_US_READ = "lines_from_us_read"
    LINE_STATUS_DECLARED = "line_status_declared"
    LINE_CLOSURE_PROPOSED = "line_closure_proposed"
    LINE_CLOSURE_DECIDED = "line_closure_decided"
    LINE_CHECKED = "line_checked"
    LINE_REOPENED = "line_reopened"
    CHECK_BACKS_LOOKED_AT = "check_backs_looked_at"
    LINES_JUDGED = "lines_judged"
    LINE_ATTENTION_CHANGED = "line_attention_changed"
    LINE_ORDERS_DECLARED = "line_orders_declared"
    RECORD_RESTRICTED = "record_restricted"
    RESTRICTION_LIFTED = "restriction_lifted"
    RECORD_RELEASED = "record_released"
    RELEASE_TAKEN_BACK = "release_taken_back"
    COMPARTMENT_OPENED = "compartment_opened"
    COMPARTMENT_ADMITTED = "compartment_admitted"
    COMPARTMENT_ADMISSION_CONFIRMED = "compartment_admission_confirmed"
    COMPARTMENT_ADMISSION_ENDED = "compartment_admission_ended"
    COMPARTMENT_ENTERED = "compartment_entered"
    COMPARTMENT_LEFT = "compartment_left"
    PARTNER_ADDED = "partner_added"
    PARTNER_COVERS = "partner_covers"
    PERSON_ENROLLED = "person_enrolled"
    PERSON_CHANGED = "person_changed"
    ACCESS_ENDED = "access_ended"
    ACCESS_RESTORED = "access_restored"
    SIGN_IN_RESET = "sign_in_reset"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # an event's name
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_ENDED = "second_factor_ended"
    RECORD_REVIEWED = "record_reviewed"
    DISPOSAL_CONFIRMED = "disposal_confirmed"
    DISPOSAL_DECLINED = "disposal_declined"
    DISPOSAL_STOPPED = "disposal_stopped"
    RECORD_DISPOSED = "record_disposed"
    HOLD_PLACED = "hold_placed"
    HOLD_LIFTED = "hold_lifted"
    REVIEW_RULES_APPLIED = "review_rules_applied"
    SIGNED_IN = "signed_in"
    CODE_ASKED = "code_asked"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_LOCKED = "sign_in_locked"
    PAGE_VIEWED = "page_viewed"
    SEARCHED = "searched"
    EXPORTED = "exported"
    ORDER_SAVED = "order_saved"
    ORDER_MOVED = "order_moved"
    ORDER_NOTED = "order_noted"
    REFERRAL_SAVED = "referral_saved"
    REFERRAL_SENT = "referral_sent"
    REFERRAL_MOVED = "referral_moved"
    REFERRAL_MESSAGE = "referral_message"
    REFERRAL_REVOKED = "referral_revoked"
    NRM_SAVED = "nrm_saved"
    NRM_MOVED = "nrm_moved"
    NRM_TEXT_GIVEN = "nrm_text_given"
    GUARDIAN_COVERAGE_SAID = "guardian_coverage_said"
    SECTION_45_CONSIDERED = "section_45_considered"
    PREMISES_MOVED = "premises_moved"
    PREMISES_NOTED = "premises_noted"
    VICTIM_TENANT_SAID = "victim_tenant_said"
    EPISODE_NOTED = "episode_noted"
    TRIGGER_PLAN_SAVED = "trigger_plan_saved"
    PERSON_SCREENED = "person_screened"
    SCREENING_SIGNED_OFF = "screening_signed_off"
    INFORMATION_ANSWERED = "information_answered"
    LOCAL_SCREENING_ENTERED = "local_screening_entered"
    MEETING_CALLED = "meeting_called"
    MEETING_MOVED = "meeting_moved"
    MEETING_INVITED = "meeting_invited"
    MEETING_ANSWERED = "meeting_answered"
    MINUTES_SAVED = "minutes_saved"
    MINUTES_SHARED = "minutes_shared"
    ACTION_GIVEN = "action_given"
    ACTION_MOVED = "action_moved"
    PLAN_SAVED = "plan_saved"
    PLAN_MOVED = "plan_moved"
    RETURN_ENTERED = "return_entered"
    OUTCOME_SAVED = "outcome_saved"
    TASK_TAKEN_UP = "task_taken_up"
    TASK_PUT_DOWN = "task_put_down"
    READ_DECIDED_ON = "read_decided_on"
    APPROVAL_ASKED = "approval_asked"
    APPROVAL_DECIDED = "approval_decided"
    APPROVAL_USED = "approval_used"
    POLICY_INSTALLED = "policy_installed"
    POLICY_CHANGED = "policy_changed"
    POLICY_AGREED = "policy_agreed"
    POLICY_REFUSED = "policy_refused"
    DECOY_PLANTED = "decoy_planted"
    DECOY_AGREED = "decoy_agreed"
    DECOY_REFUSED = "decoy_refused"
    DECOY_ENDED = "decoy_ended"
    DECOYS_READ = "decoys_read"
    POINTERS_MADE = "pointers_made"
    DECONFLICTION_CHECKED = "deconfliction_checked"
    DECONFLICTION_ANSWER_SET = "deconfliction_answer_set"
    DECONFLICTION_RESOLVED = "deconfliction_resolved"
    EVENT_CALLED_OFF = "event_called_off"
    CHECKS_DISPOSED = "checks_disposed"
    SUBJECT_ACCESS_GIVEN = "subject_access_given"
    RECALLED = "recalled"
    RECALL_ANSWERED = "recall_answered"


VERBS: dict[Event, Verb] = {
    Event.DELIVERY_ACCEPTED: Verb.COLLECTION,
    Event.DELIVERY_REFUSED: Verb.COLLECTION,
    Event.COMMUNICATIONS_DISPOSED: Verb.ERASURE,
    Event.PEOPLE_MATCHED: Verb.COMBINATION,
    Event.THINGS_MATCHED: Verb.COMBINATION,
    Event.SUCCESSIONS_FOUND: Verb.COMBINATION,
    Event.DEAL_LINES_FOUND: Verb.COMBINATION,
    Event.CONCERNS_RAISED: Verb.COMBINATION,
    Event.PARTNER_REPORT_SENT: Verb.COLLECTION,
    Event.PARTNER_REPORT_MOVED: Verb.DISCLOSURE,
    Event.PARTNER_REPORTS_KEPT: Verb.COLLECTION,
    Event.OUTREACH_PLANNED: Verb.DISCLOSURE,
    Event.OUTREACH_MOVED: Verb.DISCLOSURE,
    Event.CONCERNS_ANSWERED: Verb.DISCLOSURE,
    Event.CONCERN_MOVED: Verb.ALTERATION,
    Event.CONCERN_NOTED: Verb.ALTERATION,
    Event.JUDGEMENT_MADE: Verb.COMBINATION,
    Event.JUDGEMENT_WITHDRAWN: Verb.COMBINATION,
    Event.NUMBER_CHANGE_CONFIRMED: Verb.COMBINATION,
    Event.NUMBER_CHANGE_REJECTED: Verb.COMBINATION,
    Event.NUMBER_CHANGE_WITHDRAWN: Verb.COMBINATION,
    Event.JOINT_REQUEST_ASKED: Verb.DISCLOSURE,
    Event.JOINT_REQUEST_MOVED: Verb.ALTERATION,
    Event.JOINT_REQUEST_ANSWERED: Verb.DISCLOSURE,
    Event.JOINT_REQUEST_REMARKED: Verb.DISCLOSURE,
    Event.LINE_LEAD_MOVED: Verb.ALTERATION,
    Event.LINES_FROM_US_READ: Verb.ALTERATION,
    Event.LINE_STATUS_DECLARED: Verb.ALTERATION,
    Event.LINE_CLOSURE_PROPOSED: Verb.ALTERATION,
    Event.LINE_CLOSURE_DECIDED: Verb.ALTERATION,
    Event.LINE_CHECKED: Verb.ALTERATION,
    Event.LINE_REOPENED: Verb.ALTERATION,
    Event.CHECK_BACKS_LOOKED_AT: Verb.COMBINATION,
    Event.LINES_JUDGED: Verb.COMBINATION,
    Event.LINE_ATTENTION_CHANGED: Verb.ALTERATION,
    Event.LINE_ORDERS_DECLARED: Verb.ALTERATION,
    Event.RECORD_RESTRICTED: Verb.ALTERATION,
    Event.RESTRICTION_LIFTED: Verb.ALTERATION,
    Event.RECORD_RELEASED: Verb.DISCLOSURE,
    Event.RELEASE_TAKEN_BACK: Verb.ALTERATION,
    Event.COMPARTMENT_OPENED: Verb.ALTERATION,
    Event.COMPARTMENT_ADMITTED: Verb.DISCLOSURE,
    Event.COMPARTMENT_ADMISSION_CONFIRMED: Verb.DISCLOSURE,
    Event.COMPARTMENT_ADMISSION_ENDED: Verb.ALTERATION,
    Event.COMPARTMENT_ENTERED: Verb.ALTERATION,
    Event.COMPARTMENT_LEFT: Verb.DISCLOSURE,
    Event.PARTNER_ADDED: Verb.ALTERATION,
    Event.PARTNER_COVERS: Verb.ALTERATION,
    Event.PERSON_ENROLLED: Verb.ALTERATION,
    Event.PERSON_CHANGED: Verb.ALTERATION,
    Event.ACCESS_ENDED: Verb.ALTERATION,
    Event.ACCESS_RESTORED: Verb.ALTERATION,
    Event.SIGN_IN_RESET: Verb.ALTERATION,
    Event.PASSWORD_CHANGED: Verb.ALTERATION,
    Event.SECOND_FACTOR_ADDED: Verb.ALTERATION,
    Event.SECOND_FACTOR_ENDED: Verb.ALTERATION,
    Event.RECORD_REVIEWED: Verb.ERASURE,
    Event.DISPOSAL_CONFIRMED: Verb.ERASURE,
    Event.DISPOSAL_DECLINED: Verb.ERASURE,
    Event.DISPOSAL_STOPPED: Verb.ERASURE,
    Event.RECORD_DISPOSED: Verb.ERASURE,
    Event.HOLD_PLACED: Verb.ALTERATION,
    Event.HOLD_LIFTED: Verb.ALTERATION,
    Event.REVIEW_RULES_APPLIED: Verb.ALTERATION,
    Event.SIGNED_IN: Verb.CONSULTATION,
    Event.CODE_ASKED: Verb.CONSULTATION,
    Event.SIGN_IN_FAILED: Verb.CONSULTATION,
    Event.SIGN_IN_LOCKED: Verb.CONSULTATION,
    Event.PAGE_VIEWED: Verb.CONSULTATION,
    Event.SEARCHED: Verb.CONSULTATION,
    Event.EXPORTED: Verb.DISCLOSURE,
    Event.ORDER_SAVED: Verb.COMBINATION,
    Event.ORDER_MOVED: Verb.ALTERATION,
    Event.ORDER_NOTED: Verb.ALTERATION,
    Event.REFERRAL_SAVED: Verb.COMBINATION,
    Event.REFERRAL_SENT: Verb.DISCLOSURE,
    Event.REFERRAL_MOVED: Verb.ALTERATION,
    Event.REFERRAL_MESSAGE: Verb.DISCLOSURE,
    Event.REFERRAL_REVOKED: Verb.ALTERATION,
    Event.NRM_SAVED: Verb.COMBINATION,
    Event.NRM_MOVED: Verb.ALTERATION,
    Event.NRM_TEXT_GIVEN: Verb.DISCLOSURE,
    Event.GUARDIAN_COVERAGE_SAID: Verb.ALTERATION,
    Event.SECTION_45_CONSIDERED: Verb.ALTERATION,
    Event.PREMISES_MOVED: Verb.ALTERATION,
    Event.PREMISES_NOTED: Verb.ALTERATION,
    Event.VICTIM_TENANT_SAID: Verb.ALTERATION,
    Event.EPISODE_NOTED: Verb.ALTERATION,
    Event.TRIGGER_PLAN_SAVED: Verb.ALTERATION,
    Event.PERSON_SCREENED: Verb.COMBINATION,
    Event.SCREENING_SIGNED_OFF: Verb.ALTERATION,
    Event.INFORMATION_ANSWERED: Verb.ALTERATION,
    Event.LOCAL_SCREENING_ENTERED: Verb.ALTERATION,
    Event.MEETING_CALLED: Verb.COMBINATION,
    Event.MEETING_MOVED: Verb.ALTERATION,
    Event.MEETING_INVITED: Verb.DISCLOSURE,
    Event.MEETING_ANSWERED: Verb.ALTERATION,
    Event.MINUTES_SAVED: Verb.COMBINATION,
    Event.MINUTES_SHARED: Verb.DISCLOSURE,
    Event.ACTION_GIVEN: Verb.DISCLOSURE,
    Event.ACTION_MOVED: Verb.ALTERATION,
    Event.PLAN_SAVED: Verb.COMBINATION,
    Event.PLAN_MOVED: Verb.ALTERATION,
    Event.RETURN_ENTERED: Verb.ALTERATION,
    Event.OUTCOME_SAVED: Verb.COMBINATION,
    Event.TASK_TAKEN_UP: Verb.CONSULTATION,
    Event.TASK_PUT_DOWN: Verb.CONSULTATION,
    Event.READ_DECIDED_ON: Verb.ALTERATION,
    Event.APPROVAL_ASKED: Verb.ALTERATION,
    Event.APPROVAL_DECIDED: Verb.ALTERATION,
    Event.APPROVAL_USED: Verb.ALTERATION,
    Event.POLICY_INSTALLED: Verb.ALTERATION,
    Event.POLICY_CHANGED: Verb.ALTERATION,
    Event.POLICY_AGREED: Verb.ALTERATION,
    Event.POLICY_REFUSED: Verb.ALTERATION,
    Event.DECOY_PLANTED: Verb.ALTERATION,
    Event.DECOY_AGREED: Verb.ALTERATION,
    Event.DECOY_REFUSED: Verb.ALTERATION,
    Event.DECOY_ENDED: Verb.ALTERATION,
    Event.DECOYS_READ: Verb.CONSULTATION,
    Event.POINTERS_MADE: Verb.COMBINATION,
    Event.DECONFLICTION_CHECKED: Verb.DISCLOSURE,
    Event.DECONFLICTION_ANSWER_SET: Verb.ALTERATION,
    Event.DECONFLICTION_RESOLVED: Verb.ALTERATION,
    Event.EVENT_CALLED_OFF: Verb.ALTERATION,
    Event.CHECKS_DISPOSED: Verb.ERASURE,
    Event.SUBJECT_ACCESS_GIVEN: Verb.DISCLOSURE,
    Event.RECALLED: Verb.ERASURE,
    Event.RECALL_ANSWERED: Verb.ERASURE,
}


@dataclass(frozen=True)
class Process:
    """A named system process, for what no person did."""

    name: str

    def __str__(self) -> str:
        """As the audit calls it: no person can be called so."""
        return f"process:{self.name}"


@dataclass(frozen=True)
class Subject:
    """What was read or changed: a kind of thing and which one."""

    kind: str
    which: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def log(event: Event, *, by: Viewer | Process, about: Subject, purpose: str) -> UUID:
    """Write one audit row in the present transaction and give its id. If it cannot be written, the transaction fails, and so
    does the act."""
    if not connection.in_atomic_block:
        raise AssertionError(f"{event} was logged outside a transaction: it could stand without what it records")
    is_person = isinstance(by, Viewer)
    written = AuditEvent.objects.create(
        verb=VERBS[event],
        event=event,
        actor_id=str(by.person_id or "") if isinstance(by, Viewer) else "",
        actor=by.username if isinstance(by, Viewer) else str(by),
        actor_agency=by.agency if isinstance(by, Viewer) else "",
        subject_kind=about.kind,
        subject=about.which[:200],
        purpose=purpose,
        detail=dict(about.detail) | {"actor_kind": "person" if is_person else "process"},
    )
    return written.id


def log_shown(event: UUID, *, by: Viewer, shown: Iterable[Shown]) -> None:
    """Write which records a read showed, each once, beside its audit row."""
    once = {each.record: each for each in shown}
    AuditSubject.objects.bulk_create(
        [
            AuditSubject(
                event=event,
                actor_id=str(by.person_id or ""),
                actor_agency=by.agency,
                record=each.record,
                owner_agency=each.owner,
                explanation=each.explanation,
            )
            for each in once.values()
        ]
    )
