"""Which 32 bytes may be an Ed25519 public key here. Rule: public numbers only; nothing secret is computed.

Specification: RFC 8032 section 5.1 (the curve, 5.1.3 decoding, 5.1.4 addition). RFC 8032 leaves open
what happens to keys that are not in the group of prime order L: honest verifiers then disagree about
the same signature (C2SP CCTV ed25519). No signer ever has such a key, so none is accepted: a key is the
canonical encoding of a point P that is not neutral and for which L * P is neutral.

    d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a     a key: 7.1, TEST 1
    0100000000000000000000000000000000000000000000000000000000000000     refused: order 1
"""

from functools import lru_cache

from controller.errors import FormatRefused

KEY_BYTES = 32

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

_Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z
_NEUTRAL: _Point = (0, 1, 1, 0)


@lru_cache(maxsize=256)
def require_prime_order(key: bytes) -> None:
    """Raise FormatRefused unless the key is the canonical encoding of a point of order L."""
    if len(key) != KEY_BYTES:
        raise FormatRefused(f"an Ed25519 public key has {KEY_BYTES} bytes, not {len(key)}")
    point = _decode(key)
    if _is_neutral(point) or not _is_neutral(_multiply(_L, point)):
        raise FormatRefused("the Ed25519 public key is not of prime order: honest verifiers would disagree")


def _decode(key: bytes) -> _Point:
    """RFC 8032 section 5.1.3."""
    number = int.from_bytes(key, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= _P:
        raise FormatRefused("the Ed25519 public key is not spelled canonically")
    x = _x_of(y)
    if x == 0 and sign:
        raise FormatRefused("the Ed25519 public key is not spelled canonically")
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _x_of(y: int) -> int:
    """One root of x^2 = (y^2 - 1) / (d y^2 + 1)."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if x * x % _P != square:
        raise FormatRefused("the Ed25519 public key is not a point of the curve")
    return x


def _add(one: _Point, other: _Point) -> _Point:
    """RFC 8032 section 5.1.4; the same formula doubles."""
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b = (y1 - x1) * (y2 - x2) % _P, (y1 + x1) * (y2 + x2) % _P
    c, d = 2 * t1 * t2 * _D % _P, 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _multiply(scalar: int, point: _Point) -> _Point:
    product = _NEUTRAL
    while scalar:
        if scalar & 1:
            product = _add(product, point)
        point, scalar = _add(point, point), scalar >> 1
    return product


def _is_neutral(point: _Point) -> bool:
    x, y, z, _ = point
    return x == 0 and (y - z) % _P == 0
