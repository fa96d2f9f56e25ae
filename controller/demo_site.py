"""The site file of the demo: the passage, with readers that ask cards, a desk, and a second box.

Rule: limits differ where the machine does: a card in software on a busy box is slower than a real one.
"""

from __future__ import annotations

import re

from controller import config
from controller.config import SiteFile

SITE = "passage"
CARD_MS, REFUSAL_MS = 400, 800
_READERS = re.compile(r'(?<=address=)([1-4])(?=")')


def demo_site(plain: SiteFile, second_box: str) -> SiteFile:
    """The passage for a demo; ``second_box`` is the table of its log witness."""
    asking = _READERS.sub(r"\1&reads=transparent", plain.text)
    patient = asking.replace("[site]\n", f"[site]\ncard_ms = {CARD_MS}\nrefusal_ms = {REFUSAL_MS}\n", 1)
    desk = '\n[enrolment]\nreader = "nfc:tty:USB0:pn532"\n'
    return config.loads(patient + desk + second_box, "demo.toml")
