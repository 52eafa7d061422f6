"""What an application may not say: who a victim is, where they can be reached, who reported, and who the source is.

The people are those that an export withholds (exchange/masking.py), as far as the records of this line name them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.exchange.masking import VICTIM, masking
from crossline.lines.rows import bare
from crossline.records.models import Mention
from crossline.records.withholding import SHORTEST_NAME, Withheld, names_of, pattern_of
from crossline.vocabulary.codes import MentionKind
from crossline.wording import format_phone


def withheld_among(viewpoint: Viewpoint, records: Collection[UUID], *, but: Iterable[str] = ()) -> Withheld:
    """What may not be told of the people whom these records name. `but`: names that stand for the line itself."""
    mask, known = masking(viewpoint), people(viewpoint)
    mentions = list(viewpoint.visible(Mention.objects.filter(record__in=records)))
    hidden = {
        known.of(str(each.id)): instead
        for each in mentions
        if each.kind == MentionKind.PERSON and (instead := mask.of_person(known.of(str(each.id))))
    }
    elsewhere = [mention for mention, person in known.cluster_of.items() if person in hidden]
    called = {
        each.id: each for each in mentions if each.kind == MentionKind.PERSON and known.of(str(each.id)) in hidden
    }
    called |= {each.id: each for each in viewpoint.visible(Mention.objects.filter(id__in=elsewhere))}
    spared = {name.casefold() for name in but}
    words: dict[str, tuple[str, str]] = {}
    for each in called.values():
        victim = hidden[known.of(str(each.id))] == VICTIM
        said = (
            ("[a victim]", "who a victim is")
            if victim
            else ("[a person put forward for help]", "who is put forward for help")
        )
        words |= dict.fromkeys(names_of(each), said)
    for each in mentions:
        if mask.of_thing(each.kind, selector=each.selector or "", mention=str(each.id)):
            words |= dict.fromkeys(_reached_by(each), ("[not shown]", "where somebody withheld can be reached"))
    return Withheld(
        tuple(
            (pattern_of(word), *words[word])
            for word in sorted(words, key=lambda word: (-len(word), word))
            if word.casefold() not in spared
        )
    )


def _reached_by(mention: Mention) -> Iterable[str]:
    """How a number or an address is written."""
    said = [mention.caption, str(mention.detail.get("postcode") or "")]
    if mention.kind == MentionKind.PHONE and mention.selector:
        value = bare(mention.selector)
        said += [value, format_phone(value)]
    return [each.strip() for each in said if len(each.strip()) >= SHORTEST_NAME]
