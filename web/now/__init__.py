"""What the guard's desk shows: signs, alarms, feed, places, lists of a shift. Rule: it asks for nothing."""
