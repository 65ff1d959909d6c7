"""What a value is, as far as the code shows: a plain type, a library's object, a function …

Where the code does not show it, the answer is `None`; nothing here guesses from names of variables.
"""

from lint_rules.analysis.inference.container_mutation import certain_statements, grown
from lint_rules.analysis.inference.inferrer import Reader
from lint_rules.analysis.inference.value import FUNCTIONS, NONE, Kind, Value, joined

__all__ = ["FUNCTIONS", "NONE", "Kind", "Reader", "Value", "certain_statements", "grown", "joined"]
