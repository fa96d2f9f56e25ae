"""Tokens to test with: SoftHSM2 (Debian's), a PKCS#11 library written by others. Rule: one drawer a test."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import quote

import pkcs11

from controller.ledger import token_session

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN, OFFICER = "918273", "87654321"


class Drawer:
    """A folder of tokens, which this process and its children see as what is plugged in."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._away = folder / "tokens", folder / "away"
        self._folder.mkdir(mode=0o700)
        self._away.mkdir()
        self.pin_file = folder / "pin"
        self.pin(PIN)
        conf = folder / "softhsm2.conf"
        conf.write_text(
            f"directories.tokendir = {self._folder}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        os.environ["SOFTHSM2_CONF"] = str(conf)

    def pin(self, text: str) -> None:
        """Write the PIN that is tried."""
        self.pin_file.write_text(text + "\n")
        self.pin_file.chmod(0o600)

    def add(self, label: str = "vault") -> str:
        """Plug in a new token, and give its address."""
        here = set(self._folder.iterdir())
        pins = ["--pin", PIN, "--so-pin", OFFICER]
        command = ["softhsm2-util", "--init-token", "--free", "--label", label, *pins]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        (self.newest,) = set(self._folder.iterdir()) - here
        return self.url(label)

    def url(self, label: str) -> str:
        return f"pkcs11:token={quote(label)}?module-path={MODULE}&pin-source=file:{self.pin_file}"

    def pull(self) -> None:
        """Pull out every token."""
        for token in self._folder.iterdir():
            token.rename(self._away / token.name)

    def put_back(self) -> None:
        for token in self._away.iterdir():
            token.rename(self._folder / token.name)

    def look_again(self) -> None:
        """What another process would see: this one forgets its logins and starts the library anew."""
        token_session._sessions.clear()
        pkcs11.lib(str(MODULE)).finalize()

    def objects(self, label: str = "vault") -> list[str]:
        """Labels of the private keys in a token."""
        self.look_again()
        (token,) = pkcs11.lib(str(MODULE)).get_tokens(token_label=label)
        with token.open(user_pin=PIN) as session:
            keys = session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY})
            return [str(key[pkcs11.Attribute.LABEL]) for key in keys]
