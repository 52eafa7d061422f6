"""What is compared between two addresses, and what each grade of agreement weighs.

All weights are [D] assumptions of design, not learnt: no labelled pairs of addresses of agencies' own were at hand. They follow
from what UK addresses are: a postcode holds some fifteen of them, a street's name comes again in every town, and who writes
a house without its flat may mean any of its flats.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from crossline.engines.resolution.evidence import Aspect, Grade

VERSION: Final = "addresses-1"
PRIOR_BITS: Final = -14.0
"""Before anything is compared: one pair of mentions in some sixteen thousand is of one address. [D]"""
THRESHOLD_BITS: Final = 4.3
"""From here two addresses count as one in an export: 95 in 100, as for people. [D]"""
WORTH_SHOWING_BITS: Final = 0.0
"""From here a pair is kept and shown: as likely one as not. [D]"""

PLACE: Final = Aspect(
    "place",
    (
        Grade("postcode and street", "the same postcode and street", 14.0),
        Grade("postcode, street close", "the same postcode, and streets a slip apart", 13.0),
        Grade("postcode", "the same postcode, and a street that one of them leaves out", 12.5),
        Grade("near postcode and street", "postcodes a character apart and the same street", 12.5),
        Grade("street and town", "the same street and town, and a postcode that one of them leaves out", 12.5),
        Grade("postcode, street within", "the same postcode, and the street of one among the other's places", 11.0),
        Grade("postcode, other kind", "the same postcode, and streets of one name and another kind", 11.0),
        Grade("close street and town", "the same town, and streets a slip apart", 10.5),
        Grade("near postcode, street close", "postcodes a character apart, and streets a slip apart", 10.0),
        Grade("district and street", "the same street, and two postcodes of one district", 8.0),
        Grade("other kind and town", "the same town, and streets of one name and another kind", 7.0),
        Grade("near postcode", "postcodes a character apart, and a street that one of them leaves out", 6.5),
        Grade("town and street", "the same street and town, and postcodes of two districts", 6.0),
        Grade("street", "the same street, and no town or postcode to compare", 5.5),
        Grade("postcode, other street", "the same postcode and another street", 4.0),
        Grade("town", "the same town, and a street that one of them leaves out", 3.0),
        Grade("street elsewhere", "a street of the same name in another place", 0.5),
        Grade("elsewhere", "different places", -8.0),
    ),
)

NUMBER: Final = Aspect(
    "number",
    (
        Grade("flat by letter", "a house number with a letter, and the flat of that letter", 8.0),
        Grade("same", "the same house number", 6.0),
        Grade("range", "a house number within the other's range", 5.0),
        Grade("unsaid", "a house number that one of them leaves out", -1.0),
        Grade("letter", "a letter after the house number that one of them leaves out", -2.0),
        Grade("different", "different house numbers", -9.0),
    ),
)

FLAT: Final = Aspect(
    "flat",
    (
        Grade("same", "the same flat", 4.0),
        Grade("floor", "the same floor", 3.0),
        Grade("floor within", "floors that one dwelling may take up", 1.5),
        Grade("floor unclear", "floors that may be the same one", -2.25),
        Grade("unnamed", "a flat without its number, which one of them leaves out", -0.75),
        Grade("counted otherwise", "a flat by its letter and a flat by its number", -2.0),
        Grade("said otherwise", "a flat by its number and a flat by its floor", -2.25),
        Grade("unsaid", "a flat that one of them leaves out", -2.5),
        Grade("different", "different flats", -11.0),
    ),
)

NAME: Final = Aspect(
    "name",
    (
        Grade("same alone", "the same name of the building, which stands for its number", 6.0),
        Grade("part alone", "a name of the building that holds the other's, and stands for its number", 4.5),
        Grade("same", "the same name of the building", 4.0),
        Grade("part", "a name of the building that holds the other's", 2.5),
        Grade("alike", "names of the building alike", 1.0),
        Grade("unsaid", "a name of the building that one of them leaves out", -0.5),
        Grade("name for number", "one named, the other numbered", -1.5),
        Grade("different", "different names at one number", -1.5),
        Grade("different alone", "different names of buildings without a number", -8.0),
    ),
)

APART: Final = Aspect(
    "apart",
    (
        Grade("same", "the same annexe, yard or land", 2.0),
        Grade("unsaid", "an annexe, yard or land beside the house in one of them alone", -5.0),
    ),
)

TELLING: Final = Aspect(
    "telling",
    (
        Grade("held", "words that few of the candidates have", 1.5),
        Grade("partly held", "some of the words that few of the candidates have", 0.5),
        Grade("more besides", "words besides that the address does not have", -0.5),
        Grade("not held", "none of the words that tell the candidates apart", -1.0),
    ),
)
"""Only between candidates of one choice: what tells them apart. A pair by itself has nothing to say here."""

ASPECTS: Final = MappingProxyType({aspect.name: aspect for aspect in (PLACE, NUMBER, FLAT, NAME, APART, TELLING)})
