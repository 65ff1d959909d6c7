"""Finds what a misspelt name is meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def close_match(name: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `name` is certainly meant to be, or `None`.

    It is certain when one is near and no other is: `gpus` for `gpu`, `time` for `times`.
    """
    import difflib  # takes long to import, and few files are misspelt

    known = sorted(names)
    folded = [n for n in known if _folded(n) == _folded(name)]
    if len(folded) == 1:
        return folded[0]
    near = difflib.get_close_matches(name, known, n=2, cutoff=0.8)
    return near[0] if len(near) == 1 else None


def _folded(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower().removesuffix("s")
