"""A log that asks a log witness which answers as the test says."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.cosignature import Cosigner
from controller.ledger.formats.note import Signature
from controller.ledger.formats.witness_wire import (
    SIZE_TYPE,
    AddCheckpoint,
    encode_cosignatures,
    encode_size,
)
from controller.ledger.proofs import consistency_proof
from controller.log_witness.key import posix_seconds
from controller.site_log import LogWitness
from controller.witness_call import Outcome, WitnessCall
from firmware_shims.lying_witness import LyingWitness, answer
from tests.witness.houses import NAME, head

HONEST = Cosigner(NAME, Ed25519PrivateKey.generate(), posix_seconds)


Lie = Callable[[bytes], Iterable[bytes]]


def cosign(by: Cosigner, body: bytes, at: int | None = None) -> bytes:
    text = AddCheckpoint.parse(body).note.text.encode()
    signature = by.sign(text) if at is None else by.sign_at(text, at)
    return encode_cosignatures([Signature.by(by.vkey, signature)])


def conflict(size: int) -> bytes:
    return answer(409, encode_size(size), SIZE_TYPE)


def ask(log: CustodyLog, lie: Lie, had: int = 0, *, pause_s: float = 0.0, by: Cosigner = HONEST) -> Outcome:
    with LyingWitness(lie, pause_s) as liar:
        call = WitnessCall(LogWitness("branch", liar.url, by.vkey))
        try:
            return call.ask(head(log), had, lambda old, new: consistency_proof(old, new, log.subtree))
        finally:
            call.close()
