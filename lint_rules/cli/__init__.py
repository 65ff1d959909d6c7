"""The command line: one module for each command.

Takes arguments, asks the engine, the reports and the diagrams, and ends with an exit status.
Nothing else in the package prints or ends the process.
"""

from lint_rules.cli.app import main

__all__ = ["main"]
