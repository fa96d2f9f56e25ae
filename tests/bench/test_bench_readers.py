"""The bench of card readers measures whole drivers on paced lines; what it prints has the promised shape."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from threading import Timer
from time import monotonic

from click.testing import CliRunner

from bench.figures import as_text, spread, tails
from bench.readers import GAP_S, run
from bench.readers_line import Line
from bench.readers_nfc import nfc_auth
from bench.readers_panels import OwnPanel, Seen
from controller.cli import main

PROGRESS = (
    "ours, 16 OSDP readers and 4 NFC readers at once",
    "ours, 2 OSDP readers",
    "ours, 2 OSDP readers, 5% of messages damaged",
    "libosdp as it comes, 2 OSDP readers, 5% of messages damaged",
    "libosdp with a loop of 1 ms, 2 OSDP readers",
)


def test_readers_prints_every_promised_key_as_one_json_object() -> None:
    result = CliRunner().invoke(main, ["bench", "readers", "--json", "--cards", "8", "--refusals", "0"])
    assert result.exit_code == 0, result.output
    for named in PROGRESS:
        assert f"measuring: {named}\n" in result.stderr
    told = json.loads(result.stdout)
    assert told["bench"] == "readers"
    promised = {"osdp_tap_2", "osdp_tap_16", "osdp_poll_16", "osdp_auth", "nfc_auth", "cpu"}
    promised |= {"lost_at_5pct_noise"}
    assert promised <= told["figures"].keys()
    for figure in told["figures"].values():
        assert {"unit", "n", "beside"} <= figure.keys()
        assert "value" in figure or "p50" in figure
        assert ("p99" in figure) == ("p50" in figure and figure["n"] >= 100)
    lost = told["figures"]["lost_at_5pct_noise"]["beside"]
    assert {"ours_delay_ms_p50", "libosdp", "libosdp_delay_ms_p50"} <= lost.keys()
    assert not [name for name in lost if name.endswith("p99")]
    assert told["figures"]["osdp_tap_2"]["n"] == 8
    assert told["figures"]["cpu"]["unit"].startswith("percent of a core")


class _Late(OwnPanel):
    """Our panel, each card told so much later than it was; the last one never."""

    LATE_S = 1.0
    CARDS = 3

    def __init__(self, port: str, keys: Sequence[bytes], seen: Seen) -> None:
        super().__init__(port, keys, self._keep)
        self._to, self._kept, self._waiting = seen, 0, list[Timer]()

    def _keep(self, token: str, _: float) -> None:
        self._kept += 1
        if self._kept <= self.CARDS:
            late = Timer(self.LATE_S * self._kept, lambda: self._to(token, monotonic()))
            self._waiting.append(late)
            late.start()

    def stop(self) -> None:
        super().stop()
        for late in self._waiting:
            late.cancel()


def test_a_late_card_is_late_and_only_one_that_never_came_is_lost() -> None:
    measured = run(_Late, 2, 4, quiet_s=2.5)
    assert measured.lost == 1
    assert len(measured.delays_ms) == 3
    assert max(measured.delays_ms) > 3 * _Late.LATE_S * 1000


def test_of_less_than_a_hundred_samples_no_99th_percentile_is_told() -> None:
    assert tails([1.0] * 99, "x") == {"x_p50": 1.0}
    assert tails([1.0] * 100, "x") == {"x_p50": 1.0, "x_p99": 1.0}
    assert "p99" not in spread([1.0] * 99, "ms").body()
    assert spread([1.0] * 100, "ms").body()["p99"] == 1.0
    assert "p99" not in as_text({"k": spread([1.0] * 99, "ms")})


def test_no_card_is_lost_on_a_line_where_every_tenth_message_is_damaged() -> None:
    measured = run(OwnPanel, 2, 25, damaged=0.1)
    assert measured.lost == 0
    assert len(measured.delays_ms) == 25


def test_a_delay_is_at_least_what_the_wire_takes() -> None:
    measured = run(OwnPanel, 2, 8)
    shortest = 10 / 115200 * 2 * 15 * 1000
    assert min(measured.delays_ms) > shortest
    assert min(measured.polls_ms) > shortest


def test_cards_are_dealt_to_all_readers_in_turn() -> None:
    with Line([os.urandom(16) for _ in range(3)]) as line:
        dealt = line.deal(6, GAP_S / 8)
    assert len(dealt.shown) == 6
    assert sorted(dealt.shown.values()) == list(dealt.shown.values())


def test_four_nfc_readers_at_once_prove_badges_and_count_the_others_as_lost() -> None:
    figure = nfc_auth(12)
    assert figure.n + figure.beside["lost"] == 12
    assert figure.beside["readers"] == 4
    # Two round trips of the chip at 115200 baud are the least that a proof takes.
    assert (figure.p50 or 0) > 2
