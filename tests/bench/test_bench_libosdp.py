"""libosdp as a foreign panel before our readers: the other end of the wire is understood by others too."""

from __future__ import annotations

import pytest

from bench.readers import run
from bench.readers_libosdp import QuickPanel, StockPanel
from bench.readers_panels import Panel


@pytest.mark.parametrize("panel", [StockPanel, QuickPanel])
def test_a_foreign_panel_talks_securely_to_our_readers_and_reads_every_card(panel: type[Panel]) -> None:
    found = run(panel, 2, 6)
    assert found.lost == 0
    assert len(found.delays_ms) == 6
