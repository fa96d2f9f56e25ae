"""Measured figures, each beside a peer or a limit of the same run. Rule: nothing is asserted here."""
