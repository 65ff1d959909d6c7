"""Rules MF3: steps."""
