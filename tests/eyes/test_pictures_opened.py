"""A picture counts only if it opens with the keys of all whom it is sealed for, and says what was ordered."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Sequence
from typing import Any

import pyrage
import pytest
from pyrage import x25519

from controller.core.events import DeviceLost
from controller.eyes.opening import NOT_ORDERED, NOT_SEALED
from recorder.messages import Snapshot as Order
from recorder.seal import seal
from tests.eyes.eyes_house import House
from tests.eyes.eyes_peer import Peer, jpeg, picture

PEOPLE = ("li", "wang", "zhao")
Forgery = Callable[[Order], bytes]


def stranger() -> str:
    return str(x25519.Identity.generate().to_public())


def plain(order: Order) -> bytes:
    return jpeg(order, order.wanted[0])


def first_line(order: Order) -> bytes:
    return seal(plain(order), order.recipients).partition(b"\n")[0] + b"\n"


def by_hand(order: Order, layers: Sequence[Sequence[str]], body: Sequence[str] = ()) -> bytes:
    """Seal each layer of the key to several, and the picture to others beside its own key."""
    own = x25519.Identity.generate()
    key = str(own).encode()
    for each in layers:
        key = bytes(pyrage.encrypt(key, [x25519.Recipient.from_str(one) for one in each]))
    said = {
        "ironroom": "picture",
        "version": 1,
        "for": len(layers),
        "key": base64.b64encode(key).decode(),
    }
    to = [own.to_public(), *(x25519.Recipient.from_str(one) for one in body)]
    head = json.dumps(said, separators=(",", ":")).encode()
    return head + b"\n" + bytes(pyrage.encrypt(plain(order), to))


def noise(order: Order) -> bytes:
    return first_line(order) + os.urandom(10_000)


def noise_of_age(order: Order) -> bytes:
    return first_line(order) + b"age-encryption.org/v1\n" + os.urandom(10_000)


def the_first_line_of_another(order: Order) -> bytes:
    return first_line(order) + seal(plain(order), order.recipients).partition(b"\n")[2]


def sealed_to_strangers(order: Order) -> bytes:
    return seal(plain(order), [stranger() for _ in order.recipients])


def sealed_to_a_stranger_and_all_but_one(order: Order) -> bytes:
    return seal(plain(order), [*order.recipients[:-1], stranger()])


def every_layer_to_one_of_them(order: Order) -> bytes:
    return seal(plain(order), len(order.recipients) * [order.recipients[0]])


def in_another_order(order: Order) -> bytes:
    return seal(plain(order), order.recipients[::-1])


def for_fewer(order: Order) -> bytes:
    return seal(plain(order), order.recipients[:-1])


def a_layer_that_opens_for_another_of_them_too(order: Order) -> bytes:
    first, second, third = order.recipients
    return by_hand(order, [[first], [second, first], [third, first]])


def a_layer_that_opens_for_a_stranger_too(order: Order) -> bytes:
    return by_hand(order, [[one, stranger()] for one in order.recipients])


def a_picture_that_opens_for_one_of_them_alone(order: Order) -> bytes:
    return by_hand(order, [[one] for one in order.recipients], order.recipients[:1])


def a_bit_turned(order: Order) -> bytes:
    sealed = bytearray(seal(plain(order), order.recipients))
    sealed[-1] ^= 1
    return bytes(sealed)


FORGERIES: tuple[Forgery, ...] = (
    *(noise, noise_of_age, the_first_line_of_another, sealed_to_strangers, a_bit_turned, for_fewer),
    *(sealed_to_a_stranger_and_all_but_one, every_layer_to_one_of_them, in_another_order),
    *(a_layer_that_opens_for_another_of_them_too, a_layer_that_opens_for_a_stranger_too),
    a_picture_that_opens_for_one_of_them_alone,
)
PLAIN: dict[str, Forgery] = {
    "no JPEG": lambda _: b"a picture",
    "nothing": lambda _: b"",
    "no caption": lambda _: b"\xff\xd8\xff\xdb\x00\x03\x01\xff\xd9",
    "no end": lambda order: plain(order)[:-2],
    "more behind its end": lambda order: plain(order) + b"\x00",
    "a caption longer than itself": lambda _: b"\xff\xd8\xff\xfe\x20\x00{}\xff\xd9",
    "a caption without bottom": lambda _: b"\xff\xd8\xff\xfe\x20\x02" + 8_192 * b"[" + b"\xff\xd9",
}
OTHERS: dict[str, Any] = {
    "site": "another",
    "place": "main.out",
    "why": "forced",
    "shot": 901,
    "camera": "room",
    "moment": -2_000,
    "taken": 3,
    "time": "2026-11-22T06:31:00.013Z",
    "clock": "good",
    "masked": True,
}


@pytest.fixture
def order(house: House, peer: Peer) -> Order:
    """A picture of three people is wanted."""
    house.seal(*PEOPLE)
    house.photograph(900, seals=PEOPLE)
    return peer.order()


def refused(house: House, peer: Peer, why: str) -> None:
    """It is missing as broken, nothing of it is kept, and its sender is hung up."""
    told = house.became(900)
    assert (told.pictures, [one["why"] for one in told.missing]) == ((), ["broken"])
    assert peer.gone()
    (lost,) = house.told(DeviceLost)
    assert lost.why == why
    assert house.pictures == []


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_what_does_not_need_exactly_the_keys_of_all_is_broken_and_its_sender_hung_up(
    forgery: Forgery, house: House, peer: Peer, order: Order
) -> None:
    peer.answer(order, order.wanted[0], sealed=forgery(order))
    refused(house, peer, NOT_SEALED)


@pytest.mark.parametrize("name", PLAIN)
def test_what_is_no_captioned_jpeg_once_it_is_opened_is_broken_and_its_sender_hung_up(
    name: str, house: House, peer: Peer, order: Order
) -> None:
    peer.answer(order, order.wanted[0], sealed=seal(PLAIN[name](order), order.recipients))
    refused(house, peer, NOT_ORDERED)


@pytest.mark.parametrize("field", OTHERS)
def test_a_picture_whose_caption_says_something_else_is_broken_and_its_sender_hung_up(
    field: str, house: House, peer: Peer, order: Order
) -> None:
    forged = jpeg(order, order.wanted[0], **{field: OTHERS[field]})
    peer.answer(order, order.wanted[0], sealed=seal(forged, order.recipients))
    refused(house, peer, NOT_ORDERED)


def test_a_picture_from_before_does_not_pass_for_that_of_the_event(house: House, peer: Peer) -> None:
    house.alarm()
    order = peer.order()
    before, now = (one for one in order.wanted if one.camera == "door" and one.moment <= 0)
    sealed = peer.answer(order, before)
    peer.line.say(picture(order.shot, now, sealed=sealed))
    assert peer.gone()
    (entry,) = house.written("pictures_taken")
    assert [(one["camera"], one["moment"]) for one in entry["pictures"]] == [("door", before.moment)]
    why = {(one["camera"], one["moment"]): one["why"] for one in entry["missing"]}
    assert why["door", 0] == "broken"


def test_a_thumbnail_is_opened_too_and_a_picture_that_is_there_stays(
    house: House, peer: Peer, order: Order
) -> None:
    peer.answer(order, order.wanted[0])
    peer.answer(order, order.wanted[0], sealed=noise(order), thumbnail=True)
    told = house.became(900)
    assert (len(told.pictures), told.missing) == (1, ())
    assert peer.gone()
    (lost,) = house.told(DeviceLost)
    assert lost.why == NOT_SEALED


def test_a_picture_of_as_many_people_as_may_be_in_one_is_opened_and_kept(house: House, peer: Peer) -> None:
    crowd = tuple(f"p{number}" for number in range(32))
    house.seal(*crowd)
    house.photograph(900, seals=crowd)
    order = peer.order()
    sealed = peer.answer(order, order.wanted[0])
    (kept,) = house.became(900).pictures
    assert (house.data / "pictures" / kept["sha256"]).read_bytes() == sealed


def test_a_picture_of_somebody_erased_meanwhile_is_not_kept_and_nobody_is_hung_up_for_it(
    house: House, peer: Peer, order: Order
) -> None:
    house.erase("wang")
    peer.answer(order, order.wanted[0])
    assert [one["why"] for one in house.became(900).missing] == ["no_key"]
    assert house.pictures == []
    assert house.eyes.health()["recorder"]["state"] == "well"


def test_a_picture_of_somebody_erased_and_named_again_is_not_held_against_its_sender(
    house: House, peer: Peer, order: Order
) -> None:
    house.erase("wang")
    house.seal("wang")
    peer.answer(order, order.wanted[0])
    assert [one["why"] for one in house.became(900).missing] == ["no_key"]
    assert house.eyes.health()["recorder"]["state"] == "well"


def test_whoever_has_no_key_is_not_photographed_and_that_is_said(house: House, peer: Peer) -> None:
    house.photograph(900, seals=("nobody",))
    assert [one["why"] for one in house.became(900).missing] == ["no_key"]
    house.seal("nobody")
    house.photograph(901, seals=("nobody",))
    assert peer.order().shot == 901
