"""``ironroom bench readers``: from a card at a reader to its signal, beside libosdp on the same line.

Rule: every figure of ours and the one beside it come from the same run of this program, on lines of the same
speed with the same readers, cards and damage.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from statistics import median
from threading import Condition

from bench.figures import Figure, spread, tails
from bench.readers_line import Dealt, Line
from bench.readers_nfc import nfc_auth
from bench.readers_panels import OwnPanel, Panel, Seen
from hardware.credentials.desfire import DESFIRE
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.uid import UID
from hardware.osdp.transparent_reading import CardReading

GAP_S = 0.08
BADGE_GAP_S = 0.25
"""A badge is asked a dozen things; the next one comes when that should be over."""
QUIET_S = 30.0
"""A card counts as lost when none has come for so long; a late one is late, and its delay says so."""
DAMAGED = 0.05
CPU_UNIT = "percent of a core: this process, its 16 OSDP readers and 4 NFC readers at once"
FEW, MANY = 2, 16
Told = Callable[[str], None]
Make = Callable[[str, Sequence[bytes], Seen], Panel]
"""Makes a panel from port, keys of the readers, and whom to tell."""
Named = tuple[str, type[Panel]]
OURS: Named = ("ours", OwnPanel)


@dataclass(slots=True)
class Run:
    """One panel on one line: delays from card to signal, in ms; time between polls; CPU of this process."""

    delays_ms: list[float]
    lost: int
    polls_ms: list[float]
    cpu_percent: float

    def beside(self, name: str) -> dict[str, float]:
        """These delays as the figure beside another; empty when too few cards came through."""
        return tails(self.delays_ms, name)


@dataclass(slots=True)
class _Cards:
    """When each card was told, from whatever thread."""

    told: dict[str, float] = field(default_factory=dict)
    changed: Condition = field(default_factory=Condition)

    def __call__(self, token: str, at: float) -> None:
        with self.changed:
            if token not in self.told:
                self.told[token] = at
                self.changed.notify_all()

    def wait(self, dealt: Dealt, quiet_s: float) -> None:
        """Waits until all are told, or nothing new was for ``quiet_s``."""
        with self.changed:
            while dealt.shown.keys() - self.told.keys() and self.changed.wait(quiet_s):
                pass


def run(
    panel: Make,
    readers: int,
    cards: int,
    damaged: float = 0.0,
    secret: bytes = b"",
    quiet_s: float = QUIET_S,
) -> Run:
    """One panel on a line of its own with so many readers; with ``secret`` cards are badges of that site.

    Lost is what had not come when all others had and then ``quiet_s`` seconds passed without any news.
    """
    keys = [os.urandom(16) for _ in range(readers)]
    seen = _Cards()
    with Line(keys, damaged=damaged, secret=secret) as line:
        one = panel(line.port, keys, seen)
        one.start()
        try:
            begun, cpu = time.monotonic(), time.process_time()
            dealt = line.deal(cards, BADGE_GAP_S if secret else GAP_S)
            spent = (time.process_time() - cpu) / (time.monotonic() - begun)
            seen.wait(dealt, quiet_s)
        finally:
            one.stop()
    came = [(seen.told[token] - at) * 1000 for token, at in dealt.shown.items() if token in seen.told]
    return Run(came, cards - len(came), dealt.polls_ms, spent * 100)


def measured(cards: int, told: Told) -> dict[str, Figure]:
    """Every figure of ``ironroom bench readers``; ``told`` hears what is being measured."""
    told(f"ours, {MANY} OSDP readers and 4 NFC readers at once")
    many, nfc = at_once(cards)
    figures = osdp_figures(cards, told, many) | {"nfc_auth": nfc}
    told(f"ours, badges through {FEW} and {MANY} OSDP readers in transparent mode")
    return figures | {"osdp_auth": osdp_auth(cards)}


def at_once(cards: int) -> tuple[Run, Figure]:
    """16 OSDP readers and 4 NFC readers under one process of ours at the same time.

    The OSDP readers get twice the cards, so that both are busy for about as long.
    """
    with ThreadPoolExecutor(1) as beside:
        nfc = beside.submit(nfc_auth, cards)
        many = run(OwnPanel, MANY, 2 * cards)
        return many, nfc.result()


def osdp_figures(cards: int, told: Told, many: Run) -> dict[str, Figure]:
    """All figures of OSDP readers, ``many`` readers measured before; ``told`` hears what is being measured.

    Without the package libosdp nothing stands beside them.
    """
    measure = _Measure(cards, told)
    few = measure(OURS, FEW)
    noisy = measure(OURS, FEW, DAMAGED)
    beside = _libosdp(measure, few)
    return {
        "osdp_tap_2": spread(few.delays_ms, "ms", beside["osdp_tap_2"]),
        "osdp_tap_16": spread(many.delays_ms, "ms", beside["osdp_tap_16"]),
        "osdp_poll_16": spread(many.polls_ms, "ms", beside["osdp_poll_16"]),
        "lost_at_5pct_noise": Figure(
            "cards",
            cards,
            value=float(noisy.lost),
            beside=noisy.beside("ours_delay_ms") | beside["lost_at_5pct_noise"],
        ),
        "cpu": Figure(
            CPU_UNIT, 2 * cards, value=many.cpu_percent, beside={"ours_2": few.cpu_percent} | beside["cpu"]
        ),
    }


def osdp_auth(cards: int) -> Figure:
    """From a badge held before a transparent reader to its authenticated CardRead, 2 and 16 readers."""
    secret = os.urandom(32)
    reading = CardReading((DESFIRE, UID), lambda: SiteKeys(secret))

    def panel(port: str, keys: Sequence[bytes], seen: Seen) -> Panel:
        return OwnPanel(port, keys, seen, reading)

    few, many = run(panel, FEW, cards, secret=secret), run(panel, MANY, cards, secret=secret)
    lost = {"lost": float(few.lost), "readers_16_lost": float(many.lost)}
    return spread(few.delays_ms, "ms", lost | many.beside("readers_16"))


def _libosdp(measure: _Measure, ours: Run) -> dict[str, dict[str, float]]:
    """What stands beside each figure."""
    beside: dict[str, dict[str, float]] = defaultdict(dict)
    with suppress(ModuleNotFoundError):
        peer = import_module("bench.readers_libosdp")
        stock = "libosdp as it comes", peer.StockPanel
        few, quick = (
            measure.peer(stock, FEW),
            measure.peer(("libosdp with a loop of 1 ms", peer.QuickPanel), FEW),
        )
        many, noisy = measure.peer(stock, MANY), measure.peer(stock, FEW, DAMAGED)
        beside["osdp_tap_2"] = few.beside("libosdp") | quick.beside("libosdp_1ms_loop")
        if theirs := beside["osdp_tap_2"].get("libosdp_p50"):
            beside["osdp_tap_2"]["times_faster"] = theirs / median(ours.delays_ms)
        beside["osdp_tap_16"] = many.beside("libosdp")
        beside["osdp_poll_16"] = tails(many.polls_ms, "libosdp")
        beside["lost_at_5pct_noise"] = {"libosdp": float(noisy.lost)} | noisy.beside("libosdp_delay_ms")
        beside["cpu"] = {
            "libosdp_2": few.cpu_percent,
            "libosdp_1ms_loop_2": quick.cpu_percent,
            "libosdp_16": many.cpu_percent,
        }
    return beside


@dataclass(frozen=True, slots=True)
class _Measure:
    """Runs one panel after the other, and says which."""

    cards: int
    told: Told

    def __call__(self, named: Named, readers: int, damaged: float = 0.0) -> Run:
        name, panel = named
        noise = f", {damaged:.0%} of messages damaged" if damaged else ""
        self.told(f"{name}, {readers} OSDP readers{noise}")
        return run(panel, readers, self.cards, damaged)

    def peer(self, named: Named, readers: int, damaged: float = 0.0) -> Run:
        """A panel that may fail: one that does not find its readers has lost every card."""
        try:
            return self(named, readers, damaged)
        except TimeoutError:
            return Run([], self.cards, [], 0.0)
