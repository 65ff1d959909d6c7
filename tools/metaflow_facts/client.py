"""Reads what the client, `current` and `S3` take and give: parts of a pathspec, keys, objects."""

from __future__ import annotations

import inspect
import re
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import metaflow
from metaflow import S3, current
from metaflow.exception import MetaflowInvalidPathspec
from metaflow.plugins import CARDS
from metaflow.plugins.datatools.s3.s3 import MetaflowS3URLException, S3Object

from tools.metaflow_facts.trials import message_of

_MOST_PARTS = 7
_BARE, _URL = "a/key", "s3://bucket/a/key"


def read_client() -> dict[str, Any]:
    """Return the facts about the client's classes, `current` in a task, `S3`, and cards."""
    classes = {name: facts for name in dir(metaflow) if (facts := _pathspec_of(name))}
    current._set_env(
        run_id="1", step_name="start", task_id="2", origin_run_id="3", namespace=None, username="me"
    )
    current._flow_name = "Tried"
    reaching = dict.fromkeys(("_one_boto_op", "_s3op_with_retries"), _unreachable)
    with mock.patch.multiple(S3, **reaching):
        facts = {
            "classes": classes,
            "current": _current(classes),
            "s3_methods": _s3_methods(),
            "s3_contents": _contents(),
            "editable_cards": _editable_cards(),
        }
    current._set_env(is_running=False)
    current._flow_name = None
    return facts


def _editable_cards() -> list[str]:
    """Return the types of Metaflow's own cards that steps may add components to."""
    types = {card.type for card in CARDS if card.ALLOW_USER_COMPONENTS}
    return sorted(name for name in types if not name.startswith("test_"))


def _unreachable(*_: object, **__: object) -> None:
    """Stand in for what reaches a server."""
    raise ConnectionError("no server is asked")


def _pathspec_of(name: str) -> dict[str, Any] | None:
    """Return how many parts the pathspec of a class has, and what it says to any other."""
    taken, refusal = [], ""
    for parts in range(1, _MOST_PARTS):
        try:
            getattr(metaflow, name)("/".join(["1"] * parts))
        except MetaflowInvalidPathspec as error:
            refusal = message_of(error)
        except Exception:
            taken.append(parts)
        else:
            return None
    return {"parts": taken[0], "message": refusal} if refusal and len(taken) == 1 else None


def _current(classes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return how many parts of a pathspec the texts of `current` are, and what objects it gives."""
    found: dict[str, dict[str, Any]] = {}
    for name, member in inspect.getmembers_static(type(current)):
        if name.startswith("_") or not isinstance(member, property) or name == "graph":
            continue
        annotation = str(inspect.signature(member.fget).return_annotation)
        classed = re.search(r"metaflow\.(\w+)", annotation)
        if classed and classed[1] in classes:
            found[name] = {"object": classed[1]}
        elif name != "tempdir" and isinstance(value := getattr(current, name), str):
            found[name] = {"parts": value.count("/") + 1}
    return found


def _s3_methods() -> dict[str, dict[str, Any]]:
    """Return the methods of `S3` that take keys, how (one or many, with values or without), under
    which name, and what they download."""
    with tempfile.NamedTemporaryFile() as file:
        ways = {
            "one": lambda key: (key,),
            "one with a value": lambda key: (key, "text"),
            "many": lambda key: ([key],),
            "many with values": lambda key: ([(key, "text")],),
            "many with files": lambda key: ([(key, file.name)],),
            "none": lambda key: (),
        }
        found = {}
        for name, method in inspect.getmembers(S3, inspect.isfunction):
            if name.startswith("_"):
                continue
            for way, arguments in ways.items():
                bare = _refuses_key(S3(), name, arguments(_BARE))
                url = _refuses_key(S3(s3root="s3://bucket/root"), name, arguments(_URL))
                if bare and (url or way == "none"):
                    found[name] = {
                        "takes": way,
                        "parameters": list(inspect.signature(method).parameters)[1:],
                        "returns": _returned(method),
                    }
                    break
    return found


def _refuses_key(client: S3, method: str, arguments: tuple[Any, ...]) -> bool:
    """Return whether a method of `S3` does not take the form of a key."""
    try:
        getattr(client, method)(*arguments)
    except MetaflowS3URLException:
        return True
    except Exception:
        return False
    finally:
        client.close()
    return False


def _returned(method: Any) -> str:
    """Return whether a method downloads one object, many, or none."""
    returned = str(inspect.signature(method).return_annotation)
    if not method.__name__.startswith("get") or "S3Object" not in returned:
        return "nothing"
    return "many" if "List" in returned else "one"


def _contents() -> dict[str, list[str]]:
    """Return the properties of a downloaded object that fail without its file, and those that are
    the path of the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "key")
        path.write_text("content", encoding="utf-8")
        downloaded = S3Object(None, _URL, str(path))
    found: dict[str, list[str]] = {"fail": [], "path": []}
    for name, member in inspect.getmembers(S3Object):
        if isinstance(member, property):
            try:
                value = getattr(downloaded, name)
            except FileNotFoundError:
                found["fail"].append(name)
            else:
                if value == str(path):
                    found["path"].append(name)
    return found
