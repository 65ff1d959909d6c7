"""Entries of a cache as JSON, signed with the cache's key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from lint_rules.engine.cache.folder import Folder
from lint_rules.engine.cache.verifier import Rows, kept_state
from lint_rules.workspace.recording import Consulted, Found

UNUSABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
"""What is raised for an entry that is missing, broken or somebody else's."""


def load(folder: Folder, name: str) -> dict[str, Any]:
    """The entry of a name.

    Raises:
        UNUSABLE: there is none that was written here.
    """
    signature, _, body = folder.read(name).partition(b"\n")
    if _signature(folder, name, body) != signature:
        raise ValueError("half of an entry, or none of ours")
    entry = json.loads(body)
    if not isinstance(entry, dict):
        raise TypeError("no entry")
    return entry


def save(folder: Folder, name: str, entry: dict[str, Any]) -> None:
    """Replaces the entry of a name.

    Raises:
        OSError: it cannot be written.
    """
    body = json.dumps(entry, separators=(",", ":")).encode("utf-8", "surrogatepass")
    folder.write(name, _signature(folder, name, body) + b"\n" + body)


def rows_to_json(rows: Rows) -> list[Any]:
    """What was found, as JSON has it."""
    return [[*what, found.value, found.state] for what, found in rows.items()]


def rows_from_json(rows: Iterable[Any]) -> Rows:
    """What `rows_to_json` made its argument of. Raises `UNUSABLE`."""
    return {
        Consulted(kind, path): Found(value, kept_state(state)) for kind, path, value, state in rows
    }


def name_of(suffix: str, known_by: object) -> str:
    """The name of an entry, by what makes it another one than the others."""
    return f"{digest_of(known_by)}.{suffix}"


def digest_of(value: object) -> str:
    """A digest of what JSON can hold."""
    text = json.dumps(value, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _signature(folder: Folder, name: str, body: bytes) -> bytes:
    signed = hashlib.blake2b(name.encode() + b"\n" + body, key=folder.key(), digest_size=16)
    return signed.hexdigest().encode()
