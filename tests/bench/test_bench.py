"""The bench measures the product; what it prints has the promised shape."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from bench.figures import Figure, as_json, spread
from bench.path import burst
from bench.starting import start_1m
from controller.cli import main
from controller.ledger.verify import verify


def test_room_prints_every_promised_key_as_one_json_object(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main, ["bench", "room", "--json", "--entries", "100000", "--data", str(tmp_path)]
    )
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["bench"] == "room"
    keys = {"decisions_1k", "decisions_100k", "tap_to_unlock", "fdatasync", "burst_lost", "start_1m"}
    assert told["figures"].keys() == keys
    for figure in told["figures"].values():
        assert {"unit", "n", "beside"} <= figure.keys()
        assert "value" in figure or {"p50", "p99"} <= figure.keys()


def test_log_prints_every_promised_key_as_one_json_object(tmp_path: Path) -> None:
    asked = ["bench", "log", "--json", "--entries", "10000", "--data", str(tmp_path), "--keep"]
    for _ in range(2):  # the log that was kept is measured again
        result = CliRunner().invoke(main, asked)
        assert result.exit_code == 0, result.output
        figures = json.loads(result.stdout)["figures"]
        assert figures.keys() == {
            "append_1",
            "append_64",
            "cosigned",
            "verify",
            "search_person_room",
            "search_words",
            "count_30d",
            "bytes_per_entry",
        }
        assert {"plain_sqlite_p50", "pymerkle_sqlite_p50"} <= figures["append_1"]["beside"].keys()
        assert figures["verify"]["n"] == figures["bytes_per_entry"]["n"] == 10_000
    assert verify(tmp_path / "bench-log" / "custody.db").entries == 10_000


def test_a_burst_of_a_thousand_badges_on_sixteen_readers_loses_none(tmp_path: Path) -> None:
    figure = burst(tmp_path)
    assert figure.value == 0
    assert figure.beside["answered"] == 1000


def test_a_start_replays_only_what_came_after_the_saved_state(tmp_path: Path) -> None:
    figure = start_1m(tmp_path, 30_000)
    assert figure.beside["entries"] == 30_000
    assert figure.beside["replayed"] == 20_000


def test_a_spread_names_median_and_tail() -> None:
    figure = spread([float(n) for n in range(1, 1001)], "ms")
    assert figure.p50 == 500.5
    assert (figure.p99 or 0) > 985
    assert json.loads(as_json("x", {"k": Figure("s", 1, value=1.23456)}))["figures"]["k"]["value"] == 1.235
