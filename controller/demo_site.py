"""The site file of the demo: the passage, with readers that ask cards, a desk, a second box, and eyes.

Rule: limits differ where the machine does: a card in software on a busy box is slower than a real one.
"""

from __future__ import annotations

import re

from controller import config
from controller.config import SiteFile

SITE = "passage"
WALL = "wall"
"""The panel at the vault."""
CARD_MS, REFUSAL_MS = 400, 800
FAULT_S = 3
_PANEL = f'\n[panel.{WALL}]\naddress = "osdp:///dev/ttyAMA1?address=9"\nroom = "vault"\n'
_READERS = re.compile(r'(?<=address=)([1-4])(?=")')
_SEEN = f"frames_per_second = 8\nfault_after_s = {FAULT_S}\n"
_EYES = {
    "[room.vault]\n": 'pictures = "required"\npicture_s = 5\n',
    "[camera.door]\n": f'sees = ["outer", "main"]\n{_SEEN}',
    "[camera.room]\n": f'sees = ["vault"]\n{_SEEN}',
}
"""What stands below a heading when the demo has cameras."""


def demo_site(plain: SiteFile, second_box: str, *, eyes: bool) -> SiteFile:
    """The passage for a demo, with cameras if ``eyes``; ``second_box`` is the table of its log witness."""
    text = _READERS.sub(r"\1&reads=transparent", plain.text)
    text = text.replace("[site]\n", f"[site]\ncard_ms = {CARD_MS}\nrefusal_ms = {REFUSAL_MS}\n", 1)
    if eyes:
        for heading, more in _EYES.items():
            text = text.replace(heading, heading + more, 1)
    else:
        text = text.partition("[camera.")[0]
    desk = '\n[enrolment]\nreader = "nfc:tty:USB0:pn532"\n'
    return config.loads(text + desk + _PANEL + second_box, "demo.toml")
