"""A name written as one string, taken apart: which of its words name somebody, and which are titles, particles or legal forms.

Words of other alphabets are written in Latin letters first. What a part weighs when it is missing or differs is a [D], and so
are the lists: common titles, particles, legal forms and words of organisations, from common knowledge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from crossline.engines.resolution.alphabets import VOWELLESS, latin


class PartKind(Enum):
    """What a word is in a name."""

    NAME = "name"
    INITIAL = "initial"
    PARTICLE = "particle"
    PATRONYMIC = "patronymic"
    NUMBER = "number"
    TITLE = "title"
    LEGAL_FORM = "legal form"
    PLAIN = "plain word of an organisation"


@dataclass(frozen=True, slots=True, eq=False)  # the same word is the same object: comparisons are kept by it
class Part:
    """One word in Latin letters with its sound (`sound_of`) and consonants (`bones_of`); `vowelless` as in alphabets."""

    text: str
    kind: PartKind
    weight: float
    sound: str
    bones: str
    vowelless: bool = False


@dataclass(frozen=True, slots=True)
class TakenApart:
    """A name's parts in order, without titles and legal forms (`forms`); `joined` the parts' letters, `whole` all letters."""

    parts: tuple[Part, ...]
    forms: frozenset[str]
    joined: str
    whole: str
    is_organisation: bool


WEIGHTS: Final = {
    PartKind.NAME: 1.0,
    PartKind.INITIAL: 0.45,
    PartKind.PARTICLE: 0.12,
    PartKind.TITLE: 0.3,
    PartKind.PATRONYMIC: 0.6,
    PartKind.NUMBER: 0.25,
    PartKind.PLAIN: 0.55,
}
SHORT_NAME: Final = 0.7  # a name of two letters tells less than a longer one
_TITLES_TEXT: Final = """
doctor dr esq frau herr hon jr madame mbe md miss mme monsieur mp mr mrs ms mx obe phd prof professor rev reverend senor senora
signor sir sr
"""
TITLES: Final = frozenset(_TITLES_TEXT.split())
_PERHAPS_TITLES_TEXT: Final = """
ambassador capt captain col colonel dame gen general haji hajj hajji imam king lady lord lt m madam maj major master maulavi
mawlawi minister mullah president prince princess qari queen sayed sayyid senator sgt shaikh shaykh sheik sheikh syed ustad
"""
PERHAPS_TITLES: Final = frozenset(_PERHAPS_TITLES_TEXT.split())
"""Titles where a name begins with them, and names too (Prince Mensah, John King): they weigh little there, and stay."""
_PARTICLES_TEXT: Final = """
af and av bin bint binti de del della den der et ibn of the ud ul und ur van von y zu zur
"""
PARTICLES: Final = frozenset(_PARTICLES_TEXT.split())
_PERHAPS_PARTICLES_TEXT: Final = """
ab abu ad al an ap ar as ash at az bat ben da das di do dos du e el i la le les mac mc na o ten ter umm
"""
PERHAPS_PARTICLES: Final = frozenset(_PERHAPS_PARTICLES_TEXT.split())
"""Particles between two words, and names at either end: Ben Osei, Ajay Das."""
_FORMS: Final = (
    "limited ltd ltda lda limitada:ltd",
    "private pvt pte pty proprietary:pty",
    "incorporated inc corporation corp:inc",
    "company co cie compagnie:co",
    "llc ooo sarl srl tov:llc",
    "plc:plc",
    "gmbh:gmbh",
    "ag aktiengesellschaft aktiengeselschaft:ag",
    "sa spa saa sas nv ab asa oyj as pao oao zao ao jsc ojsc pjsc cjsc:jsc",
    "bv:bv",
    "kg ohg se na lp llp kk ano:other",
)
LEGAL_FORMS: Final = {
    word: form for words, _, form in (line.partition(":") for line in _FORMS) for word in words.split()
}
_PHRASES: Final = (
    (re.compile(r"\blimited liability company\b|\bobshchestvo s ogranichennoy otvetstvennostyu\b"), " llc "),
    (re.compile(r"\bsocietatea cu raspundere limitata\b|\bsociedad de responsabilidad limitada\b"), " llc "),
    (re.compile(r"\b(?:open |public |closed )?joint[ -]stock company\b"), " jsc "),
    (re.compile(r"\bsp\.? ?z ?o\.? ?o\b\.?"), " llc "),
    (re.compile(r"\bpublic limited company\b"), " plc "),
    (re.compile(r"\ba/s\b"), " as "),
    (re.compile(r"\babd[- ](?:al|el|ul|ur|ar|as)[- ]|\babd(?:el|al|oul)[- ]"), "abdul "),
    (re.compile(r"\babd(?:el|al|oul)(?=[a-z]{3})"), "abdul "),
    (re.compile(r"&"), " and "),
    (re.compile(r"\bint'l\b"), "international"),
)
_ORGANISATION_WORDS_TEXT: Final = """
agency airlines army aviation bank brigade capital construction electronics energy engineering federation finance
financial front fund funds global government group holding holdings industries industry institute insurance
international investment investments logistics management media ministry motor motors movement national organisation
organization partners party services shipping solutions state systems technologies technology trading trust union
university
"""
ORGANISATION_WORDS: Final = frozenset(_ORGANISATION_WORDS_TEXT.split())
_PATRONYMIC: Final = re.compile(
    r".{3,}(?:ovich|evich|ovych|evych|ovna|evna|ivna|yevich|ovic|oglu|ogly|kyzy|qizi|dottir)$"
)
_SPLIT: Final = re.compile(r"[^\w'\u0001]+|_")
_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}[^\W\d_]?(?![\w])|\b(?:[^\W\d_]\.)+[^\W\d_]\b\.?")
_SHORT_FORM: Final = re.compile(r"(?<=[a-z]\s)(?:AG|SA|SE|NV|BV|AB|AS|KG|Co)\b\.?\W*$|\b(?:A\.G|S\.A|N\.V|B\.V|A/S)\b")
"""Two letters make an organisation only as it writes them: Sa and Co are people's names too."""
_ROMAN: Final = re.compile(r"(?:x{0,3})(?:ix|iv|v?i{0,3})$")
_VOWELS: Final = re.compile(r"[aeiouy]+")
_SOUNDS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("shch|tsch|sch|sh", "s"), ("tch|kh|ch|gh(?=.)|hh", "h"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("zh|dzh|dj", "z"),
        ("tz|ts|cz", "c"), ("ck|q|k|c(?![eiyh])", "k"), ("x", "ks"), ("w", "v"), ("ou|oo", "u"), ("ee|ie|ei|ey|ay|ai|y|j", "i"),
        ("gh$", "g"), (r"(?<=.)h\b|(?<=[aeiou])h(?=[^aeiou])", ""), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
_BONE: Final = str.maketrans("pvqgzdjcw", "bfkkstsku")


@lru_cache(maxsize=1 << 16)
def take_apart(name: str) -> TakenApart:
    """The parts of a name. The same string is taken apart once."""
    text = latin(name)
    for pattern, instead in _PHRASES:
        text = pattern.sub(instead, text)
    text = _DOTTED.sub(lambda found: found[0].replace(".", "") + " ", text)
    words = [word.replace("'", "") for word in _SPLIT.split(text)]
    words = [word for word in words if word.replace(VOWELLESS, "")]
    organisation = bool(_SHORT_FORM.search(name)) or any(
        word in ORGANISATION_WORDS or (word in LEGAL_FORMS and len(word) > 2) for word in words if len(words) > 1
    )
    forms = frozenset(LEGAL_FORMS[word] for word in words if organisation and word in LEGAL_FORMS)
    kept = [word for word in words if not _is_aside(word, organisation)] or words
    last = len(kept) - 1
    parts = tuple(_part(word, organisation, at == 0, at == last) for at, word in enumerate(kept))
    joined, whole = "".join(part.text for part in parts), "".join(words)
    return TakenApart(parts, forms, joined, whole, organisation)


def sound_of(word: str) -> str:
    """Spellings that stand for one sound in many languages written alike: kh and h, w and v, ou and u, doubled letters."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def bones_of(word: str) -> str:
    """The consonants of a word, those that alphabets do not tell apart (p and b, g and k) as one."""
    return _VOWELS.sub("", sound_of(word)).translate(_BONE).replace("u", "")


def _is_aside(word: str, organisation: bool) -> bool:
    return word in LEGAL_FORMS if organisation else word in TITLES


@lru_cache(maxsize=1 << 16)
def _part(word: str, organisation: bool, first: bool, last: bool) -> Part:
    text = word.replace(VOWELLESS, "")
    kind = _kind(text, organisation, first, last)
    weight = SHORT_NAME if kind is PartKind.NAME and len(text) <= 2 else WEIGHTS[kind]
    return Part(text, kind, weight, sound_of(text), bones_of(text), VOWELLESS in word)


def _kind(text: str, organisation: bool, first: bool, last: bool) -> PartKind:
    if text.isdigit() or (organisation and _ROMAN.match(text)):
        return PartKind.NUMBER
    if text in PARTICLES or (text in PERHAPS_PARTICLES and (organisation or not (first or last))):
        return PartKind.PARTICLE
    if len(text) == 1:
        return PartKind.INITIAL
    if organisation:
        return PartKind.PLAIN if text in ORGANISATION_WORDS else PartKind.NAME
    if first and not last and text in PERHAPS_TITLES:
        return PartKind.TITLE
    return PartKind.PATRONYMIC if _PATRONYMIC.match(text) else PartKind.NAME
