"""Rules MF2: test mode."""
