"""People of the house: who, what they may do, and what ends with them. Rule: the controller judges."""
