"""What must hold in every state and at every step of a secure room, said without asking the core's rules.

Rule: a law answers None, or one sentence about what it saw; it decides from facts, never by calling the core.
The numbers are those of the attack list: I1 pair, I2 interlock, I3 alone, I4 cabinets, I5 ways out,
I7 nothing without its Entry, I9 restart, I10 bounded times.
"""

from __future__ import annotations

from tests.core.walk.laws_bolts import (
    forced_is_an_alarm,
    interlock,
    never_longer,
    restart_opens_nothing,
    secured,
    way_out,
)
from tests.core.walk.laws_letting_in import (
    entitled_now,
    from_afar_is_uncounted,
    pictured_first,
    two_at_a_cabinet,
    two_to_enter,
    witnessed_first,
    written_before_opened,
)
from tests.core.walk.laws_standing import (
    alone,
    cabinets_need_two,
    grants_wait_no_longer,
    locked_means_nobody_passes,
    nothing_beside_an_open_door,
    times_are_bounded,
    who_waits_keeps_a_name,
)
from tests.core.walk.walk import Law, StateLaw

LAWS: tuple[Law, ...] = (
    two_to_enter,
    from_afar_is_uncounted,
    entitled_now,
    interlock,
    two_at_a_cabinet,
    written_before_opened,
    witnessed_first,
    pictured_first,
    never_longer,
    secured,
    forced_is_an_alarm,
    way_out,
    restart_opens_nothing,
)
STATE_LAWS: tuple[StateLaw, ...] = (
    alone,
    cabinets_need_two,
    nothing_beside_an_open_door,
    times_are_bounded,
    grants_wait_no_longer,
    locked_means_nobody_passes,
    who_waits_keeps_a_name,
)
