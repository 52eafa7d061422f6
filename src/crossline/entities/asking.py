"""Who is this? What a viewer says of somebody, weighed against the mentions they see that share a key: people, best first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.engines.resolution.comparing import Scored, Scorer, hashed_keys
from crossline.engines.resolution.explain import Explanation, explain
from crossline.engines.resolution.model import BIT_STEPS, Model
from crossline.engines.resolution.preparing import COLUMN_OF, Row, prepare_one
from crossline.entities.clusters import Named, Neighbourhood, neighbourhood
from crossline.entities.comparing import scorer_of
from crossline.entities.match_keys import sharing
from crossline.entities.registration import model_in_force
from crossline.entities.victims import victims_among
from crossline.errors import UserError
from crossline.records.decoys.finding import all_shown
from crossline.records.models import Mention

MOST_PEOPLE: Final = 10
LEAST_BITS: Final = -10.0
"""[D] A thousand to one against: whoever is less likely than that is left out."""
_A_ROUND: Final = 25
"""How many mentions are put together into people at once, the best first, until there are people enough."""

TOO_LITTLE: Final = (
    "This is too little to look anybody up by. Give a forename and a surname; or one of them with a date of birth, telephone "
    "number, vehicle, postcode or other name; or a PNC id."
)
NOT_MATCHED: Final = (
    "Nobody can be asked after yet: the people of this installation have not been matched with its present release. Ask again "
    "when the next daily round is done."
)
_MENTION: Final = COLUMN_OF["mention_id"]
_SAID: Final = [COLUMN_OF[name] for name in ("sur", "fore", "mid", "dob", "agency")]
_ASKED: Final = "asked"


@dataclass(frozen=True)
class Asked:
    """What is known of somebody; whatever is not is empty."""

    forename: str = ""
    middle: str = ""
    surname: str = ""
    aliases: tuple[str, ...] = ()
    born: str = ""
    sex: str = ""
    pnc: str = ""
    nominal: str = ""
    phones: tuple[str, ...] = ()
    vehicle: str = ""
    postcode: str = ""
    address: str = ""
    beside: tuple[str, ...] = ()

    @property
    def said(self) -> dict[str, str]:
        """What was given, in words, for the audit and for the page."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        told = {name: value if isinstance(value, str) else ", ".join(value) for name, value in values.items()}
        return {name: words for name, words in told.items() if words}

    def prepared(self, agency: str) -> Row:
        """The same as comparisons read it, as if this agency recorded it."""
        values: Mapping[str, Any] = {
            "mention_id": _ASKED,
            "agency": agency,
            "forename": self.forename,
            "middle": self.middle,
            "surname": self.surname,
            "aliases": self.aliases,
            "dob": self.born,
            "sex": self.sex,
            "pnc": self.pnc,
            "nominal": self.nominal,
            "phones": self.phones,
            "vrm": self.vehicle,
            "postcode": self.postcode,
            "address": self.address,
            "associates": self.beside,
        }
        return prepare_one({name: value or None for name, value in values.items()})


@dataclass(frozen=True)
class MayBe:
    """A person whom it may be, as the viewer's clusters have them, by the mention that is most like what was asked."""

    person: UUID
    mention: Mention
    explanation: Explanation
    names: tuple[str, ...]
    births: tuple[str, ...]
    agencies: tuple[str, ...]
    mentions: int
    is_victim: bool

    @property
    def weight_bits(self) -> float:
        return self.explanation.weight_bits


@dataclass(frozen=True)
class Answer:
    """Who it may be, best first. `more`: there are others besides; `less`: there are some less likely than LEAST_BITS."""

    people: Sequence[MayBe]
    more: bool
    less: bool


@dataclass(frozen=True)
class _Weighed:
    """A mention with its weight. Of a decoy, which stands in no table, the mention itself."""

    row: Row
    scored: Scored
    decoy: Mention | None = None

    @property
    def id(self) -> UUID:
        return UUID(self.row[_MENTION])

    @property
    def order(self) -> tuple[object, ...]:
        """Best first; what weighs alike by all that it says, so that no id decides what is shown."""
        return (-self.scored.weight_steps, *(self.row[place] or "" for place in _SAID), self.row[_MENTION])


def who(viewpoint: Viewpoint, asked: Asked) -> Answer:
    """The people whom this may be, of those that the viewer sees. Nothing is written but what the page's audit says."""
    model = model_in_force()
    if model is None:
        raise UserError(NOT_MATCHED)
    row = asked.prepared(viewpoint.viewer.agency)
    keys = hashed_keys(row)
    if not keys:
        raise UserError(TOO_LITTLE)
    scorer = scorer_of(model)
    weighed = [_Weighed(each, scorer.score(row, each)) for each in sharing(viewpoint, keys)]
    weighed += _decoys(viewpoint, row, keys, scorer)
    likely = [each for each in weighed if each.scored.weight_steps >= LEAST_BITS * BIT_STEPS]
    people = _people(viewpoint, sorted(likely, key=lambda each: each.order), model)
    return Answer(people[:MOST_PEOPLE], len(people) > MOST_PEOPLE, len(likely) < len(weighed))


def _decoys(viewpoint: Viewpoint, row: Row, keys: set[int], scorer: Scorer) -> list[_Weighed]:
    """The decoys that the viewer is meant to come upon, found and weighed as a record would be."""
    made = [(each.person, _as_prepared(each.person, each.phone)) for each in all_shown(viewpoint)]
    return [_Weighed(each, scorer.score(row, each), person) for person, each in made if keys & hashed_keys(each)]


def _as_prepared(person: Mention, phone: Mention) -> Row:
    return prepare_one(
        {
            "mention_id": str(person.id),
            "agency": person.owner_id,
            "forename": person.forename,
            "surname": person.surname,
            "dob": person.born,
            "sex": person.sex,
            "phones": [(phone.selector or "").removeprefix("phone:")],
        }
    )


def _people(viewpoint: Viewpoint, weighed: Sequence[_Weighed], model: Model) -> list[MayBe]:
    """The weighed mentions' people, each by its best mention; one more than are shown, where there are so many."""
    members: dict[UUID, list[UUID]] = {}
    named: dict[UUID, Named] = {}
    best: list[_Weighed] = []
    waiting = list(weighed)
    while waiting and len(best) <= MOST_PEOPLE:
        now, waiting = waiting[:_A_ROUND], waiting[_A_ROUND:]
        around = neighbourhood(viewpoint, [each.id for each in now if each.decoy is None])
        named |= {UUID(mention): each for mention, each in around.named.items()}
        persons = _persons(around)
        taken: set[UUID] = set()
        for each in now:
            if each.id not in taken:
                members[each.id] = persons.get(around.of(each.id), [each.id])
                taken.update(members[each.id])
                best.append(each)
        waiting = [each for each in waiting if each.id not in taken]
    said = {each.id: [named[one] for one in members[each.id] if one in named] for each in best}
    return _described(viewpoint, best[: MOST_PEOPLE + 1], members, said, model)


def _persons(around: Neighbourhood) -> dict[str, list[UUID]]:
    """The mentions of each person, by the name of their cluster."""
    found: defaultdict[str, list[UUID]] = defaultdict(list)
    for mention, cluster in around.clustering.cluster_of.items():
        found[cluster].append(UUID(mention))
    return found


def _described(
    viewpoint: Viewpoint,
    best: Sequence[_Weighed],
    members: Mapping[UUID, Sequence[UUID]],
    said: Mapping[UUID, Sequence[Named]],
    model: Model,
) -> list[MayBe]:
    named = Mention.objects.filter(id__in=[each.id for each in best]).select_related("record")
    leading = {each.id: each for each in viewpoint.visible(named, "audience", "record__audience")} if best else {}
    leading |= {each.id: each.decoy for each in best if each.decoy is not None}
    victims = (
        victims_among(viewpoint, [mention for each in best for mention in members[each.id]]) if best else frozenset()
    )
    return [
        MayBe(
            person=min(members[each.id]),
            mention=leading[each.id],
            explanation=explain(each.scored.as_levels(), model),
            names=_once([leading[each.id].caption, *(one.caption for one in said[each.id])]),
            births=_once([leading[each.id].born, *(one.born for one in said[each.id])]),
            agencies=_once([leading[each.id].owner_id, *(one.owner for one in said[each.id])]),
            mentions=len(members[each.id]),
            is_victim=not victims.isdisjoint(members[each.id]),
        )
        for each in best
        if each.id in leading
    ]


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))
