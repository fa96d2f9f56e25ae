"""A made-up custody log of any length: the days of a bank's secure rooms, for tests of speed and size.

Rule: deterministic, the same seed gives the same entries everywhere; drafts only, nothing is written.
A thousand people of whom few come often, twenty doors in eight rooms, two thousand carriers, visitors
with names in two languages, and remarks of the guards. A body has about 268 bytes; a million entries
are some three years.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

PEOPLE, DOORS, ROOMS, CARRIERS = 1_000, 20, 8, 2_000

BEGIN = datetime(2023, 1, 2, 1, tzinfo=UTC)
_MEAN_GAP = 95_000  # milliseconds between two entries

_KINDS = (
    ("opened", 16), ("shut", 16), ("granted", 12), ("pending", 9), ("entered", 9), ("left", 8),
    ("bolt_drawn", 6), ("bolt_thrown", 6), ("refused", 5), ("confirmed", 4), ("carrier_moved", 3),
    ("carrier_seen", 2), ("snapshot", 2), ("compartment_opened", 2), ("compartment_shut", 2),
    ("room_opened", 1.5), ("room_closed", 1.5), ("alarm_raised", 0.6), ("alarm_acknowledged", 0.6),
    ("held", 0.4), ("device_lost", 0.3), ("device_back", 0.3), ("visit_started", 0.5), ("visit_ended", 0.5),
    ("clock_trimmed", 0.2), ("recounted", 0.2), ("tamper", 0.05), ("forced", 0.05), ("duress", 0.01),
)  # fmt: skip
_REASONS = (
    "not_entitled", "out_of_hours", "level_too_low", "same_holder", "interlock", "too_few_inside",
    "pair_too_often", "wrong_pin", "delay_running", "expired", "unknown_badge", "not_allowed",
)  # fmt: skip
_ALARMS = (
    "held",
    "forced",
    "lone",
    "tamper",
    "device_lost",
    "second_refused",
    "wrong_attempts",
    "not_bolted",
)
_CODED = {
    "refused": ("reason", _REASONS),
    "alarm_raised": ("alarm", _ALARMS),
    "alarm_acknowledged": ("alarm", _ALARMS),
}
_WITHOUT_PEOPLE = frozenset(
    {"opened", "shut", "bolt_drawn", "bolt_thrown", "snapshot", "held", "device_lost", "device_back",
     "alarm_raised", "tamper", "forced", "clock_trimmed", "carrier_seen"}
)  # fmt: skip
_PAIRED = frozenset(
    {"granted", "entered", "left", "room_opened", "room_closed", "compartment_opened", "recounted"}
)

_REMARKS = (
    "seal intact and signed for in the book",
    "audit of the disks with the head of department",
    "cleaning under supervision, nothing was moved",
    "air conditioning serviced, filter changed",
    "contact looked at, cable was loose, tightened",
    "guard walked round the building, all quiet",
    "key handed over at the change of shift",
    "delivery of tapes for destruction, counted twice",
    "false alarm, a parcel leaned against the door",
    "monthly test of the siren, announced before",
    "交接班时清点钥匙", "硬盘入库登记", "空调维修完成", "陪同检查消防设备", "误报,门被纸箱挡住",
    "重新核对封条编号",
    "双人复核后关门", "介质销毁前清点", "巡更未见异常", "银行审计人员参观",
)  # fmt: skip
_RARE = ("battery", "water", "keyring", "umbrella", "drill", "ladder", "lamp", "paint", "glass", "smoke")
_SURNAMES, _GIVEN = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗",
    "伟芳敏静丽强磊军洋勇艳杰娟涛明超霞平",
)
_COMPANIES = ("Otis", "Siemens", "华为", "Deloitte", "Kone", "工商银行")

Draft = dict[str, object]


class _World:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 — a story, not a secret
        self.person = self._zipf([f"p{number:04}" for number in range(PEOPLE)], 0.8)
        doors = [f"room{number % ROOMS}.door{number}" for number in range(DOORS)]
        self.door = self._zipf(doors, 0.7)
        self.carrier = self._zipf([f"disk-{number:05}" for number in range(CARRIERS)], 0.6)
        self.kind = self._weighted([kind for kind, _ in _KINDS], [weight for _, weight in _KINDS])
        self.remark = self._zipf(list(_REMARKS), 0.5)
        self.rare = self._zipf([f"{word} {number}" for word in _RARE for number in range(400)], 0.9)

    def entry(self, at: int) -> Draft:
        time = BEGIN + timedelta(milliseconds=at)
        kind = self.kind()
        made: Draft = {
            "at": at,
            "time": time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z",
            "clock": "trusted",
            "policy": _POLICIES[at // 10_000_000_000 % len(_POLICIES)],
            "kind": kind,
            "place": self.door(),
        }
        self._people(made, kind)
        self._details(made, kind)
        return made

    def _people(self, made: Draft, kind: str) -> None:
        if kind not in _WITHOUT_PEOPLE:
            who = [self.person(), self.person()] if kind in _PAIRED else [self.person()]
            made["who"] = sorted(set(who))
        if kind == "duress":
            made["sealed"] = True
        if kind == "visit_started":
            subject = f"v{self.random.randrange(10**7):07}"
            pick = self.random.choice
            name = pick(_SURNAMES) + pick(_GIVEN) + (pick(_GIVEN) if self.random.random() < 0.6 else "")
            made["personal"] = {subject: {"name": name, "company": pick(_COMPANIES)}}

    def _details(self, made: Draft, kind: str) -> None:
        draw = self.random
        if kind in _CODED:
            name, words = _CODED[kind]
            made[name] = draw.choice(words)
        if kind.startswith("carrier"):
            made |= {"carrier": self.carrier(), "before": "IN", "state": "OUT", "tag": ""}
        if kind in {"opened", "shut", "bolt_drawn", "bolt_thrown"}:
            made |= {"point": f"{made['place']}.contact", "level": "active" if kind == "opened" else "normal"}
        if kind in {"granted", "pending"}:
            at = made["at"]
            assert isinstance(at, int)
            made |= {"reader": f"{made['place']}.in", "until": at + 5000}
            made["badge"] = f"B{draw.randrange(1100):04}"
        if draw.random() < 0.12:
            made["note"] = f"{self.remark()}, {self.rare()}" if draw.random() < 0.3 else self.remark()

    def _zipf(self, values: list[str], steepness: float) -> Callable[[], str]:
        return self._weighted(values, [1 / (rank + 1) ** steepness for rank in range(len(values))])

    def _weighted(self, values: list[str], weights: list[float]) -> Callable[[], str]:
        edges = list(accumulate(weights))
        return lambda: values[bisect(edges, self.random.random() * edges[-1])]


_POLICIES = tuple(
    f"{number:02}fe64e5c033f68e81b824c33d9cba64d3a91ad5e027958dad98b70f284e9b" for number in range(8)
)


def entries(n: int, seed: int = 1) -> Iterator[Draft]:
    """Yield `n` drafts of entries (entry.py) in order, for `CustodyLog.append`."""
    world, at = _World(seed), 0
    for _ in range(n):
        at += int(world.random.expovariate(1 / _MEAN_GAP)) + 1
        yield world.entry(at)
