"""The rules, one file for each rule or tight family, named for its code.

A new file here is a new rule: `lint_rules.registry` finds it.
"""

from pathlib import Path


def codes() -> list[str]:
    """The codes of the rules here, told from the names of their files."""
    files = Path(__file__).parent.glob("mf[0-9]*.py")
    return sorted(file.name.partition("_")[0].upper() for file in files)
