"""A figure and how it is told.

Rule: a figure carries its unit, how often it was measured, and what it stands beside.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles

ENOUGH = 100
"""Of fewer samples there is no 99th percentile: it would be the greatest of them under another name."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: one value, or median and, of enough samples, 99th percentile."""

    unit: str
    n: int
    value: float | None = None
    p50: float | None = None
    p99: float | None = None
    beside: dict[str, float] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        """Figure as JSON."""
        one = {} if self.value is None else {"value": _short(self.value)}
        tails = {"p50": self.p50, "p99": self.p99}
        two = {name: _short(value) for name, value in tails.items() if value is not None}
        beside = {name: _short(value) for name, value in self.beside.items()}
        return {**one, **two, "unit": self.unit, "n": self.n, "beside": beside}

    def tails(self, name: str) -> dict[str, float]:
        """Median and 99th percentile, those that there are, as figures beside another."""
        both = {f"{name}_p50": self.p50, f"{name}_p99": self.p99}
        return {key: value for key, value in both.items() if value is not None}


def spread(samples: Sequence[float], unit: str, beside: dict[str, float] | None = None) -> Figure:
    """Median of two samples or more, and 99th percentile of 100 or more."""
    cuts = quantiles(samples, n=100)
    p99 = cuts[98] if len(samples) >= ENOUGH else None
    return Figure(unit, len(samples), p50=cuts[49], p99=p99, beside=beside or {})


def tails(samples: Sequence[float], name: str) -> dict[str, float]:
    """Tails of samples as figures beside another; nothing of one sample."""
    return spread(samples, "").tails(name) if len(samples) > 1 else {}


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def as_json(bench: str, figures: dict[str, Figure]) -> str:
    """All figures of one bench as one JSON object."""
    return json.dumps({"bench": bench, "figures": {key: f.body() for key, f in figures.items()}})


def as_text(figures: dict[str, Figure]) -> str:
    """All figures as lines for people."""
    lines = []
    for key, figure in figures.items():
        body = figure.body()
        beside = ", ".join(f"{k} {v}" for k, v in _short_beside(figure).items())
        said = "  ".join(
            f"{name} {body[name]}" if name != "value" else f"{body[name]}"
            for name in ("value", "p50", "p99")
            if name in body
        )
        lines.append(f"{key:<16} {said} {figure.unit}  (n = {figure.n}; beside: {beside})")
    return "\n".join(lines)


def _short_beside(figure: Figure) -> dict[str, float]:
    return {name: _short(value) for name, value in figure.beside.items()}
