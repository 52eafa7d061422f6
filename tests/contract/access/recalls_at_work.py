"""What people of this world take out, and what they answer once it is called back."""

from __future__ import annotations

from collections.abc import Mapping

from crossline.access.viewer import Viewer, reading
from crossline.exchange.exports import prepare
from crossline.rights.recalls.answering import answer_recall, recalls
from crossline.rights.recalls.models import Answer


def export_people(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """An agency's analyst takes exports out, and so does somebody else of it."""
    for who, times in ((f"{agency}.analyst", often), (f"{agency}.everything", 1)):
        for _ in range(times):
            with reading(viewers[who]) as viewpoint:
                prepare("people", "csv", viewpoint).file.close()


def answer_what_is_asked(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """The analyst says of some that they are destroyed."""
    with reading(viewers[f"{agency}.analyst"]) as viewpoint:
        asked = [each for each in recalls(viewpoint) if each.is_of(viewpoint)]
        assert asked, "what was taken out is called back when a record goes"
        for each in asked[:often]:
            answer_recall(recall=each.id, answer=Answer.DESTROYED, words="", stood=0, viewpoint=viewpoint)
