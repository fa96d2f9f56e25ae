"""What a guard does at an alarm of devices, the log and the console. Rule: see procedures.py."""

from __future__ import annotations

from controller.core.words import AlarmKind
from web.feed import steps
from web.feed.mark import N_

THINGS: dict[AlarmKind, tuple[str, ...]] = {
    AlarmKind.ACTUATION_UNCONFIRMED: (
        N_("Ask the people at the door whether it opened."),
        N_("Look at the pictures of the door."),
        N_("See whether it says closed and locked here."),
        steps.INSTALLER,
        steps.NOTE,
    ),
    AlarmKind.DEVICE_LOST: (
        N_("See on the plan what is no longer watched."),
        steps.PICTURES,
        N_("Go there with a second person: has it been torn off or switched off?"),
        steps.INSTALLER,
        steps.NOTE,
    ),
    AlarmKind.CAMERA_FAULT: (
        N_("Look at the last pictures before it."),
        N_("Go there with a second person: is it covered, turned or unplugged?"),
        N_("Clear it, and see that it sees well again here."),
        steps.INSTALLER,
        steps.NOTE,
    ),
    AlarmKind.LOG_UNWITNESSED: (
        N_("See on the proof page which log witness is silent."),
        N_("See whether its machine and network are on."),
        steps.CHIEF,
        steps.NOTE,
    ),
    AlarmKind.INPUT_FAULT: (
        N_("See on the plan which line it is."),
        N_("Go there with a second person: is something loose or shaking?"),
        steps.INSTALLER,
        steps.NOTE,
    ),
    AlarmKind.CLOCK: (
        N_("Compare the time here with a clock you trust."),
        N_("Do not accept it if you do not know why it changed."),
        N_("Two people accept the right time as a signed command."),
        steps.NOTE,
    ),
    AlarmKind.RULE_BROKEN: (
        N_("Doors refuse where a rule cannot be judged; that is meant."),
        N_("Tell the people who wait there."),
        steps.CHIEF,
        steps.INSTALLER,
        steps.NOTE,
    ),
    AlarmKind.DISK_LOW: (
        steps.CHIEF,
        N_("Have the installer free or add room today."),
        N_("If it fills up, doors stop opening; ways out stay free."),
        steps.NOTE,
    ),
    AlarmKind.LOG_CONFLICT: (
        N_("Change and erase nothing; do not restart the box."),
        steps.CHIEF,
        N_("Print the slip of the proof page and keep it."),
        N_("Have the log verified by somebody from outside."),
        steps.NOTE,
    ),
    AlarmKind.LOG_RESTORED: (
        N_("Ask who put the backup back, and why."),
        steps.CHIEF,
        N_("Compare the gap with paper, pictures and witnesses."),
        steps.NOTE,
    ),
    AlarmKind.BACKUP_LATE: (
        N_("See whether the place for backups is connected and has room."),
        steps.CHIEF,
        N_("Have a backup made today."),
        steps.NOTE,
    ),
    AlarmKind.DEVICE_SUSPECT: (
        steps.PICTURES,
        steps.TWO,
        N_("See whether the device was exchanged or opened."),
        N_("Let nobody use it until the installer has paired it again."),
        steps.CHIEF,
        steps.NOTE,
    ),
    AlarmKind.POWER: (
        N_("See whether the whole building is without power."),
        N_("See how long the battery lasts, and have it mended."),
        N_("Have the doors watched while power fails."),
        steps.INSTALLER,
        steps.NOTE,
    ),
    AlarmKind.LOOP: (
        N_("See on the plan which line it is."),
        N_("Go there with a second person: has somebody worked on the wire?"),
        steps.INSTALLER,
        steps.NOTE,
    ),
    AlarmKind.NO_PICTURE: (
        N_("See which camera gave no picture, and why."),
        N_("Ask the people who went in whether all is well."),
        steps.INSTALLER,
        steps.NOTE,
    ),
    AlarmKind.CONSOLE: (
        N_("See which person and which computer it was."),
        N_("Ask that person, face to face."),
        N_("End the sessions you do not know."),
        steps.CHIEF,
        steps.NOTE,
    ),
}
