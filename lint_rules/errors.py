"""The error that ends a run."""


class CannotRun(Exception):
    """What keeps a command from running; the message says where, what, and what to do."""
