"""Who may need safeguarding, by plain rules that are data. Pure: facts in, findings out. No learned score, ever.

A finding puts a person forward for a person to look at. It decides nothing and
feeds no ranking of offenders.
"""

from crossline.engines.indicators.facts import AssertionFact, ConcernFinding, MentionFact, RecordFact, Standing, Trigger
from crossline.engines.indicators.rulebook import RULEBOOK, ConcernReason, ConcernRule, Rulebook
from crossline.engines.indicators.rules import raise_concerns

__all__ = [
    "RULEBOOK",
    "AssertionFact",
    "ConcernFinding",
    "ConcernReason",
    "ConcernRule",
    "MentionFact",
    "RecordFact",
    "Rulebook",
    "Standing",
    "Trigger",
    "raise_concerns",
]
