"""Synthetic nations written once for all tests of this room: a tiny one and a region, each read back from its files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from crossline.simulation.nation import SimulationSummary, simulate
from crossline.simulation.parameters import Scale


@dataclass(frozen=True)
class Written:
    """A nation on disk, and what the run said of it."""

    out: Path
    summary: SimulationSummary

    def rows(self, name: str) -> list[dict[str, str]]:
        """Rows of one delivered table over all deliveries, with the sender's id in `sender`."""
        found = []
        for path in sorted(self.out.glob(f"deliveries/*/{name}.csv")):
            sender = json.loads((path.parent / "delivery.json").read_text())["agency"]
            with path.open(encoding="utf-8", newline="") as file:
                found += [{"sender": sender, **row} for row in csv.DictReader(file)]
        return found

    def truth(self, name: str) -> list[dict[str, str]]:
        """Rows of one truth table."""
        with (self.out / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def reports(self) -> list[tuple[str, dict[str, Any]]]:
        """Every report with the agency that sent it."""
        return list(self._reports())

    def _reports(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for path in sorted(self.out.glob("deliveries/*/reports.jsonl")):
            agency = json.loads((path.parent / "delivery.json").read_text())["agency"]
            for line in path.read_text(encoding="utf-8").splitlines():
                yield agency, json.loads(line)


def _written(folder: Path, scale: Scale, seed: int) -> Written:
    return Written(folder, simulate(out=folder, scale=scale, seed=seed, progress=lambda _: None))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Three agencies, six lines, 150 reports."""
    return _written(tmp_path_factory.mktemp("simulation") / "tiny", Scale.TINY, 7)


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The South East of England as a trial sees it."""
    return _written(tmp_path_factory.mktemp("simulation") / "region", Scale.REGION, 7)
