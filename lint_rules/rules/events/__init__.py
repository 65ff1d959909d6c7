"""Rules MF7: events."""
