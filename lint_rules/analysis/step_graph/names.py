"""Names that belong to Metaflow: the one place to change when they come from Metaflow itself."""

from __future__ import annotations

RESERVED = frozenset({"cmd", "index", "input", "name", "next"})
"""The names that `check` refuses for a step (`metaflow/lint.py`, `check_reserved_words`).

Steps called like other things of `FlowSpec`'s own, such as `merge_artifacts`, run (tried).
"""

PARALLEL = frozenset({"parallel", "pytorch_parallel"})
"""The step decorators that `num_parallel` needs on the step that it leads to."""
