"""The daily closing, as it is shown, signed and printed. Rule: the sensors speak through the controller."""
