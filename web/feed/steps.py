"""Steps that many alarms share. Rule: nobody is asked to go alone, and nobody is held in (behaviour 15)."""

from __future__ import annotations

from web.feed.mark import N_

PICTURES = N_("Look at the pictures before, at and after it.")
TWO = N_("Do not go alone: take a second person with you.")
UNTOUCHED = N_("Touch nothing; leave everything as it is.")
LOCKDOWN = N_("If somebody is still at it, set a lockdown.")
CHIEF = N_("Tell the chief at once.")
POLICE = N_("If there may be danger, keep away and call the police.")
NOTE = N_("Write down what you found, then close the alarm.")
INSTALLER = N_("Call the installer; until it is mended, have the place watched.")
CALL = N_("Call the people inside and ask whether they are well.")
OTHERS = N_("Ask the two who know the room to count who is inside.")
