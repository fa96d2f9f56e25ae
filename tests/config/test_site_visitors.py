"""[visitors] of a site file: what a visit can be for is the house's own, and reaches core and console."""

from __future__ import annotations

import pytest

from controller.config import loads
from controller.console.site_shape import site_shape
from controller.core.plan import SitePlan
from controller.core.visit_words import PURPOSES
from tests.config.small import SMALL, faults
from tests.core.plans import example
from tests.core.visiting import Desk


def test_a_site_that_says_nothing_has_the_common_purposes() -> None:
    assert loads(SMALL, "s.toml").plan.purposes == PURPOSES


def test_a_site_gives_its_own_purposes_in_its_order_and_the_console_is_told() -> None:
    found = loads(SMALL + '[visitors]\npurposes = ["押运", "audit"]\n', "s.toml").plan
    assert found.purposes == ("押运", "audit")
    assert site_shape(found)["purposes"] == ["押运", "audit"]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("[]", "visitors.purposes"),
        ('"audit"', "visitors.purposes"),
        ('["audit", "audit"]', "visitors.purposes[1]"),
        ('["other"]', "visitors.purposes[0]"),
        ('[" audit"]', "visitors.purposes[0]"),
        ('["a\\nb"]', "visitors.purposes[0]"),
        (f'["{"x" * 41}"]', "visitors.purposes[0]"),
        ("[7]", "visitors.purposes[0]"),
    ],
)
def test_purposes_that_cannot_be_chosen_from_are_faults_at_their_place(value: str, key: str) -> None:
    assert [one.key for one in faults(SMALL + f"[visitors]\npurposes = {value}\n")] == [key]


def test_that_other_is_there_always_is_said_with_what_to_do() -> None:
    (fault,) = faults(SMALL + '[visitors]\npurposes = ["other"]\n')
    assert ("can be chosen always" in str(fault), "leave it out" in str(fault)) == (True, True)


def test_a_purpose_of_the_site_stands_in_the_leaf_and_one_of_another_site_is_somebodys_words() -> None:
    desk = Desk(_with("押运"))
    desk.request(purpose="押运")
    assert desk.of("visit_requested")[-1]["purpose"] == "押运"
    desk.request(document="E87654321", purpose="meeting")
    entry = desk.of("visit_requested")[-1]
    assert (entry["purpose"], entry["personal"]["visitor-2"]["purpose"]) == ("other", "meeting")


def _with(*purposes: str) -> SitePlan:
    return example(purposes=purposes)
