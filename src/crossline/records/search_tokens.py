"""The words by which a mention is found. Written with the mention, looked up by equality only (see SearchToken)."""

from __future__ import annotations

from crossline.records.intake.parsed import ParsedMention
from crossline.vocabulary.codes import MentionKind
from crossline.vocabulary.selectors import fold_name

LONGEST = 100


def tokens_for(mention: ParsedMention) -> set[str]:
    """A person's and a group's folded names and aliases, and any mention's bare selector value."""
    words: set[str] = set()
    if mention.kind is MentionKind.PERSON:
        for text in (mention.forename, mention.middle, mention.surname, *mention.aliases):
            words.update(fold_name(text).split())
        words.update(value.lower() for value in (mention.nominal, mention.pnc) if value)
    elif mention.kind in (MentionKind.GROUP, MentionKind.LINE):
        words.update(fold_name(mention.caption).split())
    return {word[:LONGEST] for word in words if word}
