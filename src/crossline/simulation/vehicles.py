"""Vehicles: a make in proportion to the licensed cars, a model, a colour and a plate that was never issued."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Final

from crossline.simulation.chance import Choice

DATA: Final = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle. `model` is empty for makes whose models we do not name."""

    vrm: str
    make: str
    model: str
    colour: str


def vehicle_for(rng: Random, vrm: str) -> Vehicle:
    """A vehicle with that plate."""
    make = _makes().draw(rng)
    return Vehicle(vrm, make, rng.choice(_MODELS.get(make, ("",))), _COLOURS.draw(rng))


@cache
def _makes() -> Choice[str]:
    with (DATA / "vehicle_makes.csv").open(encoding="utf-8", newline="") as file:
        return Choice([(row["make"], float(row["licensed_cars_million"])) for row in csv.DictReader(file)])


_COLOURS: Final = Choice(  # [D], in the order of the licensing statistics
    {
        "black": 0.21,
        "grey": 0.20,
        "white": 0.17,
        "blue": 0.17,
        "silver": 0.13,
        "red": 0.09,
        "green": 0.02,
        "orange": 0.01,
    }
)
_MODELS: Final = MappingProxyType(
    {
        "Ford": ("Fiesta", "Focus", "Transit", "Kuga"),
        "Vauxhall": ("Corsa", "Astra", "Insignia", "Vivaro"),
        "Volkswagen": ("Golf", "Polo", "Passat", "Tiguan"),
        "BMW": ("1 Series", "3 Series", "X5"),
        "Audi": ("A1", "A3", "A4"),
        "Mercedes": ("A Class", "C Class", "Sprinter"),
        "Toyota": ("Yaris", "Prius", "Auris"),
        "Nissan": ("Micra", "Qashqai", "Juke"),
        "Peugeot": ("208", "308", "Partner"),
        "Honda": ("Jazz", "Civic"),
        "Renault": ("Clio", "Megane"),
        "Citroën": ("C1", "C3", "Berlingo"),
        "Hyundai": ("i10", "i20", "Tucson"),
        "Kia": ("Picanto", "Sportage"),
        "Land Rover": ("Defender", "Range Rover"),
        "Skoda": ("Fabia", "Octavia"),
        "SEAT": ("Ibiza", "Leon"),
        "Fiat": ("500", "Punto"),
    }
)
