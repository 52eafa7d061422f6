"""How county lines are put in order, with every point explained. Pure: facts about lines in, scores out."""

from crossline.engines.priority.facts import Harm, HarmReturn, LineFacts
from crossline.engines.priority.score import LinePriority, Reason, ReasonKind, prioritise
from crossline.engines.priority.weights import STANDARD_WEIGHTS, PriorityWeights

__all__ = [
    "STANDARD_WEIGHTS",
    "Harm",
    "HarmReturn",
    "LineFacts",
    "LinePriority",
    "PriorityWeights",
    "Reason",
    "ReasonKind",
    "prioritise",
]
