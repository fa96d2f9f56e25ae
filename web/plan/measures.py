"""Lengths of the floor plan, in its own units. Rule: every number that two files share stands here."""

GAP = 60  # a door in its wall
SLOT = 206  # a door with its words
WINDOW = 64
WINDOW_SLOT = 144
CELL, CELL_HEIGHT = 60, 32
CABINET_PAD = 6
CABINET_HEAD = 18
CAMERA_SLOT = 58
MARGIN = 28
ROOM_HEAD = 66  # windows' words and the name of the room, above its cabinets
ROOM_SIDE = 58  # cameras hang along the sides
ROOM_LEAST = 440
ROOM_TEXT = 112  # the count and the sentence below it
ROOM_FOOT = 38  # readers for leaving, and the side of the door
WORDS_BELOW = 66  # a door's words and its open leaf, outside of the wall
PASSAGE_HEIGHT = 136
LOOSE_HEIGHT = 40
