"""Where a log's key is, as its file says: in that file, or in a token. Rule: log.key alone decides.

    PRIVATE+KEY+bank.example/vault-1+530bd27f+AeBy...                   the key itself (log_key.py)

    pkcs11:token=vault;id=%4f...;type=private?module-path=...           its address (token_url.py), and
    bank.example/vault-1+530bd27f+AeBy...                               the verifier key it must answer to

What the site file says counts when a key is made: at the log's beginning, and at each rotation. So a
rotation takes the key from file to token or back; the old one is destroyed where it was.
"""

from contextlib import suppress
from pathlib import Path

from controller.errors import FormatRefused, LogDamaged, LogExposed
from controller.ledger.formats.signer import Signer
from controller.ledger.formats.verifier_key import ED25519, VerifierKey
from controller.ledger.log_key import KEY, FileKeys, KeyStore, parse_key, read_key, write_key
from controller.ledger.token_key import destroy, load, make
from controller.ledger.token_session import TokenFailed
from controller.ledger.token_url import FILE, SCHEME, TokenUrl, parse_place

_REMEDY = (
    "Put log.key back from a copy: it holds two lines, where the key is in its token, and its verifier key"
)


def keys_of(folder: Path, place: str = FILE) -> KeyStore:
    """The keys of the log in a folder; new ones are made at `place`: "file", or the address of a token.

    Raises FormatRefused for an address that cannot be used.
    """
    return PlacedKeys(folder, None if place == FILE else parse_place(place))


def key_beside(folder: Path) -> VerifierKey | None:
    """The public half of the key that log.key stands for, without asking its token; None without the file.

    Raises LogExposed when others can touch the file, LogDamaged when it is none.
    """
    return PlacedKeys(folder, None).vkey(KEY)


class PlacedKeys(FileKeys):
    """Keys that are each in a file or in a token; raises TokenFailed where the token does not answer."""

    def __init__(self, folder: Path, place: TokenUrl | None) -> None:
        super().__init__(folder)
        self._place = place

    def vkey(self, name: str) -> VerifierKey | None:
        """The public half of a key, which needs no token."""
        text = read_key(self._folder, name)
        if text is None:
            return None
        token = _in_token(self._folder / name, text)
        return token[1] if token else parse_key(self._folder / name, text).vkey

    _vkey = vkey

    def _load(self, name: str) -> Signer | None:
        text = read_key(self._folder, name)
        if text is None:
            return None
        token = _in_token(self._folder / name, text)
        return load(*token) if token else parse_key(self._folder / name, text)

    def _make(self, name: str, origin: str) -> Signer:
        if self._place is None:
            return super()._make(name, origin)
        url, signer = make(self._place, origin)
        write_key(self._folder, name, f"{url}\n{signer.vkey}\n")
        return signer

    def _leave(self, name: str) -> None:
        token = _in_token(self._folder / name, read_key(self._folder, name) or "")
        if token:
            with suppress(TokenFailed, LogExposed):  # a token that is gone must not hold up the key that came
                destroy(token[0])


def _in_token(file: Path, text: str) -> tuple[TokenUrl, VerifierKey] | None:
    """Address and verifier key of a key in a token, None for anything that does not begin as one."""
    if not text.startswith(SCHEME):
        return None
    try:
        where, which, end = text.split("\n")
        url, vkey = TokenUrl.parse(where), VerifierKey.parse(which)
    except FormatRefused as error:
        raise LogDamaged(file, f"this is no place of a signing key ({error})", _REMEDY) from None
    except ValueError:
        raise LogDamaged(file, "this is no place of a signing key: two lines are", _REMEDY) from None
    if end or not url.key_id or vkey.algorithm != ED25519:
        raise LogDamaged(file, "this is no place of a signing key, with its id= and its Ed25519 key", _REMEDY)
    return url, vkey
