"""Rules MF0: naming."""
