"""The bench of card readers measures whole drivers on paced lines; what it prints has the promised shape."""

from __future__ import annotations

import json
import os

from click.testing import CliRunner

from bench.readers import GAP_S, run
from bench.readers_line import Line
from bench.readers_nfc import nfc_auth
from bench.readers_panels import OwnPanel
from controller.cli import main


def test_readers_prints_every_promised_key_as_one_json_object() -> None:
    result = CliRunner().invoke(main, ["bench", "readers", "--json", "--cards", "8", "--refusals", "0"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["bench"] == "readers"
    promised = {"osdp_tap_2", "osdp_tap_16", "osdp_poll_16", "osdp_auth", "nfc_auth", "cpu"}
    promised |= {"lost_at_5pct_noise"}
    assert promised <= told["figures"].keys()
    for figure in told["figures"].values():
        assert {"unit", "n", "beside"} <= figure.keys()
        assert "value" in figure or {"p50", "p99"} <= figure.keys()
    assert "libosdp" in told["figures"]["lost_at_5pct_noise"]["beside"]
    assert told["figures"]["osdp_tap_2"]["n"] == 8


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
