"""The words of UK addresses: kinds of street, units, floors and buildings, each with the short forms people write."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

STREET_TYPES: Final = frozenset(
    {
        "alley", "approach", "arcade", "avenue", "bank", "boulevard", "bridge", "broadway", "brow", "causeway", "chase",
        "circle", "circus", "close", "common", "coppice", "copse", "corner", "court", "courtyard", "crescent", "croft",
        "cross", "crossing", "dale", "dell", "dene", "drift", "drive", "driveway", "drove", "end", "esplanade", "field",
        "fields", "fold", "gardens", "garth", "gate", "glade", "glebe", "glen", "green", "grove", "heath", "hill",
        "hollow", "lane", "lawn", "lea", "leys", "link", "loan", "loke", "mall", "mead", "meadow", "meadows",
        "mews", "mount", "orchard", "paddock", "parade", "park", "parkway", "passage", "path", "piece", "place", "plain",
        "precinct", "promenade", "quadrant", "quay", "ridge", "rise", "road", "row", "square", "street", "terrace",
        "turn", "vale", "view", "villas", "walk", "way", "wharf", "wynd", "yard",
    }
)  # fmt: skip
"""What a street's name ends with. [K] the commonest in the National Street Gazetteer's names."""

SHORT_FORMS: Final = MappingProxyType(
    {
        "all": "alley", "app": "approach", "appr": "approach", "av": "avenue", "ave": "avenue", "aven": "avenue",
        "blvd": "boulevard", "bvd": "boulevard", "bdwy": "broadway", "bldg": "building", "bldgs": "buildings",
        "cct": "circuit", "cir": "circus", "cl": "close", "clo": "close", "cott": "cottage", "cotts": "cottages",
        "cr": "crescent", "cres": "crescent", "cresc": "crescent", "crt": "court", "ct": "court", "dr": "drive",
        "drv": "drive", "esp": "esplanade", "est": "estate", "fm": "farm", "gdn": "garden", "gdns": "gardens",
        "gr": "grove", "gro": "grove", "grn": "green", "ho": "house", "hse": "house", "la": "lane", "ln": "lane",
        "mans": "mansions", "mdw": "meadow", "mnt": "mount", "orch": "orchard", "pde": "parade", "pk": "park",
        "pl": "place", "plc": "place", "prom": "promenade", "rd": "road", "rds": "roads", "sq": "square", "str": "street",
        "ter": "terrace", "terr": "terrace", "tce": "terrace", "wk": "walk", "wlk": "walk", "wy": "way",
        "gt": "great", "lt": "little", "lwr": "lower", "upr": "upper", "nth": "north", "sth": "south",
    }
)  # fmt: skip
"""Short form -> word, wherever it stands. "St" is not among them: it is a street or a saint by its place."""

BUILDINGS: Final = frozenset(
    {
        "apartments", "barn", "barns", "block", "buildings", "building", "bungalow", "centre", "chambers", "church",
        "cottage", "cottages", "court", "farm", "farmhouse", "flats", "grange", "hall", "heights", "hostel", "hotel",
        "house", "inn", "lodge", "manor", "mansion", "mansions", "mill", "nursery", "point", "rectory", "school", "station",
        "stables", "studios", "tower", "towers", "vicarage", "villa", "works",
    }
)  # fmt: skip
"""What the name of a building ends with."""

UNITS: Final = r"(?:flat|flt|ap{1,2}artment|apart|apt|unit|studio|suite|room|rm|maisonette|bedsit)"
"""Words for one dwelling of several under one roof."""

FLOORS: Final = MappingProxyType(
    {
        "basement": "basement", "lower ground": "basement", "garden": "garden", "ground": "ground", "gnd": "ground",
        "raised ground": "ground", "upper ground": "ground", "first": "1", "1st": "1", "second": "2", "2nd": "2",
        "third": "3", "3rd": "3", "fourth": "4", "4th": "4", "fifth": "5", "5th": "5", "sixth": "6", "6th": "6",
        "top": "top", "attic": "top", "penthouse": "top", "upper": "upper", "lower": "lower",
    }
)  # fmt: skip
"""A floor's word -> its level: a number, or one of basement, garden, ground, lower, upper, top."""

FLOOR_LETTERS: Final = MappingProxyType(
    {
        "lgff": "basement",
        "gff": "ground",
        "fff": "1",
        "sff": "2",
        "tff": "top",
        "gf": "ground",
        "ff": "1",
        "bf": "basement",
    }
)
"""Agents' abbreviations: gff is the ground-floor flat."""

APART: Final = MappingProxyType(
    {
        "annexe": "annexe", "annex": "annexe", "garage": "garage", "garages": "garage", "land": "land",
        "outbuilding": "outbuilding", "outbuildings": "outbuilding", "rear": "rear", "site": "site",
        "development": "site", "adjacent": "land", "caravan": "caravan", "shed": "outbuilding",
    }
)  # fmt: skip
"""Words by which something beside a house, and not the house, is meant."""

COUNTIES: Final = (
    "north yorkshire", "south yorkshire", "west yorkshire", "east yorkshire", "east riding of yorkshire", "east sussex",
    "west sussex", "west midlands", "tyne and wear", "greater london", "greater manchester", "isle of wight",
    "county durham", "east lothian", "west lothian", "mid glamorgan", "south glamorgan", "west glamorgan",
    "united kingdom", "bedfordshire", "berkshire", "buckinghamshire", "cambridgeshire", "cheshire", "cornwall", "cumbria",
    "derbyshire", "devon", "dorset", "essex", "gloucestershire", "hampshire", "herefordshire", "hertfordshire", "kent",
    "lancashire", "leicestershire", "lincolnshire", "merseyside", "middlesex", "norfolk", "northamptonshire",
    "northumberland", "nottinghamshire", "oxfordshire", "shropshire", "somerset", "staffordshire", "suffolk", "surrey",
    "sussex", "warwickshire", "wiltshire", "worcestershire", "yorkshire", "clwyd", "dyfed", "gwent", "gwynedd", "powys",
    "fife", "england", "scotland", "wales", "uk",
)  # fmt: skip
"""Counties and countries, the longer first: they stand behind a town, and one in common is no town in common. [K]"""

NO_TOWN: Final = frozenset(
    {"saint", "upon", "under", "the", "and", "near", "new", "old", "great", "little", "upper", "lower", "north", "south", "east",
     "west", "central", "city", "town", "bay", "sea", "street", "road", "estate", "industrial", "park"}
)  # fmt: skip
"""Words of many towns' names, and of none alone."""
