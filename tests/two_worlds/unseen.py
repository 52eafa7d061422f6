"""Leaks that change no answer by themselves, each with the reason: a second filter stands behind, or nothing hidden gets there.

Whoever finds one of them caught takes it off this list: the test of planted leaks fails where the list is not exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_SAME_AUDIENCE = (
    "a record, what belongs to it and what it names have one audience: the filter of one is the filter of all"
)
_SAME_PERSON = "a hidden mention is of nobody whom the viewer sees; only with both filters out does what it uses show"
_OF_VISIBLE = "the rows are asked for by ids that came through the viewpoint already"
_OWN_AGENCY = "asks for the viewer's own agency's records alone: what is shut away from them is the same in both worlds"
_ENDS = "clustering leaves out pairs of which an end is no visible mention, and the mentions are filtered as well"
_READ_BEFORE = "the older revision is one that the viewer was shown"
_TWICE = "the same rows are filtered again in the next query"
_ACTION = "an action that no page calls without having looked the row up through the viewpoint first"


_OF_RETURNS = (
    "returns of lines, and what is said of them, are for everybody with a policing role: none is hidden from who asks"
)
_EVIDENCE = (
    "no hidden fact adds evidence to a state that both worlds have; test_closures asks for evidence that is hidden"
)
_NOT_SO_DEEP = "shows only where of three revisions the first was read, the second is seen and the third is hidden"
_NOT_SHOWN = "asked for mentions that are seen or absent; test_judgements and test_match_pages ask for what is hidden"
_NO_WORD = (
    "no hidden fact is a proposal, or a decision that contradicts another; test_queue_kept and test_proposals make some"
)
_STATE = "says only whether a kept list is made anew; what it shows is filtered when it is shown"
_TAKES_AWAY = "what it finds only takes days of visible rows away"
_TASK = (
    "shows in nothing but what explains the centre's own reads, or where a task goes out of sight after it was taken up"
)
_COUNTED = (
    "tries to sign in are counted by the questions themselves; test_filter_off weakens the same policy over older rows"
)
_EVERYBODYS = "everybody who may sign in reads all of it; test_filter_off reads it as those who may not"
_LEADS = "about local authorities: every safeguarding lead reads all of it, and nobody else has the page"
_EVERY_FORCES = "about line returns, which everybody with a policing role sees"
WHOLE = "all"
"""Every filter of the file, taken out at once."""


def _named(reason: str, file: str, *calls: str) -> dict[str, str]:
    return {
        f"no filter at all in {file}" if call is WHOLE else f"no filter in {file}, {call}": reason for call in calls
    }


def _columns(call: str, of: int, *places: int) -> list[str]:
    return [f"{call}, column {place} of {of}" for place in places or range(1, of + 1)]


UNSEEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        **_named(_READ_BEFORE, "audit/corrections.py", *_columns("clause 1", 2, 1)),
        **_named(_TWICE, "audit/corrections.py", *_columns("clause 1", 2, 2), "visible 3"),
        **_named(_NOT_SO_DEEP, "audit/corrections.py", "clause 2"),
        **_named(_SAME_AUDIENCE, "access/compartments/belonging.py", *_columns("visible 2", 2)),
        **_named(_SAME_AUDIENCE, "records/compartments/actions.py", *_columns("visible 1", 2)),
        **_named(_ACTION, "records/compartments/actions.py", "visible 2", "visible 3", "visible 4", WHOLE),
        **_named(_OF_VISIBLE, "records/compartments/views.py", "visible 1"),
        **_named(_SAME_AUDIENCE, "lines/looks.py", *_columns("visible 1", 2)),
        **_named(_OWN_AGENCY, "deconfliction/answer_pages.py", "visible 1", WHOLE),
        **_named(_ACTION, "deconfliction/answering.py", "visible 1"),
        **_named(_OWN_AGENCY, "deconfliction/answering.py", "visible 2", WHOLE),
        **_named(_OWN_AGENCY, "deconfliction/check_pages.py", "visible 1", "visible 2", WHOLE),
        **_named(_OF_VISIBLE, "deconfliction/check_pages.py", "visible 3", "visible 4", "visible 5"),
        **_named(_OWN_AGENCY, "deconfliction/files.py", "visible 1", WHOLE),
        **_named(_OWN_AGENCY, "deconfliction/measures.py", "visible 1"),
        **_named(_SAME_AUDIENCE, "deconfliction/overlaps.py", *_columns("clause 1", 2)),
        **_named(_OF_VISIBLE, "deconfliction/views.py", "visible 1", WHOLE),
        **_named(_OF_VISIBLE, "deconfliction/chains.py", "visible 1", WHOLE),
        **_named(_OF_VISIBLE, "deconfliction/overlap_pages.py", "visible 1", WHOLE),
        **_named(_OWN_AGENCY, "deconfliction/events.py", "visible 1", WHOLE),
        **_named(_OWN_AGENCY, "deconfliction/trying_out.py", "visible 1", WHOLE),
        **_named(
            _ENDS,
            "entities/clusters.py",
            *(column for call in (1, 2, 4, 5, 6, 7) for column in _columns(f"visible {call}", 2)),
            "visible 8",
        ),
        **_named(_NO_WORD, "entities/clusters.py", *_columns("visible 9", 2)),
        **_named(_OF_VISIBLE, "entities/comparing.py", *_columns("visible 1", 2), "visible 2", "visible 3", WHOLE),
        **_named(_NOT_SHOWN, "entities/judgements.py", "visible 1", WHOLE),
        **_named(_NOT_SHOWN, "entities/judgements.py", *_columns("visible 2", 2), *_columns("visible 3", 2)),
        **_named(_NOT_SHOWN, "entities/pair.py", *_columns("visible 1", 2)),
        **_named(
            _OF_VISIBLE, "entities/pair.py", "visible 2", *_columns("visible 3", 2), *_columns("visible 4", 2), WHOLE
        ),
        **_named(_ENDS, "entities/places.py", *_columns("visible 1", 2), *_columns("visible 2", 2)),
        **_named(_SAME_AUDIENCE, "entities/places.py", *_columns("visible 3", 2)),
        **_named(_NO_WORD, "entities/proposals.py", *_columns("visible 1", 2), *_columns("visible 2", 2), WHOLE),
        **_named(_TWICE, "entities/reviewing.py", "visible 2", *_columns("visible 3", 2), "visible 5"),
        **_named(_NO_WORD, "entities/reviewing.py", *(each for n in (1, 7, 8) for each in _columns(f"visible {n}", 2))),
        **_named(_STATE, "entities/reviewing.py", *_columns("visible 4", 2), *_columns("visible 6", 2)),
        **_named(_OF_VISIBLE, "entities/profile.py", "visible 2", "visible 3", "visible 5", "visible 6"),
        **_named(_OF_VISIBLE, "entities/profile.py", *_columns("visible 4", 2), *_columns("visible 7", 2)),
        **_named(_TWICE, "entities/search.py", "clause 3", "visible 4"),
        **_named(_SAME_AUDIENCE, "entities/things.py", "visible 3", "visible 7", "visible 8"),
        **_named(_TWICE, "entities/things.py", "visible 4", *_columns("visible 5", 2), "visible 6"),
        **_named(_SAME_AUDIENCE, "entities/victims.py", "visible 1", WHOLE),
        **_named(
            _SAME_PERSON,
            "exchange/masking.py",
            *(*_columns("visible 1", 3), *_columns("visible 2", 3)),
        ),
        **_named(_SAME_AUDIENCE, "exchange/mentions.py", *_columns("clause 1", 2), *_columns("visible 3", 3)),
        **_named(
            _SAME_AUDIENCE,
            "exchange/network.py",
            *(*_columns("clause 1", 2), *_columns("clause 2", 2), *_columns("clause 3", 3)),
        ),
        **_named(
            _SAME_AUDIENCE,
            "lines/rows.py",
            *(*_columns("clause 1", 3), *_columns("clause 2", 3), *_columns("clause 3", 2)),
            *(*_columns("clause 4", 4), *_columns("visible 5", 2)),
        ),
        **_named(_SAME_AUDIENCE, "lines/judging.py", "visible 1", *_columns("visible 2", 2)),
        **_named(_ACTION, "lines/judging.py", "visible 3"),
        **_named(_OF_RETURNS, "lines/standing.py", *_columns("visible 1", 2), WHOLE),
        **_named(_OF_RETURNS, "lines/attention.py", *_columns("visible 1", 2), WHOLE),
        **_named(_OF_RETURNS, "lines/taking_orders.py", *_columns("visible 1", 2), WHOLE),
        **_named(_OF_RETURNS, "lines/declaring.py", "visible 1", WHOLE),
        **_named(_OF_RETURNS, "lines/pairing.py", *_columns("visible 1", 4), *_columns("visible 2", 4), WHOLE),
        **_named(_OF_RETURNS, "lines/pair_pages.py", "visible 1", "visible 2", WHOLE),
        **_named(_OF_RETURNS, "lines/status_pages.py", "visible 1", WHOLE),
        **_named(_OF_VISIBLE, "lines/status_presenter.py", "visible 1", WHOLE),
        **_named(_EVIDENCE, "lines/evidence.py", *_columns("visible 1", 3), WHOLE),
        **_named(_ACTION, "lines/evidence.py", *(f"visible {call}" for call in range(2, 6))),
        **_named(_SAME_AUDIENCE, "lines/reemerging.py", *_columns("visible 1", 2)),
        **_named(_EVIDENCE, "lines/reemerging.py", *_columns("visible 2", 2)),
        **_named(_OF_VISIBLE, "lines/change_pages.py", "visible 1", "visible 2", WHOLE),
        **_named(_OF_VISIBLE, "lines/people.py", "visible 1", WHOLE),
        **_named(_OF_VISIBLE, "lines/presenter.py", "visible 1", WHOLE),
        **_named(_OF_VISIBLE, "operations/joint/requests.py", "visible 2", "visible 4"),
        **_named(_EVERY_FORCES, "operations/joint/requests.py", "visible 3"),
        **_named(_ACTION, "operations/joint/asking.py", "visible 1", WHOLE),
        **_named(_OWN_AGENCY, "operations/joint/joint_pages.py", "visible 1", WHOLE),
        **_named(_OF_VISIBLE, "operations/joint/presenter.py", "visible 1", WHOLE),
        **_named(_OF_VISIBLE, "operations/joint/line_pages.py", "visible 1", "visible 2"),
        **_named(_OF_VISIBLE, "operations/joint/line_moments.py", *_columns("visible 1", 2), *_columns("visible 2", 2)),
        **_named(_SAME_AUDIENCE, "operations/joint/line_pages.py", "visible 3", "visible 4"),
        **_named(_EVERY_FORCES, "operations/joint/leads.py", *(f"visible {call}" for call in range(1, 4)), WHOLE),
        **_named(_OWN_AGENCY, "operations/joint/surfacing.py", "visible 1", "visible 2", WHOLE),
        **_named(_TAKES_AWAY, "lines/activity.py", "visible 1", WHOLE),
        **_named(_SAME_AUDIENCE, "safeguarding/nrm/gathering.py", *_columns("visible 1", 2), *_columns("visible 3", 2)),
        **_named(_OF_VISIBLE, "safeguarding/nrm/gathering.py", "visible 2"),
        **_named(_LEADS, "safeguarding/nrm/guardians.py", "visible 1", WHOLE),
        **_named(_SAME_AUDIENCE, "safeguarding/nrm/section45.py", *_columns("visible 1", 2), *_columns("visible 2", 2)),
        **_named(_OF_VISIBLE, "safeguarding/nrm/section45.py", *_columns("visible 3", 3), *_columns("visible 4", 2)),
        **_named(_OF_VISIBLE, "safeguarding/nrm/standing.py", *_columns("visible 1", 2), *_columns("visible 2", 2, 1)),
        **_named(_OF_VISIBLE, "safeguarding/nrm/standing.py", *(f"visible {call}" for call in (3, 4, 5))),
        **_named(_OF_VISIBLE, "safeguarding/premises/keeping.py", "visible 1", "visible 2"),
        **_named(_SAME_AUDIENCE, "safeguarding/premises/keeping.py", *_columns("visible 3", 2)),
        **_named(
            _OF_VISIBLE, "safeguarding/premises/standing.py", *_columns("visible 1", 3), *_columns("visible 2", 2)
        ),
        **_named(_OF_VISIBLE, "safeguarding/premises/standing.py", *(f"visible {call}" for call in (3, 4, 6, 7))),
        **_named(_OF_VISIBLE, "safeguarding/premises/standing.py", *_columns("visible 5", 2, 1)),
        **_named(_SAME_PERSON, "safeguarding/premises/tenants.py", *_columns("visible 1", 3), WHOLE),
        **_named(_SAME_AUDIENCE, "orders/about.py", *_columns("visible 2", 3)),
        **_named(_SAME_AUDIENCE, "orders/gathering.py", *_columns("visible 3", 3), *_columns("visible 6", 3)),
        **_named(_OF_VISIBLE, "orders/gathering.py", *(f"visible {call}" for call in (1, 2, 4, 5))),
        **_named(
            _OF_VISIBLE, "orders/standing.py", *_columns("visible 1", 2), *(f"visible {call}" for call in (3, 4, 5))
        ),
        **_named(_OF_VISIBLE, "orders/withholding.py", "visible 1", "visible 2", WHOLE),
        **_named(_SAME_AUDIENCE, "picture/people_counted.py", *_columns("clause 1", 3), *_columns("visible 2", 2)),
        **_named(_SAME_AUDIENCE, "safeguarding/missing/episodes.py", *_columns("visible 1", 2)),
        **_named(
            _OF_VISIBLE,
            "safeguarding/missing/standing.py",
            *_columns("visible 1", 2, 2),
            *(column for call in (2, 3, 4) for column in _columns(f"visible {call}", 2)),
        ),
        **_named(_ACTION, "safeguarding/screening/saving.py", *_columns("visible 1", 2), WHOLE),
        **_named(
            _OF_VISIBLE,
            "safeguarding/screening/standing.py",
            *(column for call in (2, 8, 9, 10, 11) for column in _columns(f"visible {call}", 2)),
            *(column for call in (4, 7) for column in _columns(f"visible {call}", 2, 2)),
        ),
        **_named(
            _TWICE,
            "safeguarding/screening/standing.py",
            *(column for call in (3, 5) for column in _columns(f"visible {call}", 2)),
            *_columns("visible 6", 2, 2),
        ),
        **{
            f"row security of {table} lets everything pass (web_reads)": _OF_VISIBLE
            for table in (
                *("missing_episodeentry", "missing_triggerplan", "screening_signoff"),
                *("screening_informationneeded", "screening_informationanswer"),
            )
        },
        **_named(_TASK, "records/explaining.py", "visible 1", "visible 2", "visible 3", "visible 5"),
        **_named(_ACTION, "records/releasing.py", "visible 1", "visible 2", "visible 4", WHOLE),
        **_named(_TWICE, "records/decoys/finding.py", "clause 1"),
        **_named(_SAME_AUDIENCE, "records/releasing.py", *_columns("visible 3", 2)),
        **_named(_OF_VISIBLE, "records/restriction.py", *_columns("visible 1", 2), WHOLE),
        **_named(_ACTION, "records/restriction.py", "visible 2"),
        **_named(_ACTION, "records/retention/reviews.py", "visible 2", "visible 3"),
        **_named(_OWN_AGENCY, "records/retention/views.py", *(f"visible {call}" for call in range(1, 8)), WHOLE),
        **_named(_SAME_AUDIENCE, "records/views.py", "visible 3", "visible 4"),
        **_named(_OF_VISIBLE, "records/views.py", "visible 5"),
        **_named(_OWN_AGENCY, "rights/checks_told.py", "visible 1", WHOLE),
        **_named(_OF_VISIBLE, "rights/holding.py", "visible 1", "visible 2", "visible 3", WHOLE),
        **{
            f"row security of lines_{table} lets everything pass (web_reads)": _OF_RETURNS
            for table in ("linestate", "stateevidence", "linejudgement", "lineattention", "lineorders")
        },
        "row security of access_policystatement lets everything pass (web_reads)": _EVERYBODYS,
        "row security of access_policyword lets everything pass (web_reads)": _EVERYBODYS,
        "row security of access_signinattempt lets everything pass (web_reads)": _COUNTED,
    }
)
"""By the name of the leak."""
