"""How diagnostics are shown: one module for each output format, named for it.

Each has a function `report` that takes a `Report` and yields lines. What the command line says of
them is here, so that it need not import them.
"""

FORMATS = ("full", "concise", "grouped", "json", "github", "gitlab", "sarif", "junit")

FOR_PEOPLE = ("full", "concise", "grouped")
"""The formats after which a summary may stand; the others are read by programs."""
