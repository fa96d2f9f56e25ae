"""The bench of the eyes measures the product's own recorder, with cameras on sockets."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.eyes import measured
from controller.cli import main

KEYS = {"event_to_disk", "ring_cpu", "ring_rss", "door_latency_with_stall"}


def test_the_bench_of_the_eyes_gives_each_figure_beside_a_peer_of_the_same_run(tmp_path: Path) -> None:
    said: list[str] = []
    figures = measured(tmp_path, 3, said.append, look_s=2, taps=20)
    assert set(figures) == KEYS
    assert figures["event_to_disk"].n == 3
    assert figures["event_to_disk"].beside["missing"] < 3 * 2 * 4  # of four cameras, before and at
    assert figures["event_to_disk"].beside["disk_alone_p50"] > 0
    assert figures["ring_cpu"].beside["decoding"] > 0
    assert 0 < (figures["ring_rss"].value or 0) < figures["ring_rss"].beside["raw_ring_computed"]
    assert figures["door_latency_with_stall"].n == 2 * 20
    assert not [name for figure in figures.values() for name in figure.beside if name.endswith("_p99")]
    assert said


@pytest.mark.parametrize("more", [["--events", "200"], ["--data", "."]])
def test_what_has_no_effect_on_the_bench_of_honesty_is_refused(more: list[str]) -> None:
    result = CliRunner().invoke(main, ["bench", "eyes", "--honesty", *more])
    assert result.exit_code == 2
    assert f"{more[0]} has no effect with --honesty" in result.output
