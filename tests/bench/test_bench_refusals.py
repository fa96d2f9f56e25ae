"""What ``refusal_spread`` says of given refusals; that they are real is in tests/wires/test_refusals.py."""

from __future__ import annotations

from bench.refusals import spread_of
from bench.refusals_people import Sample


def samples(*millis: float) -> list[Sample]:
    """Refusals that took so long."""
    return [Sample(one, ()) for one in millis]


def test_the_spread_is_between_the_medians_of_one_door_and_never_of_two() -> None:
    figure = spread_of(
        {
            "bus_copied": samples(310, 312, 400),
            "bus_expired": samples(305, 305, 306),
            "chip_copied": samples(350, 351, 352),
            "chip_slow": samples(340, 341, 900),
        }
    )
    assert (figure.value, figure.unit, figure.n) == (10.0, "ms", 12)
    assert figure.beside["bus_spread"] == 7.0
    assert figure.beside["chip_slow"] == 341
    assert figure.beside["goal"] == 20.0


def test_a_reason_that_is_told_early_is_seen_in_the_spread() -> None:
    alike = {f"{door}_{n}": samples(300, 301, 302) for door in ("bus", "chip") for n in range(9)}
    assert spread_of(alike).value == 0.0
    assert spread_of(alike | {"chip_early": samples(200, 201, 202)}).value == 100.0
