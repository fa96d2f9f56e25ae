"""An Asking whose answer comes late: the controller was frozen, and goes on."""

from __future__ import annotations

import pytest

from controller.clock import RoomClock
from controller.console.asking import Once
from controller.console.core_line import CoreLine
from controller.core.console_roles import Via
from controller.core.effects import Answer
from controller.core.events import Asking
from controller.core.words import Reason
from controller.inbox import Inbox

ASKING = Asking(0, "lockdown", "zhao", "", {"reason": "drill"}, Via.SESSION)
AT_ONCE = 0.0


@pytest.fixture
def inbox() -> Inbox:
    return Inbox(RoomClock())


def answered(inbox: Inbox, answer: Answer) -> int:
    """How many Askings the loop finds, each of which it answers."""
    found = inbox.take(AT_ONCE)
    for item in found:
        assert item.reply is not None
        item.reply(answer)
    return len(found)


def test_what_is_sent_again_after_a_freeze_hears_the_late_answer_and_is_done_once(inbox: Inbox) -> None:
    once = Once("lockdown", 0.0)
    once.begin(CoreLine(inbox), ASKING)
    assert once.answer(AT_ONCE)["refused"] == "no_answer"
    assert once.answer(AT_ONCE)["refused"] == "no_answer", "still frozen"
    assert answered(inbox, Answer(more={"n": 7})) == 1
    for _ in range(2):
        assert once.answer(AT_ONCE) == {"accepted": True, "n": 7}
    assert answered(inbox, Answer()) == 0


def test_a_late_refusal_is_heard_too(inbox: Inbox) -> None:
    once = Once("lockdown", 0.0)
    once.begin(CoreLine(inbox), ASKING)
    assert once.answer(AT_ONCE)["refused"] == "no_answer"
    answered(inbox, Answer(Reason.NOTHING_TO_DO, "something to do"))
    assert once.answer(AT_ONCE)["refused"] == "nothing_to_do"


def test_whoever_sends_it_before_it_was_begun_is_told_that_nobody_knows() -> None:
    assert Once("lockdown", 0.0).answer(AT_ONCE)["refused"] == "no_answer"
