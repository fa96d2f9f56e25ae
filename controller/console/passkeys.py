"""Passkeys: what browsers are asked, and whether what comes back proves it. WebAuthn level 2, by py_webauthn.

Rule 1: the person must have been verified by the authenticator (UV), each time, by PIN or finger.
Rule 2: nothing is believed but a signature of a key that counts; the sign counter is looked at elsewhere.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import webauthn
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_attestation_object,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

TIMEOUT_MS = 120_000
ALGORITHMS = [COSEAlgorithmIdentifier.ECDSA_SHA_256, COSEAlgorithmIdentifier.EDDSA]
FORMATS = {AttestationFormat.NONE, AttestationFormat.PACKED}
LONGEST = 8_192
_letters = re.compile(r"[A-Za-z0-9_-]+").fullmatch
_VERIFIED = UserVerificationRequirement.REQUIRED


class WrongKeyError(ValueError):
    """What came back proves nothing; the text says why, for the log and not for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A new passkey: credential id and COSE key in base64url, and what it has counted to."""

    credential: str
    key: str
    count: int


@dataclass(frozen=True, slots=True)
class Asserted:
    """A proof by a passkey, with everything an outsider needs to check it again, in base64url."""

    credential: str
    count: int
    authenticator_data: str
    client_data: str
    signature: str


def letters(octets: bytes) -> str:
    """Base64url without padding (RFC 4648 section 5)."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def octets(text: str) -> bytes:
    """Bytes of base64url without padding; WrongKeyError for any other spelling."""
    if not _letters(text) or len(text) > LONGEST:
        raise WrongKeyError("not base64url")
    try:
        found = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise WrongKeyError("not base64url") from None
    if letters(found) != text:
        raise WrongKeyError("not the one spelling of base64url")
    return found


class Passkeys:
    """The relying party: ``rp_id`` and ``origin`` as the browser must know them."""

    def __init__(self, rp_id: str, origin: str, site: str) -> None:
        self.rp_id, self.origin, self.site = rp_id, origin, site

    def handle_of(self, person: str) -> bytes:
        """User handle of a person: 32 bytes that tell no name (WebAuthn level 2, section 14.6.1)."""
        return sha256(f"ironroom user 1\n{self.site}\n{person}".encode()).digest()

    def creation(self, person: str, challenge: bytes, known: Iterable[str]) -> dict[str, Any]:
        """Options for a new passkey of a person who has those that are ``known``."""
        options = webauthn.generate_registration_options(
            rp_id=self.rp_id,
            rp_name=f"Ironroom {self.site}",
            user_name=person,
            user_id=self.handle_of(person),
            challenge=challenge,
            timeout=TIMEOUT_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
            ),
            exclude_credentials=_described(known),
            supported_pub_key_algs=ALGORITHMS,
        )
        return options_to_json_dict(options)

    def request(self, challenge: bytes, allowed: Iterable[str] = ()) -> dict[str, Any]:
        """Options for a proof; by any passkey where none is named."""
        options = webauthn.generate_authentication_options(
            rp_id=self.rp_id,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            allow_credentials=_described(allowed),
            user_verification=_VERIFIED,
        )
        return options_to_json_dict(options)

    def registered(self, said: Mapping[str, Any], challenge: bytes) -> Registered:
        """The passkey that was made for a challenge; raises WrongKeyError."""
        credential = _plain(said, ("clientDataJSON", "attestationObject"))
        try:
            attested = parse_attestation_object(octets(credential["response"]["attestationObject"]))
            if attested.fmt not in FORMATS:
                raise WrongKeyError("an attestation that was not asked for")
            found = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                require_user_verification=True,
                supported_pub_key_algs=ALGORITHMS,
            )
            decoded_public_key_to_cryptography(decode_credential_public_key(found.credential_public_key))
        except WRONG as error:
            raise WrongKeyError(str(error)[:200]) from None
        _require_own_page(credential)
        if letters(found.credential_id) != credential["id"]:
            raise WrongKeyError("another credential than it says")
        return Registered(
            letters(found.credential_id), letters(found.credential_public_key), found.sign_count
        )

    def asserted(self, said: Mapping[str, Any], challenge: bytes, key: str, person: str) -> Asserted:
        """The proof that the owner of ``key`` has given for a challenge; raises WrongKeyError.

        What its counter says is not judged here.
        """
        credential = _plain(said, ("clientDataJSON", "authenticatorData", "signature"))
        parts = credential["response"]
        try:
            found = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                credential_public_key=octets(key),
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except WRONG as error:
            raise WrongKeyError(str(error)[:200]) from None
        _require_own_page(credential)
        handle = parts.get("userHandle")
        if handle and octets(handle) != self.handle_of(person):
            raise WrongKeyError("somebody else's user handle")
        return Asserted(
            credential["id"],
            found.new_sign_count,
            parts["authenticatorData"],
            parts["clientDataJSON"],
            parts["signature"],
        )


WRONG = (WebAuthnException, ValueError, TypeError, LookupError, OverflowError, RecursionError)
"""What py_webauthn, cbor2 and cryptography raise for bytes that are no such thing."""


def _plain(said: Mapping[str, Any], parts: tuple[str, ...]) -> dict[str, Any]:
    """Only what is needed of a credential, every part in the one spelling of base64url."""
    response = said.get("response")
    if not isinstance(response, dict) or said.get("type") != "public-key":
        raise WrongKeyError("no credential")
    handle = response.get("userHandle")
    wanted = {name: response.get(name) for name in parts} | ({"userHandle": handle} if handle else {})
    for text in (said.get("id"), said.get("rawId"), *wanted.values()):
        if not isinstance(text, str):
            raise WrongKeyError("a part is missing")
        octets(text)
    return {"id": said["id"], "rawId": said["rawId"], "type": "public-key", "response": wanted}


def _require_own_page(credential: Mapping[str, Any]) -> None:
    """A page inside another site's page may ask for no signature (WebAuthn level 2, section 13.4.9)."""
    told = json.loads(octets(credential["response"]["clientDataJSON"]))
    if told.get("crossOrigin", False) is not False or "topOrigin" in told:
        raise WrongKeyError("from inside another site's page")


def _described(credentials: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=octets(one)) for one in credentials]
