"""The rules, one file for each rule or tight family, named for its code.

A new file here is a new rule: `lint_rules.registry` finds it.
"""

import os


def codes() -> list[str]:
    """The codes of the rules here, told from the names of their files."""
    names = sorted(os.listdir(__path__[0]))  # noqa: PTH208 - quicker, in every run
    return [name.partition("_")[0].upper() for name in names if name.startswith("mf")]
