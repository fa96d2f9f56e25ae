"""A log's signing key that lives in a token and never leaves it. Rule: what a token answers is checked.

Specification: PKCS #11 v3.0, CKM_EC_EDWARDS_KEY_PAIR_GEN and CKM_EDDSA over edwards25519 (RFC 8032), because
a log's heads are signed notes of type 0x01. A key is found by its CKA_ID, 16 bytes of chance; its label is
for people:

    bank.example/vault-1+530bd27f      the log's name and the key ID that its verifiers know
"""

from contextlib import suppress
from dataclasses import replace
from secrets import token_bytes
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from controller.errors import FormatRefused, LogExposed
from controller.ledger.formats.verifier_key import ED25519, VerifierKey
from controller.ledger.token_session import TokenFailed, answering, asked, pkcs11, require_ed25519
from controller.ledger.token_url import TokenUrl

_EDWARDS25519 = bytes.fromhex("06032b6570")  # DER of the OID 1.3.101.112 (RFC 8410, section 3)
_OCTET_STRING = b"\x04\x20"  # CKA_EC_POINT is wrapped so before PKCS #11 v3.1, bare from then on
_PROBE = b"ironroom: is this the key?\n"  # no note begins so
_NOT_THE_KEY = "its signature is not one of the key {}: another key, or a token that is damaged"


class TokenSigner:
    """A private Ed25519 key in a token, signing as type 0x01; TokenFailed when the token does not answer."""

    __slots__ = ("_private", "_url", "vkey")

    def __init__(self, url: TokenUrl, vkey: VerifierKey, private: Any) -> None:
        self._url, self.vkey, self._private = url, vkey, private

    def __repr__(self) -> str:
        return f"TokenSigner({self.vkey.name}+{self.vkey.key_id.hex()} in {self._url.name})"

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of RFC 8032 over the message, made in the token and verified here."""
        with answering(self._url, self._private.session):
            signature = bytes(self._private.sign(message, mechanism=pkcs11().Mechanism.EDDSA))
        try:
            Ed25519PublicKey.from_public_bytes(self.vkey.key).verify(signature, message)
        except InvalidSignature:
            raise TokenFailed(f"the token {self._url.name}: {_NOT_THE_KEY.format(self.vkey)}") from None
        return signature


def load(url: TokenUrl, vkey: VerifierKey) -> TokenSigner:
    """The key of that id; TokenFailed when it is not in the token, LogExposed when it could leave it."""
    with asked(url) as session:
        found = _objects(session, url, pkcs11().ObjectClass.PRIVATE_KEY)
        if len(found) != 1:
            raise TokenFailed(
                f"the token {url.name} holds {len(found)} keys of the id {url.key_id.hex()}, and "
                f"{vkey} should be there: is it another token of that name?"
            )
        _require_kept(found[0], vkey)
    signer = TokenSigner(url, vkey, found[0])
    signer.sign(_PROBE + token_bytes(32))
    return signer


def make(place: TokenUrl, origin: str) -> tuple[TokenUrl, TokenSigner]:
    """A new key in a token, for the log of that name, and where it is found again."""
    url = replace(place, label="", key_id=token_bytes(16))
    require_ed25519(url)
    with asked(url) as session:
        public, private = _generated(session, url)
        vkey = _vkey(origin, bytes(public[pkcs11().Attribute.EC_POINT]))
        label = " ".join(filter(None, (place.label, f"{origin}+{vkey.key_id.hex()}")))
        with suppress(pkcs11().PKCS11Error):  # some tokens do not rename; the id finds the key all the same
            for half in (public, private):
                half[pkcs11().Attribute.LABEL] = label
    return url, load(url, vkey)


def destroy(url: TokenUrl) -> None:
    """Remove both halves of a key from its token; nothing happens where they are gone."""
    kinds = pkcs11().ObjectClass
    with asked(url) as session:
        for kind in (kinds.PRIVATE_KEY, kinds.PUBLIC_KEY):
            for found in _objects(session, url, kind):
                with suppress(pkcs11().PKCS11Error):  # what may not go stays, and signs nothing more
                    found.destroy()


def _generated(session: Any, url: TokenUrl) -> tuple[Any, Any]:
    names = pkcs11()
    curve = session.create_domain_parameters(
        names.KeyType.EC_EDWARDS, {names.Attribute.EC_PARAMS: _EDWARDS25519}, local=True
    )
    public, private = curve.generate_keypair(
        mechanism=names.Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
        capabilities=names.MechanismFlag.SIGN | names.MechanismFlag.VERIFY,
        id=url.key_id,
        label="ironroom",
        store=True,
        private_template={
            names.Attribute.PRIVATE: True,
            names.Attribute.SENSITIVE: True,
            names.Attribute.EXTRACTABLE: False,
        },
    )
    return public, private


def _objects(session: Any, url: TokenUrl, kind: Any) -> list[Any]:
    names = pkcs11().Attribute
    return list(session.get_objects({names.CLASS: kind, names.ID: url.key_id}))


def _require_kept(private: Any, vkey: VerifierKey) -> None:
    names = pkcs11().Attribute
    if private[names.EXTRACTABLE] or not private[names.SENSITIVE]:
        raise LogExposed(f"{vkey}: this key can be taken out of its token; only one that stays there signs")


def _vkey(origin: str, point: bytes) -> VerifierKey:
    try:
        return VerifierKey.of(
            origin, ED25519, point.removeprefix(_OCTET_STRING) if len(point) == 34 else point
        )
    except FormatRefused as error:
        raise TokenFailed(f"the token made a key that is none of Ed25519 ({error})") from None
