"""Where a key is in a token, as one line. Rule: says where the PIN is kept, and never what it is.

Specification: RFC 7512, "The PKCS #11 URI Scheme"; of its attributes those that are needed here:

    pkcs11:token=vault;id=%4f%a2...;type=private?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/ironroom/pin

token, serial   which token; at least one of them
object          begins the label of keys that are made there
id              the key itself (CKA_ID); it stands in log.key, and never in a site file
module-path     the token's PKCS#11 library
pin-source      the file that holds the PIN of the token's user
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote, unquote_to_bytes

from controller.errors import FormatRefused

LONGEST = 1024
FILE = "file"
"""The other place of a key: a file of the controller's own."""
SCHEME = "pkcs11:"

_WHERE, _HOW = ("token", "serial", "object", "id", "type"), ("module-path", "pin-source")
_ATTRIBUTE = re.compile(r"([a-z-]+)=((?:[A-Za-z0-9._~:@!$'()*+,=/-]|%[0-9A-Fa-f]{2})+)").fullmatch
_PLAIN = "/:@!$'()*+,="
_ID_BYTES = 64


@dataclass(frozen=True, slots=True)
class TokenUrl:
    """A token, a key in it (`key_id`: its CKA_ID; b"" for the place alone), its library, its PIN's file."""

    token: str
    serial: str
    label: str
    key_id: bytes
    module: Path
    pin_file: Path

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read such a line; raises FormatRefused, without repeating it, for whatever cannot be used."""
        if len(text) > LONGEST or not text.startswith(SCHEME):
            raise FormatRefused(f"this is no address of a key in a token ({SCHEME}…)")
        path, _, query = text.removeprefix(SCHEME).partition("?")
        where, how = _attributes(path, ";", _WHERE), _attributes(query, "&", _HOW)
        if not where.keys() & {"token", "serial"}:
            raise FormatRefused("the address of a key names no token: give token= or serial=")
        if where.get("type", b"private") != b"private":
            raise FormatRefused("a log is signed by a private key: leave out type=")
        if len(where.get("id", b"")) > _ID_BYTES:
            raise FormatRefused(f"the id of a key has at most {_ID_BYTES} bytes")
        return cls(
            _text(where, "token"),
            _text(where, "serial"),
            _text(where, "object"),
            where.get("id", b""),
            _file(_text(how, "module-path"), "module-path=", "the token's PKCS#11 library"),
            _file(_text(how, "pin-source").removeprefix("file:"), "pin-source=file:", "the PIN"),
        )

    @property
    def name(self) -> str:
        """What people call the token."""
        return " ".join(filter(None, (self.token, self.serial)))

    def __str__(self) -> str:
        named = {"token": self.token, "serial": self.serial, "object": self.label}
        path = [f"{name}={quote(value, safe=_PLAIN)}" for name, value in named.items() if value]
        if self.key_id:
            path += ["id=" + "".join(f"%{byte:02x}" for byte in self.key_id), "type=private"]
        module, pin_file = (quote(str(file), safe=_PLAIN) for file in (self.module, self.pin_file))
        return f"{SCHEME}{';'.join(path)}?module-path={module}&pin-source=file:{pin_file}"


def parse_place(text: str) -> TokenUrl:
    """Where keys are to be made; FormatRefused if it names one that is there already."""
    url = TokenUrl.parse(text)
    if url.key_id:
        raise FormatRefused("the log makes its own key in the token: leave out id=")
    return url


def _attributes(text: str, between: str, known: tuple[str, ...]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for part in text.split(between) if text else ():
        name = part.partition("=")[0]
        if name.startswith("pin-value"):
            raise FormatRefused("a PIN does not stand in an address: write pin-source=file:…")
        read = _ATTRIBUTE(part)
        if read is None or name not in known or name in found:
            raise FormatRefused(f"the address of a key has, once each, {', '.join(known)}, and nothing else")
        found[name] = unquote_to_bytes(read[2])
    return found


def _text(found: dict[str, bytes], name: str) -> str:
    try:
        text = found.get(name, b"").decode()
    except UnicodeDecodeError:
        raise FormatRefused(f"{name}= is no UTF-8") from None
    if text and not text.isprintable():
        raise FormatRefused(f"{name}= cannot be printed")
    return text


def _file(path: str, name: str, what: str) -> Path:
    if path.startswith("///"):  # file:///etc/pin, with an empty host
        path = path[2:]
    if not path.startswith("/") or path.startswith("//") or ".." in path.split("/"):
        raise FormatRefused(f"say where {what} is: {name}/…")
    return Path(path)
