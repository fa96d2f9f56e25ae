"""Whatever is drawn at random is drawn anew at every start: nothing of yesterday opens today.

Rule: each start is a process of its own, and prints what a listener would see of it, or what it made.
(OSDP's challenge and the two DESFire handshakes have tests like this beside their own.)
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

STARTS, ROUNDS = 3, 2
NEW = ("piv challenge", "ntag424 proof", "desfire badge", "ntag424 badge", "pairing key", "site key half")
PRINTING = """
from contextlib import suppress
from controller.key_halves import new_halves
from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.desfire_lies import Recorder, Steered
from firmware_shims.cards.ntag424 import Ntag424
from firmware_shims.cards.piv import PivCard
from firmware_shims.osdp_bench import Lockstep
from firmware_shims.osdp_machine import Machine
from hardware.credentials.desfire import DESFIRE
from hardware.credentials.exchange import CardRefusedError
from hardware.credentials.ntag424 import NTAG424
from hardware.credentials.piv import PIV
from hardware.osdp.pairing import Pairing
from tests.credentials.cards import badge, making, reading

for _ in range(2):
    heard = Recorder(PivCard())
    reading(PIV, heard)
    print("piv challenge", next(asked.hex() for asked, _ in heard.heard if asked[1] == 0x87))
    heard = Recorder(Steered(badge(), {0x71: bytes(16) + bytes([0x91, 0xAF])}))
    with suppress(CardRefusedError):
        reading(NTAG424, heard)
    print("ntag424 proof", next(asked.hex() for asked, _ in heard.heard if asked[1] == 0xAF))
    print("desfire badge", making(DESFIRE, Desfire(bytes.fromhex("04A1B2C3D4E580"))).token)
    print("ntag424 badge", making(NTAG424, Ntag424()).token)
    keys = []
    pair = Lockstep(bytes.fromhex("8F1D3C5B7A9988E7D6C5B4A392817060"), machine=Machine(1, None))
    keep = lambda device, key, identity, *, proved: keys.append(key)
    pair.engine.pair(Pairing("in", pair.now + 5.0, keep))
    pair.run(4.0)
    print("pairing key", keys[0].hex())
    for half in new_halves():
        print("site key half", half.replace(" ", ""))
"""


def test_no_challenge_key_or_badge_number_of_one_start_is_ever_seen_in_another() -> None:
    starts = [
        subprocess.Popen([sys.executable, "-c", PRINTING], stdout=subprocess.PIPE, text=True)
        for _ in range(STARTS)
    ]
    shown = [line for start in starts for line in start.communicate(timeout=120)[0].splitlines()]
    assert [start.returncode for start in starts] == [0] * STARTS
    assert max(Counter(shown).values()) == 1, Counter(shown).most_common(3)
    for name in NEW:
        drawn = [line for line in shown if line.startswith(f"{name} ")]
        assert len(drawn) == STARTS * ROUNDS * (2 if name == "site key half" else 1), name
