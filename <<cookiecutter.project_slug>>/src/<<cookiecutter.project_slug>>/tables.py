"""Tables for readers outside Metaflow. Each branch has its own folder, because Metaflow does not separate such data."""

import csv
import os
from io import StringIO
from pathlib import Path
from tempfile import mkdtemp

from metaflow import S3


def tables_root(context: object = None) -> str:
    """Return the folder or `s3://` address for tables, from the environment variable `TABLES_ROOT`, or nothing.

    Metaflow calls this as a parameter's default, when a flow is run or deployed. A deployment keeps that value.
    """
    return os.environ.get("TABLES_ROOT", "")


def write_table(name: str, rows: list[dict], *, root: str, branch: str, made_by: str, test_mode: bool) -> str:
    """Write a table as CSV to its branch's folder, and replace an existing one.

    Writing it again changes nothing, so Metaflow can retry the step. The last column names the task of each row.

    Args:
        name: The table's name.
        rows: Dictionaries with the same keys, at least one.
        root: A folder or an `s3://` address, as `tables_root` returns it. If it is empty, nothing is written.
        branch: `current.branch_name`.
        made_by: `current.pathspec`.
        test_mode: Whether to write to a new temporary folder instead.

    Returns:
        The table's path or address, or nothing if it was not written.

    Raises:
        ValueError: If the root is another kind of address.
    """
    if "://" in root and not root.startswith("s3://"):
        raise ValueError(f"tables cannot go to {root!r}: set TABLES_ROOT to a folder or an s3:// address")
    if test_mode:
        place = mkdtemp(prefix=f"{name}-")
    elif root:
        place = f"{root.rstrip('/')}/{branch}"
    else:
        print(f"The table {name} is not written: set the environment variable TABLES_ROOT to a folder or s3:// address")
        return ""
    text = _csv([row | {"made_by": made_by} for row in rows])
    if place.startswith("s3://"):
        with S3(s3root=place) as s3:  # type: ignore[call-arg]
            address = s3.put(f"{name}.csv", text)
    else:
        address = _replace(Path(place, f"{name}.csv"), text)
    print(f"Written: {address}")
    return address


def _csv(rows: list[dict]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _replace(path: Path, text: str) -> str:
    """Replace a file in one operation, so that nobody reads an incomplete one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.write_text(text, encoding="utf-8", newline="")
    os.replace(draft, path)
    return str(path)
