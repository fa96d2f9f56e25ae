"""Talking to tokens: the library, the login, and what an error means. Rule: a PIN is read, used, forgotten.

Specification: PKCS #11 v2.40 (OASIS). A library is loaded once in a process and has one login a token,
so a token's session is shared; when it fails it ends, and who signs through it ends with it.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from controller.errors import LogExposed
from controller.ledger.token_url import TokenUrl

PIN_BYTES = 255

_sessions: dict[tuple[Path, int], Any] = {}

_MEANING = {
    "PinIncorrect": "the PIN in {pin_file} is wrong",
    "PinInvalid": "the PIN in {pin_file} is wrong",
    "PinLenRange": "the PIN in {pin_file} has a length that this token does not know",
    "PinExpired": "its PIN has expired and must be changed",
    "PinLocked": "its PIN is locked after too many wrong ones; its officer must set a new one",
    "UserPinNotInitialized": "its user has no PIN yet; its officer must set one",
    "NoSuchToken": "no such token is there: put it in and start again",
    "TokenNotPresent": "it was pulled out",
    "DeviceRemoved": "it was pulled out",
    "SessionHandleInvalid": "its login was ended: it was pulled out or reset",
    "UserNotLoggedIn": "its login was ended: it was pulled out or reset",
    "ObjectHandleInvalid": "the key is not there any more: the token was pulled out, or the key removed",
    "KeyHandleInvalid": "the key is not there any more: the token was pulled out, or the key removed",
    "MultipleTokensReturned": "more than one token answers to that: add serial= to log.key and the site file",
    "MechanismInvalid": "it does not sign with Ed25519 (CKM_EDDSA), as most TPMs do not; a log needs that",
}


_REFUSALS = {
    "AttributeValueInvalid",
    "DeviceMemory",
    "FunctionNotSupported",
    "MechanismInvalid",
    "TemplateIncomplete",
    "TemplateInconsistent",
    "TokenWriteProtected",
}
"""What a token says that is there and will not; a key that signs in it goes on signing."""


class TokenFailed(OSError):  # noqa: N818 - the guard room says failed
    """A token does not do what it should; like a disk that fails, it ends the log that needs it."""


def pkcs11() -> Any:
    """The package python-pkcs11, which only those need who have a token."""
    try:
        return import_module("pkcs11")
    except ImportError:
        raise TokenFailed(
            "the log's key is in a token, and the package python-pkcs11 is not here: install ironroom[pkcs11]"
        ) from None


@contextmanager
def asked(url: TokenUrl) -> Iterator[Any]:
    """A session that is logged in; an error of the token inside becomes TokenFailed."""
    with _told(url):
        session = _session(url)
    with answering(url, session):
        yield session


@contextmanager
def answering(url: TokenUrl, session: Any) -> Iterator[None]:
    """The same for a session of before, if nothing has failed in it since."""
    if not any(session is kept for kept in _sessions.values()):
        raise TokenFailed(f"the token {url.name}: nobody is logged in any more; start again")
    with _told(url, session):
        yield


@contextmanager
def _told(url: TokenUrl, session: Any = None) -> Iterator[None]:
    try:
        yield
    except pkcs11().PKCS11Error as error:
        kind = type(error).__name__
        if session is not None and kind not in _REFUSALS:
            _forget(session)
        meant = _MEANING.get(kind, f"it refused ({' '.join([kind, *map(str, error.args)])})")
        raise TokenFailed(f"the token {url.name}: {meant.format(pin_file=url.pin_file)}") from None


def _forget(session: Any) -> None:
    for key in [key for key, kept in _sessions.items() if kept is session]:
        del _sessions[key]
    with suppress(pkcs11().PKCS11Error):  # a token that is gone cannot be left in good order
        session.close()


def require_ed25519(url: TokenUrl) -> None:
    """Raise TokenFailed unless the token makes Ed25519 keys and signs with them; no PIN is tried for that."""
    with _told(url):
        known, mechanism = _token(url).slot.get_mechanisms(), pkcs11().Mechanism
        if not {mechanism.EDDSA, mechanism.EC_EDWARDS_KEY_PAIR_GEN} <= known:
            raise pkcs11().MechanismInvalid


def _session(url: TokenUrl) -> Any:
    token = _token(url)
    key = (url.module, token.slot.slot_id)
    if key not in _sessions:
        _require_tries(url, token)
        _sessions[key] = token.open(rw=True, user_pin=_pin(url.pin_file))
    return _sessions[key]


def _token(url: TokenUrl) -> Any:
    _require_module(url.module)
    library = pkcs11().lib(str(url.module))
    if not any(module == url.module for module, _ in _sessions):
        library.reinitialize()  # it sees which tokens are there when it begins, and some see it only then
    return library.get_token(token_label=url.token or None, token_serial=url.serial.encode() or None)


def _require_tries(url: TokenUrl, token: Any) -> None:
    """Leave the last try to a person: a service that is restarted must not lock the token."""
    if token.flags & pkcs11().TokenFlag.USER_PIN_LOCKED:
        raise pkcs11().PinLocked
    if token.flags & pkcs11().TokenFlag.USER_PIN_FINAL_TRY:
        raise TokenFailed(
            f"the token {url.name}: its PIN has one try left, and that is not made here; put the right PIN "
            f"into {url.pin_file} and log in once by hand"
        )


def _require_module(module: Path) -> None:
    """Whoever can change the library is the controller."""
    try:
        status = module.stat()
    except OSError as error:
        raise TokenFailed(f"{module}: the token's library is not there ({error.strerror})") from None
    if not stat.S_ISREG(status.st_mode):
        raise TokenFailed(f"{module}: this is no library")
    if status.st_mode & 0o022 or status.st_uid not in {0, os.geteuid()}:
        raise LogExposed(f"{module}: others can change this library, and it would run in the controller")


def _pin(file: Path) -> str:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise TokenFailed(f"{file}: the token's PIN cannot be read ({error.strerror})") from None
    with os.fdopen(descriptor, "rb") as opened:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077 or status.st_uid != os.geteuid():
            raise LogExposed(f"{file}: others can touch the token's PIN: chmod 600, and our own user's file")
        octets = opened.read(PIN_BYTES + 2).removesuffix(b"\n")
    if not 1 <= len(octets) <= PIN_BYTES or not octets.isascii() or not octets.decode().isprintable():
        raise TokenFailed(f"{file}: this is no PIN: one line of 1 to {PIN_BYTES} ASCII characters")
    return octets.decode()
