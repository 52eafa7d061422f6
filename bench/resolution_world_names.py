"""How a person's name gets written down in the resolution world: short forms, other alphabets' spellings, slips, halves, swaps.

The short forms and the rules of transliteration are this bench's own, from common knowledge, not the lists that the product
ships: a matcher is to be measured on spellings that it was not given. Shares are [D]. Each way of writing tells its trouble.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from resolution_world_people import Someone, other_surname

from crossline.simulation.names import without_accents

_SHORT_FORMS: Final = """
William:Bill/Will/Billy/Liam Robert:Rob/Bob/Bobby/Robbie James:Jim/Jamie/Jimmy John:Jack/Johnny/Jon
Richard:Rick/Dick/Richie Michael:Mike/Mick/Mikey Thomas:Tom/Tommy David:Dave/Davey Christopher:Chris/Kit
Anthony:Tony/Ant Joseph:Joe/Joey Daniel:Dan/Danny Matthew:Matt/Matty Andrew:Andy/Drew Steven:Steve/Ste
Stephen:Steve/Ste Edward:Ed/Ted/Eddie Samuel:Sam/Sammy Benjamin:Ben/Benji Alexander:Alex/Sandy/Xander
Nicholas:Nick/Nicky Jonathan:Jon/Jonny Peter:Pete Timothy:Tim Gregory:Greg Patrick:Pat/Paddy Kenneth:Ken/Kenny
Ronald:Ron/Ronnie Charles:Charlie/Chas Henry:Harry/Hal Harry:Harrison Frederick:Fred/Freddie George:Geordie
Francis:Frank/Frankie Lawrence:Larry/Laurie Terence:Terry Philip:Phil Raymond:Ray Leonard:Len/Lenny Albert:Bert
Joshua:Josh Jacob:Jake Zachary:Zac/Zak Nathan:Nate Nathaniel:Nat/Nate Cameron:Cam Callum:Cal Dominic:Dom
Jeffrey:Jeff Gerald:Gerry Oliver:Ollie Theodore:Theo/Ted Reginald:Reg Walter:Wally Bradley:Brad Curtis:Curt
Kieran:Kier Jordan:Jord Elizabeth:Liz/Beth/Betty/Lizzie Margaret:Maggie/Peggy/Meg Catherine:Cath/Kate/Cathy
Katherine:Kath/Kate/Kathy Kathleen:Kath Rebecca:Becky/Becca Jessica:Jess Jennifer:Jen/Jenny Victoria:Vicky/Tori
Susan:Sue/Susie Patricia:Pat/Trish Deborah:Debbie/Deb Christine:Chris/Chrissie Samantha:Sam Alexandra:Alex/Sandra
Charlotte:Charlie/Lottie Emily:Em/Emmy Amelia:Millie Isabella:Bella/Izzy Abigail:Abi/Gail Eleanor:Ellie/Nell
Olivia:Liv Georgina:George/Gina Jacqueline:Jackie Pamela:Pam Barbara:Babs Dorothy:Dot/Dolly Gillian:Gill
Judith:Judy Teresa:Terry/Tess Amanda:Mandy Kimberley:Kim Natalie:Nat Stephanie:Steph Philippa:Pippa Theresa:Tess
Joanne:Jo Josephine:Jo/Josie Caroline:Carrie Lillian:Lily Natasha:Tasha Danielle:Dani Gabrielle:Gabby
Madeleine:Maddy Chloe:Clo Katarzyna:Kasia Małgorzata:Gosia Agnieszka:Aga Aleksandra:Ola Tomasz:Tomek
Krzysztof:Krzysiek Grzegorz:Grzesiek Piotr:Piotrek Aleksander:Alek Jakub:Kuba Andrzej:Andrew Paweł:Paul
Michał:Michal/Mike Łukasz:Lukas Alexandru:Alex Gheorghe:George Ionuț:Ion Mihai:Mike Constantin:Costi Ștefan:Stefan
Oluwaseun:Seun Oluwatobi:Tobi Babatunde:Tunde Adebayo:Bayo Olufemi:Femi Temitope:Temi Chukwuemeka:Emeka
Chinedu:Nedu Ikechukwu:Ike Obinna:Obi Kwabena:Kobby Emmanuel:Manny Abdirahman:Abdi Abdullahi:Abdi Muhammad:Mo
Mohammed:Mo/Moh Ibrahim:Ibz Yusuf:Yus Ismail:Ish Harpreet:Harry Gurpreet:Gary Manpreet:Mani Jaspreet:Jas
Parminder:Pam
"""
_SHORT: Final = {
    name: tuple(forms.split("/")) for line in _SHORT_FORMS.split() for name, _, forms in [line.partition(":")]
}
_RULES: Final = {
    "south asian": "sh:s s:sh ai:ay ee:i i:ee oo:u u:oo kh:k h: aa:a a:aa v:w w:v z:j mm:m dd:d ss:s th:t bh:b q:k y:i",
    "east african and arabic": (
        "ou:u u:ou i:ee ee:i kh:h q:k k:q dh:d x:h aa:a a:aa ai:ei ah:a ss:s mm:m dd:d y:i ye:ie sh:ch gh:g e:i o:u"
    ),
    "east european": (
        "sz:sh cz:ch w:v rz:z j:y ł:w ks:x ia:ja iu:yu c:k k:c șt:st "
        "y:i i:y ie:e š:s ž:z č:c ė:e ū:u ă:a ț:t ș:s ii:i ov:off"
    ),
    "west african": "ph:f kw:qu oluw:olu ch:c ou:u u:ou ei:ey ye:ie k:c ck:k nn:n mm:m oo:u e:a yaa:ya y:i",
    "chinese and vietnamese": "zh:ch x:hs q:ch ng:n ou:ow ao:au ei:ey uy:ui ie:ieh j:ch ch:j z:ts ee:i oo:u en:an",
    "irish": "aoi:ee eá:a sea:shaw bh:v mh:v gh:g ao:ay ia:ea c:k ie:ea ll:l nn:n ea:e",
    "south european and latin": "z:s s:z ç:c lh:l nh:n c:k j:g g:j ll:l nn:n cc:c zz:z ei:e ou:o y:i",
    "caribbean": "ie:y y:ie c:k k:c ph:f ea:e sh:ch ll:l a:e",
    "british": "ph:f c:k y:ie ie:y ea:ee ll:l nn:n ei:ie tt:t ck:k mc:mac th:t ey:y ar:er",
}
_RULE_LISTS: Final = {origin: [tuple(rule.split(":")) for rule in rules.split()] for origin, rules in _RULES.items()}
_KEYS: Final = """
q:wa w:qes e:wrd r:etf t:ryg y:tuh u:yij i:uok o:ipl p:ol a:qsz s:awdx d:sefc f:drgv g:fthb h:gyjn j:hukm k:jil
l:kop z:asx x:zsc c:xdv v:cfb b:vgn n:bhm m:njk
"""  # the keys beside each on a British keyboard
_NEAR: Final = {key: near for pair in _KEYS.split() for key, near in [tuple(pair.split(":"))]}
_SPELLED: Final = {"british": 0.06, "irish": 0.14, "caribbean": 0.12, "south european and latin": 0.18}
_SWAPPED: Final = {
    "chinese and vietnamese": 0.10,
    "west african": 0.04,
    "east african and arabic": 0.05,
    "south asian": 0.03,
}
_UNKNOWN: Final = ("unknown", "Unknown", "UNKNOWN", "N/K", "not known", "unk", "-", "UNKNOWN MALE", "Refused")


@dataclass(slots=True)
class Written:
    """A name as it was written, with the troubles met on the way."""

    forename: str
    middle: str
    surname: str
    troubles: list[str]


def write_name(rng: Random, person: Someone, day: int, care: float) -> Written:
    """The person's name as somebody writes it on a day. `care` is 0 (a rumour) to 1 (a custody record)."""
    name = person.name
    written = Written(name.forename, name.middle, name.surname, [])
    if person.former and (day < person.renamed_on or rng.random() < 0.06):
        written.surname = person.former
        written.troubles.append("former surname")
    _forename(rng, person, written, care)
    _surname(rng, person, written, care)
    _order(rng, person, written, care)
    for part in ("forename", "middle", "surname"):
        text = getattr(written, part)
        if not text.isascii() and rng.random() < 0.8:
            text = without_accents(text)
            written.troubles.append("accents left out")
        if len(text) > 3 and rng.random() < 0.042 - 0.03 * care:
            text = slip(rng, text)
            written.troubles.append("typing slip in a name")
        setattr(written, part, text)
    way = rng.random()
    if way < 0.12:
        shape: Callable[[str], str] = str.upper if way < 0.09 else str.lower
        written.forename, written.middle, written.surname = map(
            shape, (written.forename, written.middle, written.surname)
        )
    return written


def _forename(rng: Random, person: Someone, written: Written, care: float) -> None:
    way, loose = rng.random(), 1.0 - care
    if person.called and way < 0.15 + 0.5 * loose:
        written.forename, written.middle = person.called, ""
        written.troubles.append("middle name as forename")
    if written.forename in _SHORT and rng.random() < 0.06 + 0.34 * loose:
        written.forename = rng.choice(_SHORT[written.forename])
        written.troubles.append("short form")
    elif rng.random() < _SPELLED.get(person.origin, 0.3) * (0.5 + loose):
        written.forename = spelled(rng, person, written.forename, "forename")
        written.troubles.append("another spelling")
    if rng.random() > 0.25 + 0.6 * care:
        written.middle = ""
    elif written.middle and rng.random() < 0.2:
        written.middle = written.middle[0]
        written.troubles.append("middle initial")
    elif written.middle and rng.random() < 0.04:
        written.forename, written.middle = f"{written.forename} {written.middle}", ""
        written.troubles.append("two forenames in one field")


def _surname(rng: Random, person: Someone, written: Written, care: float) -> None:
    surname = written.surname
    for joint in ("-", " "):
        first, found, second = surname.partition(joint)
        if found and rng.random() < 0.55:
            way = rng.random()
            written.surname = (
                *(first,) * 4, *(second,) * 8, *(f"{first} {second}",) * 4, first + second.lower(), f"{second}{joint}{first}",
            )[int(way * 18)]  # fmt: skip
            written.troubles.append("double surname written otherwise")
            return
    if surname.startswith(("O'", "Mc")) and rng.random() < 0.35:
        rest = surname[2:]
        written.surname = rng.choice(
            ("O" + rest, "O " + rest, rest) if surname[0] == "O" else ("Mac" + rest, "Mc " + rest)
        )
        written.troubles.append("O or Mac written otherwise")
    elif rng.random() < 0.7 * _SPELLED.get(person.origin, 0.3) * (1.5 - care):
        written.surname = spelled(rng, person, surname, "surname")
        written.troubles.append("another spelling")


def _order(rng: Random, person: Someone, written: Written, care: float) -> None:
    loose = 1.0 - care
    if rng.random() < _SWAPPED.get(person.origin, 0.012) * (0.4 + loose):
        written.forename, written.surname = written.surname, written.forename
        written.troubles.append("forename and surname swapped")
    way = rng.random()
    if way < 0.05 * loose:
        written.forename, written.middle = written.forename[:1], written.middle[:1]
        written.troubles.append("initials only")
    elif way < 0.13 * loose:
        written.surname = written.middle = ""
        written.troubles.append("forename only")
    elif way < 0.17 * loose:
        written.forename = written.middle = ""
        written.troubles.append("surname only")
    elif way < 0.185 * loose + 0.004:
        field = rng.choice(("forename", "surname"))
        setattr(written, field, rng.choice(_UNKNOWN))
        written.troubles.append("placeholder name")
    elif way < 0.20 * loose + 0.004:
        written.surname = other_surname(rng, person)
        written.troubles.append("another surname given")


def spelled(rng: Random, person: Someone, name: str, which: str) -> str:
    """Another spelling of a name: mostly one of the two that this person meets, by the rules of their tradition."""
    own = Random(f"{person.number}/{which}/{name}/{rng.random() < 0.6}") if rng.random() < 0.75 else rng
    lower = name.lower()
    rules = [
        rule for rule in _RULE_LISTS[person.origin] if rule[0] in lower[1:] or (len(rule[0]) > 1 and rule[0] in lower)
    ]
    if not rules:
        return name
    for _ in range(1 if own.random() < 0.75 else 2):
        old, new = own.choice(rules)
        at = lower.find(old, 1 if len(old) == 1 else 0)
        if at >= 0:
            lower = lower[:at] + new + lower[at + len(old) :]
    return "".join(f"{sign}{part[:1].upper()}{part[1:]}" for sign, part in _parts(lower))


def slip(rng: Random, text: str) -> str:
    """One slip of the finger: a key beside, a letter left out, doubled, or two changed about."""
    at = 1 + int(rng.random() * (len(text) - 1))
    way = rng.random()
    if way < 0.35:
        near = _NEAR.get(text[at].lower())
        return text[:at] + (rng.choice(near) if near else "") + text[at + 1 :]
    if way < 0.6:
        return text[:at] + text[at + 1 :]
    if way < 0.75:
        return text[:at] + text[at] + text[at:]
    at = min(at, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _parts(lower: str) -> list[tuple[str, str]]:
    """(what stands before, part) of a name with hyphens, spaces and apostrophes."""
    parts, before, part = [], "", ""
    for sign in lower:
        if sign in " -'":
            parts.append((before, part))
            before, part = sign, ""
        else:
            part += sign
    return [*parts, (before, part)]
