"""Which pairs are worth comparing: mentions that share a key.

A key depends on its own mention only, so keys can be stored beside mentions and new mentions looked up in proportion to
their number. Each rule is narrow enough on its own (an identifier alone, or two fields that seldom agree by chance).
"""

from __future__ import annotations

from dataclasses import dataclass

# Most mentions that may share one key. Beyond it a key is dropped and reported: 5,000 mentions are 12.5 million pairs.
KEY_LIMIT = 2000


@dataclass(frozen=True)
class Rule:
    """A kind of key: `sql` gives it for a prepared row that has a value in each column it names; `each`: a list to unfold."""

    name: str
    sql: str
    each: str | None = None


_DAY_MONTH = "least(dob_month, dob_day) || '-' || greatest(dob_month, dob_day)"

RULES = (
    Rule("pnc", "pnc"),
    Rule("nominal", "nominal"),
    Rule("phone and forename", "item || '|' || coalesce(fore_root, fore_initial)", each="phones"),
    Rule("phone and surname", "item || '|' || sur_code", each="phones"),
    Rule("phone and alias", "item || '|' || monikers[1]", each="phones"),
    Rule("vehicle and forename", "vrm || '|' || fore_root"),
    Rule("vehicle and surname", "vrm || '|' || sur_code"),
    Rule("forename and surname", "fore_root || '|' || sur_root"),
    Rule("forename and sound of surname", "fore_root || '|' || item", each="sur_codes"),
    Rule("sound of forename and surname", "fore_code || '|' || sur_root"),
    Rule("names in either order", "least(fore, sur) || '|' || greatest(fore, sur)"),
    Rule("surname and birth", f"sur_code || '|' || dob_year || '|' || {_DAY_MONTH}"),
    Rule("forename and birth", f"fore_root || '|' || dob_year || '|' || {_DAY_MONTH}"),
    Rule("surname, year and month", "sur_root || '|' || dob_year || '|' || dob_month"),
    Rule("initial and birth", "fore_initial || '|' || dob"),
    Rule("initial, surname and year", "fore_initial || '|' || sur_root || '|' || dob_year"),
    Rule("postcode and forename", "postcode || '|' || fore_root"),
    Rule("postcode and surname", "postcode || '|' || sur_code"),
    Rule("postcode and birth", "postcode || '|' || dob"),
    Rule("alias and forename", "item || '|' || fore_root", each="monikers"),
    Rule("alias and surname", "item || '|' || sur_code", each="monikers"),
    Rule("alias and birth", "item || '|' || dob", each="monikers"),
    Rule("vehicle", "vrm"),
    Rule("birth and agency", "dob || '|' || agency"),
    Rule("birth and district", "dob || '|' || outcode"),
    Rule("forename, year and agency", "fore_root || '|' || dob_year || '|' || agency"),
    Rule("initial, surname and agency", "fore_initial || '|' || sur_root || '|' || agency"),
    Rule("company and forename", "item || '|' || coalesce(fore_root, fore_initial)", each="company"),
)

SPARSE_RULES = (
    Rule("phone", "item", each="phones"),
    Rule("alias", "item", each="monikers"),
    Rule("birth", "dob"),
    Rule("house", "postcode || '|' || house"),
    Rule("postcode", "postcode"),
    Rule("surname and place", "sur_root || '|' || place"),
    Rule("forename and place", "fore_root || '|' || place"),
    Rule("surname and district", "sur_root || '|' || outcode"),
    Rule("forename and district", "fore_root || '|' || outcode"),
)
"""More keys for a file whose rows lack so much that few share two fields. Not for a nation's records, where whoever is not
named is somebody unknown, and a telephone that several used would lead to the wrong one of them."""


@dataclass(frozen=True)
class DroppedKey:
    """A key that too many mentions share to compare them all: how many, and of which rule."""

    rule: str
    mentions: int
