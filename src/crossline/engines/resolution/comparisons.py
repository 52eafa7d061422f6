"""What is compared between two mentions, and the levels of agreement of each comparison: declared once, for all executors.

Each level has a condition over the two prepared rows (`x_l`, `x_r` for column x of mentions.PREPARED_SCHEMA, or a fact
of FACTS), words for an explanation, and the m and u with which training starts and on which it falls back: m is the
share of pairs of the same person that show the level, u the share of pairs of different people. They are [D] assumptions
of design until a model is trained; `model.py` holds what was learnt.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """One grade of agreement.

    `share_of`: the name whose share of the population (rare_<column>) takes the place of u, where the level has one;
    `least_share`: what it counts as when smaller. `learnt`: whether training can see it without bias.
    """

    code: str
    words: str
    sql: str
    m: float
    u: float
    share_of: str | None = None
    least_share: float = 0.0
    learnt: bool = True


@dataclass(frozen=True)
class Comparison:
    """Levels from strongest to ELSE; `silent`: conditions, cheapest first, any of which leaves nothing to say (0 bits)."""

    name: str
    silent: tuple[str, ...]
    levels: tuple[Level, ...]


ELSE = "ELSE"

# [D] Names go together: among people of one community a forename is far commoner than in the population, and a surname
# that is rare in the country is not rare in its town. No name counts as rarer than this, whatever the tables say; without
# it, people with names from small communities are taken for one another more often than others are.
LEAST_FORENAME_SHARE, LEAST_SURNAME_SHARE = 1e-3, 1e-4

# Two forenames that cannot be one person's: neither the same name in another form nor a slip of the pen.
_PLAINLY_DIFFERENT = (
    '("fore_l" is not null and "fore_r" is not null and "fore_root_l" <> "fore_root_r" '
    'and not list_contains("fore_set_l", "fore_r") and not list_contains("fore_set_r", "fore_l") '
    'and jaro_winkler_similarity("fore_l", "fore_r") < 0.8 and "fore_l" <> coalesce("mid_r", \'\') '
    'and "fore_r" <> coalesce("mid_l", \'\'))'
)
FACTS = {
    "siblings": f'coalesce("sur_root_l" = "sur_root_r" and {_PLAINLY_DIFFERENT}, false)',
    "namesakes": '("sur_root_l" = "sur_root_r" and ("fore_initial_l" is null or "fore_initial_r" is null))',
}
"""Facts about the names of a pair that several comparisons ask for, by the name under which they do."""

# Parents, children, brothers and twins share a house, a telephone and a name: what a household explains is no evidence.
_SAME_FAMILY = ('"siblings"', '"namesakes" and abs("dob_year_l" - "dob_year_r") > 1')
_SWAPPED = '("fore_l" = "sur_r" and "sur_l" = "fore_r" and "fore_l" <> "fore_r")'

FORENAME = Comparison(
    "forename",
    ('"fore_initial_l" is null', '"fore_initial_r" is null'),
    (
        Level("same", "the same forename", '"fore_l" = "fore_r"', 0.72, 0.004, "fore", LEAST_FORENAME_SHARE),
        Level(
            "variant",
            "forenames that stand for one another",
            '"fore_root_l" = "fore_root_r" or list_contains("fore_set_l", "fore_r") '
            'or list_contains("fore_set_r", "fore_l")',
            0.12,
            0.005,
        ),
        Level("swapped", "forename and surname the other way round", _SWAPPED, 0.01, 1e-6, learnt=False),
        Level("close", "forenames a slip apart", 'jaro_winkler_similarity("fore_l", "fore_r") >= 0.9', 0.05, 0.004),
        Level(
            "middle",
            "the forename of one is the middle name of the other",
            '"fore_l" = "mid_r" or "fore_r" = "mid_l"',
            0.01,
            0.002,
        ),
        Level(
            "initial",
            "an initial that fits the forename",
            '("fore_l" is null or "fore_r" is null) and "fore_initial_l" = "fore_initial_r"',
            0.03,
            0.08,
        ),
        Level("resembling", "forenames alike", 'jaro_winkler_similarity("fore_l", "fore_r") >= 0.8', 0.02, 0.02),
        Level("different", "different forenames", ELSE, 0.03, 0.88),
    ),
)

SURNAME = Comparison(
    "surname",
    ('"sur_l" is null', '"sur_r" is null', _SWAPPED),
    (
        Level("same", "the same surname", '"sur_l" = "sur_r"', 0.80, 0.0012, "sur", LEAST_SURNAME_SHARE),
        Level("variant", "spellings of one surname", '"sur_root_l" = "sur_root_r"', 0.03, 0.0003),
        Level("part", "a shared part of a double surname", 'list_has_any("sur_parts_l", "sur_parts_r")', 0.05, 1e-4),
        Level(
            "close",
            "surnames a slip apart",
            'jaro_winkler_similarity("sur_l", "sur_r") >= 0.92 or ('
            'jaro_winkler_similarity("sur_l", "sur_r") >= 0.8 and least(length("sur_l"), length("sur_r")) >= 5 '
            'and damerau_levenshtein("sur_l", "sur_r") <= 1)',
            0.06,
            0.0008,
        ),
        Level("sound", "surnames that sound alike", '"sur_code_l" = "sur_code_r"', 0.02, 0.002),
        Level("different", "different surnames", ELSE, 0.04, 0.995),
    ),
)

MIDDLE = Comparison(
    "middle",
    ('"mid_l" is null', '"mid_r" is null'),
    (
        Level("same", "the same middle name", '"mid_l" = "mid_r"', 0.75, 0.008),
        Level(
            "initial",
            "a middle initial that fits",
            'left("mid_l", 1) = left("mid_r", 1) and (length("mid_l") = 1 or length("mid_r") = 1)',
            0.15,
            0.03,
        ),
        Level("different", "different middle names", ELSE, 0.10, 0.962),
    ),
)

_BOTH_FULL = '"dob_l" is not null and "dob_r" is not null'
# A slip of one digit, or two digits the other way round, leaves two parts of three as they were: asked first, as it is cheap.
_TWO_PARTS = (
    '(("dob_year_l" = "dob_year_r" and ("dob_month_l" = "dob_month_r" or "dob_day_l" = "dob_day_r")) '
    'or ("dob_month_l" = "dob_month_r" and "dob_day_l" = "dob_day_r"))'
)
_YEAR = '"dob_year_l" = "dob_year_r"'
BIRTH = Comparison(
    "birth",
    ('"dob_year_l" is null', '"dob_year_r" is null'),
    (
        Level("same", "the same date of birth", '"dob_l" = "dob_r"', 0.78, 1e-4),
        Level(
            "swapped",
            "day and month of birth the other way round",
            f'{_YEAR} and "dob_month_l" = "dob_day_r" and "dob_day_l" = "dob_month_r"',
            0.02,
            4e-5,
        ),
        Level(
            "slip",
            "dates of birth one digit apart",
            f'{_BOTH_FULL} and {_TWO_PARTS} and damerau_levenshtein("dob_l", "dob_r") <= 1',
            0.06,
            0.0015,
        ),
        Level(
            "month",
            "the same year and month of birth, a day missing",
            f'{_YEAR} and "dob_month_l" = "dob_month_r" and ("dob_l" is null or "dob_r" is null)',
            0.02,
            0.003,
        ),
        Level(
            "year",
            "the same year of birth, the rest missing",
            f'{_YEAR} and ("dob_month_l" is null or "dob_month_r" is null)',
            0.06,
            0.035,
        ),
        Level(
            "partial",
            "two of day, month and year of birth the same",
            f"{_BOTH_FULL} and {_TWO_PARTS}",
            0.03,
            0.008,
        ),
        Level("near", "born within a year", 'abs("dob_year_l" - "dob_year_r") <= 1', 0.02, 0.09),
        Level("different", "different dates of birth", ELSE, 0.01, 0.86),
    ),
)

PNC = Comparison(
    "pnc",
    ('"pnc_l" is null', '"pnc_r" is null'),
    (
        Level("same", "the same PNC id", '"pnc_l" = "pnc_r"', 0.93, 4e-6),
        Level("slip", "PNC ids a slip apart", 'damerau_levenshtein("pnc_l", "pnc_r") <= 1', 0.04, 1e-4),
        Level("different", "different PNC ids", ELSE, 0.03, 0.9999),
    ),
)

NOMINAL = Comparison(
    "nominal",
    ('"nominal_l" is null', '"nominal_r" is null', '"nominal_force_l" <> "nominal_force_r"'),
    (
        Level("same", "the same nominal of the same force", '"nominal_l" = "nominal_r"', 0.85, 4e-6),
        Level("different", "different nominals of the same force", ELSE, 0.15, 0.999996),
    ),
)

PHONES = Comparison(
    "phones",
    ('"phones_l" is null', '"phones_r" is null', *_SAME_FAMILY),
    (
        Level("shared", "a shared telephone number", 'list_has_any("phones_l", "phones_r")', 0.45, 2e-5),
        Level(
            "slip",
            "telephone numbers one digit apart",
            'length("phones_l") = 1 and length("phones_r") = 1 and damerau_levenshtein("phones_l"[1], "phones_r"[1]) <= 1',
            0.01,
            1e-5,
        ),
        Level("different", "no telephone number in common", ELSE, 0.54, 0.99997),
    ),
)

VEHICLE = Comparison(
    "vehicle",
    ('"vrm_l" is null', '"vrm_r" is null', *_SAME_FAMILY),
    (
        Level("same", "the same vehicle", '"vrm_l" = "vrm_r"', 0.55, 2e-5),
        Level("slip", "registration marks a slip apart", 'damerau_levenshtein("vrm_l", "vrm_r") <= 1', 0.01, 1e-4),
        Level("different", "different vehicles", ELSE, 0.44, 0.99988),
    ),
)

ADDRESS = Comparison(
    "address",
    (
        '("postcode_l" is null or "postcode_r" is null) and ("street_l" is null or "street_r" is null) '
        'and ("place_l" is null or "place_r" is null)',
        *_SAME_FAMILY,
    ),
    (
        Level(
            "house",
            "the same house",
            '"house_l" = "house_r" and ("postcode_l" = "postcode_r" or "street_l" = "street_r")',
            0.30,
            1e-5,
        ),
        Level("postcode", "the same postcode", '"postcode_l" = "postcode_r"', 0.12, 5e-5),
        Level(
            "street",
            "the same or nearly the same street",
            'jaro_winkler_similarity("street_l", "street_r") >= 0.92',
            0.08,
            4e-4,
        ),
        Level("district", "the same postcode district", '"outcode_l" = "outcode_r"', 0.12, 0.006),
        Level("place", "the same place", '"place_l" = "place_r"', 0.13, 0.02),
        Level("different", "different addresses", ELSE, 0.25, 0.97),
    ),
)

SEX = Comparison(
    "sex",
    ('"sex_l" is null', '"sex_r" is null'),
    (
        Level("same", "the same sex", '"sex_l" = "sex_r"', 0.985, 0.62),
        Level("different", "different sexes", ELSE, 0.015, 0.38),
    ),
)

MONIKERS = Comparison(
    "monikers",
    (
        '("monikers_l" is null or "monikers_r" is null) '
        'and not coalesce(list_contains("monikers_l", "full_r"), false) '
        'and not coalesce(list_contains("monikers_r", "full_l"), false)',
    ),
    (
        Level("shared", "a shared alias", 'list_has_any("monikers_l", "monikers_r")', 0.55, 0.002),
        Level(
            "name",
            "the alias of one is the name of the other",
            'list_contains("monikers_l", "full_r") or list_contains("monikers_r", "full_l")',
            0.05,
            1e-5,
        ),
        Level("different", "no alias in common", ELSE, 0.4, 0.99799),
    ),
)

# Whoever is named beside a person is often named beside them again; beside their brother too, so not within a family.
COMPANY = Comparison(
    "company",
    ('"company_l" is null', '"company_r" is null', *_SAME_FAMILY),
    (
        Level("shared", "somebody else named beside both", 'list_has_any("company_l", "company_r")', 0.15, 1e-4),
        Level("different", "nobody else named beside both", ELSE, 0.85, 0.9999),
    ),
)

# Most people are known where they live; what only a national agency holds is held beside some force's record.
FORCE = Comparison(
    "force",
    ('"agency_l" is null', '"agency_r" is null'),
    (
        Level("same", "recorded by the same agency", '"agency_l" = "agency_r"', 0.7, 0.04),
        Level("different", "recorded by different agencies", ELSE, 0.3, 0.96),
    ),
)

COMPARISONS = (
    FORENAME, SURNAME, MIDDLE, BIRTH, PNC, NOMINAL, PHONES, VEHICLE, ADDRESS, SEX, MONIKERS, COMPANY, FORCE,
)  # fmt: skip
