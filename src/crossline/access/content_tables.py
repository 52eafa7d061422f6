"""Which tables hold no content, and what else of the schema is let be: each with its reason. All other tables are guarded.

The boot check (access/boot_check.py) and the tests of the database's catalogue read the same lists, so that what is allowed
here is allowed in both, and a table that nobody thought of is in neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NOT_CONTENT: Final[Mapping[str, str]] = {
    "access_agency": "the public list of agencies and partner organisations",
    "access_person": "who may sign in: read to sign in, before there is a viewer; written through functions alone",
    "access_membership": "what the visibility function reads; the web role may not",
    "auth_group": "Django's, unused and empty; no role but the owner may touch it",
    "auth_group_permissions": "likewise",
    "auth_permission": "likewise",
    "django_content_type": "Django's list of models",
    "django_migrations": "Django's list of migrations",
    "django_session": "Django's sessions, kept by the web role",
    "entities_registeredmodel": "which release of the matching model is in force: versions and a number",
    "records_step": "which step dealt with which delivery: ids and times only",
    "records_change": "numbers that say kept results are out of date; no column besides",
}
"""Tables without row security, because no row of theirs tells of a person, a case or who may see one."""

NOT_FORCED: Final[Mapping[str, str]] = {
    "access_label": "the visibility function reads it as its owner",
    "access_audience": "likewise",
    "access_audiencelabel": "likewise",
}
"""Tables whose policies do not bind their owner, who cannot log in."""

DEFINERS: Final[Mapping[str, str]] = {
    "crossline_visible_audiences()": "turns the viewer of the transaction into audiences; tells of nobody else",
    "crossline_administer_person(text,text,text,text[],text[],boolean,text,boolean)": (
        "writes a person, after asking whether the viewer administers that person's agency"
    ),
    "crossline_add_partner(text,text,text,text,text,text)": (
        "adds a partner organisation, after asking whether the viewer administers the centre"
    ),
    "crossline_cover_authorities(text,text[])": (
        "writes which local authorities a partner organisation covers, after asking whether the viewer administers the centre"
    ),
    "crossline_exports_told()": "tells an information manager the exports of their own agency's people",
    "crossline_widen_released()": "a trigger, called by nobody: gives a record that was released its wider audience",
    "crossline_narrow_taken_back()": "a trigger, called by nobody: takes that away with the release",
    "crossline_label_compartment()": "a trigger, called by nobody: gives a compartment that was opened its label and audience",
    "crossline_admit()": "a trigger, called by nobody: gives somebody of the owner’s who was admitted the label",
    "crossline_confirm_admission()": "the same for somebody of another agency, once a second keeper has confirmed it",
    "crossline_end_admission()": "a trigger, called by nobody: takes the label away",
    "crossline_leave_compartments()": "a trigger, called by nobody: ends admissions of whose access or agency ended",
    "crossline_enter_compartment()": "a trigger, called by nobody: gives a record that was put in the compartment’s audience",
    "crossline_leave_compartment()": "a trigger, called by nobody: gives it back the audience that it had",
    "crossline_deconflict(jsonb,text,text,text,date,boolean,uuid)": (
        "writes checks, and tells whoever asks which agencies let themselves be told of, whom to ring, and a word"
    ),
    "crossline_deconflict_asked()": "tells who asked about what the viewer's agency works on and the viewer sees",
    "crossline_deconflict_met()": "tells which agencies that let it be said work on what the viewer's agency works on",
    "crossline_deconflict_answer(uuid,text,text,text)": "writes what the viewer's own agency lets be answered",
    "crossline_deconflict_outcome(uuid,text,text,text,uuid)": "writes what became of a check that the viewer was told of",
    "crossline_event_check(jsonb,text,text,text,text,text)": (
        "writes a planned event with its check, and tells which agencies that let themselves be told of have one near it"
    ),
    "crossline_events_asked()": "tells who registered an event near the viewer's agency's, after it",
    "crossline_events_met()": "tells which agencies that let it be said have an event near the viewer's agency's",
    "crossline_event_call_off(uuid)": "writes that an event of the viewer's own agency does not take place",
    "crossline_deconflict_counts()": "tells the centre how many checks and outcomes there are, of no agency by itself",
    "crossline_restricted_points_no_more()": "a trigger, called by nobody: takes the pointers of a restricted record away",
    "crossline_order_audience()": "a trigger, called by nobody: gives an order the audience of its agency and the centre",
    "crossline_outreach_audience()": (
        "a trigger, called by nobody: gives an outreach the audience of who plans it, the centre, safeguarding and one partner"
    ),
    "crossline_partner_report_audience()": (
        "a trigger, called by nobody: gives a partner’s report the audience of the force, the centre, safeguarding and its sender"
    ),
    "crossline_referral_audience()": (
        "a trigger, called by nobody: gives a referral the audience of its agency, the centre and safeguarding leads"
    ),
    "crossline_meeting_audience()": (
        "a trigger, called by nobody: gives a meeting the audience of its agency, the centre and safeguarding leads"
    ),
    "crossline_invitation_audience()": (
        "a trigger, called by nobody: gives an invitation the same, with the one organisation that it is for"
    ),
    "crossline_action_audience()": (
        "a trigger, called by nobody: gives an action the same, with the one organisation that has it"
    ),
    "crossline_sheet_audience()": "a trigger, called by nobody: gives a sheet the same, with the one partner that it is for",
    "crossline_safeguarding_audience()": (
        "a trigger, called by nobody: gives what safeguarding says of somebody the audience of its agency, the centre and the "
        "safeguarding leads"
    ),
    "crossline_disclosure_audience()": (
        "a trigger, called by nobody: gives what somebody disclosed after a missing episode to safeguarding leads alone"
    ),
    "crossline_screening_audience()": (
        "a trigger, called by nobody: gives a screening the audience of its agency, the centre and safeguarding leads"
    ),
    "crossline_show_decoy()": "a trigger, called by nobody: shows a decoy that was agreed on to its agency, or no more",
    "crossline_audience_between(text)": (
        "gives the audience of the viewer’s own agency, one other and the centre, for what these are to read"
    ),
    "crossline_escalate_to_region()": (
        "a trigger, called by nobody: lets the regional unit read a request that was escalated to it"
    ),
    "crossline_set_own_password(text)": "writes the viewer's own password and nobody else's",
}
"""Functions that run with their owner's rights, by name and arguments."""
