"""Edits in the words of rules, and what they come to in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from lint_rules.diagnostics.diagnostic import (
    AddItem,
    AddToFile,
    Append,
    DeleteStatement,
    Edit,
    InsertLines,
    Refuse,
    Rename,
    Replace,
    TextEdit,
)
from lint_rules.fixes.layout import with_sorted_imports, with_wrapped_imports, without_gaps
from lint_rules.model.code import Class, Function, Import, ImportedName, Location
from lint_rules.model.module import Module
from lint_rules.workspace.source import STRINGS, Source


class CannotEdit(Exception):
    """The text is laid out in a way that an edit does not know how to change."""


# Building edits from the model


def spelled(module: Module, name: str, origin: str = "metaflow") -> tuple[str, list[Edit]]:
    """How a module writes a name of Metaflow's, and the edits that import it if need be.

    `Parameter` may already be there under another name, or as `mf.Parameter`; else the module's
    `from metaflow import …` is extended, or such a line added. The edits refuse where something
    else has the name, or where it is there in some cases only.
    """
    imports = [s for s in module.imports if _runs_first(s, module)]
    there = (n for s in imports if s.is_from and s.module == origin for n in s.names)
    for imported in there:
        if imported.name == name and is_bound_once(imported, module):
            return imported.bound, []
    is_free = name not in module.scope.bound and name not in module.scope.imports
    if origin in module.scope.stars:
        is_star_alone = is_free and module.scope.stars == [origin]
        return name, [] if is_star_alone else [_taken(module, name)]
    qualified = [s for s in imports if not s.is_from and _bound_name(s, origin, module)]
    extended = [s for s in imports if s.is_from and s.module == origin and not s.level]
    if qualified and not (extended and is_free):
        return f"{_bound_name(qualified[0], origin, module)}.{name}", []
    is_conditional = any(origin in s.packages() and s not in module.body for s in module.imports)
    if not is_free or (is_conditional and not extended):
        return name, [_taken(module, name)]
    if extended:
        return name, [_extended(extended[0].names, name)]
    line = f"from {origin} import {name}"
    later = [s for s in module.imports if s.module != "__future__"]
    if later:
        if later[0] not in module.body:
            return name, [_taken(module, name)]
        return name, [InsertLines(later[0].location, (line,))]
    if module.imports:
        return name, [InsertLines(module.imports[-1].location, ("", line), after=True)]
    first = module.body[1 if module.docstring and len(module.body) > 1 else 0]
    return name, [InsertLines(first.location, (line, ""))]


def _runs_first(statement: Import, module: Module) -> bool:
    """Whether an import always runs, and before the module's classes."""
    first = next((s.start for s in module.body if isinstance(s, Class)), None)
    return statement in module.body and (first is None or statement.start < first)


def is_bound_once(name: ImportedName, module: Module) -> bool:
    """Whether an import alone binds its name at module level."""
    others = [n for s in module.imports for n in s.names]
    return name.bound not in module.scope.bound and (
        sum(other.bound == name.bound for other in others) == 1
    )


def _bound_name(statement: Import, origin: str, module: Module) -> str | None:
    """The name that `import metaflow as mf` gives a module, if nothing else binds it."""
    for imported in statement.names:
        if imported.name == origin and is_bound_once(imported, module):
            return imported.alias or origin
    return None


def _taken(module: Module, name: str) -> Refuse:
    return Refuse(module.location, f"`{name}` may mean something else in the file")


def import_of_own(module: Module, name: str, origin: str) -> list[Edit]:
    """Puts `from origin import name`, of a package of the repository, where it sorts among the
    module's imports from there, else behind all imports."""
    line = f"from {origin} import {name}"
    package = origin.partition(".")[0]
    own = [s for s in module.imports if s.is_from and package in s.packages()]
    if any(statement.module == origin for statement in own):
        return spelled(module, name, origin)[1]
    later = [statement for statement in own if (statement.module or "") > origin]
    if later:
        return [InsertLines(later[0].location, (line,))]
    if own:
        return [InsertLines(own[-1].location, (line,), after=True)]
    if module.imports:
        return [InsertLines(module.imports[-1].location, ("", line), after=True)]
    return spelled(module, name, origin)[1]


def with_imports(module: Module, remedy: str, *names: str) -> str:
    """A remedy that says too which of Metaflow's names it needs are not imported yet."""
    missing = [f"`{name}`" for name in names if spelled(module, name)[1]]
    return f"{remedy}, and import {' and '.join(missing)} from `metaflow`" if missing else remedy


def _extended(names: Sequence[ImportedName], name: str) -> Edit:
    """Puts a name where it sorts among imported names, or last where they are in no order."""
    keys = [_import_order(imported.name) for imported in names]
    rank = _import_order(name)
    if keys != sorted(keys):
        return AddItem(names[-1].location, name, rank=rank)
    smaller = [n for n in names if _import_order(n.name) < rank]
    if not smaller:
        return AddItem(names[0].location, name, before=True, rank=rank)
    return AddItem(smaller[-1].location, name, rank=rank)


def _import_order(name: str) -> tuple[int, str]:
    """The order in which isort and Ruff put imported names: constants, classes, the rest."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name


def import_line(statement: Import, names: Iterable[ImportedName]) -> str:
    """An import statement that imports only these of a statement's names."""
    listed = ", ".join(f"{n.name} as {n.alias}" if n.alias else n.name for n in names)
    if not statement.is_from:
        return f"import {listed}"
    return f"from {'.' * statement.level}{statement.module or ''} import {listed}"


def import_into(function: Function, line: str, comment_of: Location | None = None) -> list[Edit]:
    """Puts an import at the top of a function, with a blank line between imports and work.

    Args:
        function: the function.
        line: the import.
        comment_of: the statement it comes from, whose comment comes along.
    """
    first = function.body_without_docstring[0]
    edits: list[Edit] = [
        InsertLines(
            first.location_with_decorators,
            (line,),
            above_comments=True,
            comment_of=comment_of,
            with_comments_above=True,
        )
    ]
    if not isinstance(first, Import):
        # Several imports share one blank line: the same insertion is made once.
        edits.append(
            InsertLines(first.location_with_decorators, ("",), above_comments=True, rank=(1, ""))
        )
    return edits


# From edits to changes of the text

_STRING = re.compile(STRINGS, re.DOTALL)
_COMMENT_OR_NOTHING = re.compile(r"[ \t\f]*(#[^\r\n]*)?\Z")


def resolve(edits: Iterable[Edit], source: Source) -> tuple[TextEdit, ...]:
    """The changes of the text that edits come to, in the order of the text.

    Raises:
        CannotEdit: an edit finds the text laid out in a way it cannot change.
    """
    changes = [_resolve(edit, source) for edit in edits]
    return tuple(sorted(changes, key=lambda change: change.order))


def _resolve(edit: Edit, source: Source) -> TextEdit:
    if isinstance(edit, AddToFile):
        return _at_end(edit, source)
    if isinstance(edit, Refuse):
        raise CannotEdit(edit.reason)
    start, end = edit.location.range
    match edit:
        case Replace(_, content):
            _keep_comments(start, end, source)
            return TextEdit(start, end, _with_newlines(content, source))
        case Rename(_, old, new):
            if not source.text[start:end].endswith(old):
                raise CannotEdit("the name does not end the expression")
            return TextEdit(end - len(old), end, new)
        case Append(_, content):
            return TextEdit(end, end, _with_newlines(content, source))
        case InsertLines():
            origin = edit.comment_of
            comment = "" if origin is None else _comment_after(origin.end, source)
            above = () if origin is None else _own_comments(origin.start, origin.end, source)
            lines = (*above, *edit.lines) if edit.with_comments_above else edit.lines
            return _lines(replace(edit, lines=lines), start, end, source, comment)
        case DeleteStatement():
            _keep_comments(start, end, source)
            rows = len(_own_comments(start, end, source)) if edit.with_comments_above else 0
            change = _deletion(start, end, source)
            if rows:
                first = source.line_starts[source.position(start).row - 1 - rows]
                return TextEdit(first, change.end, "")
            return change
        case AddItem():
            return _item(edit, start, end, source)


def _with_newlines(content: str, source: Source) -> str:
    return content.replace("\n", source.newline)


def _comment_after(offset: int, source: Source) -> str:
    """The comment on the rest of a line, with the blanks before it."""
    end = source.position(offset)
    rest = source.line(end.row)[end.column - 1 :]
    return rest.rstrip() if rest.lstrip().startswith("#") else ""


def _own_comments(start: int, end: int, source: Source) -> tuple[str, ...]:
    """The comments above a statement that are about it alone: what follows is a blank line."""
    row, last = source.position(start).row, source.position(end).row
    indent = source.text[source.line_starts[row - 1] : start]
    if indent.strip() or (last < len(source.line_starts) and source.line(last + 1).strip()):
        return ()
    found: list[str] = []
    while row > 1 and source.line(row - 1).startswith(f"{indent}#"):
        row -= 1
        found.insert(0, source.line(row).strip())
    # What stands at the top is about the file.
    return () if row == 1 else tuple(found)


def _keep_comments(start: int, end: int, source: Source) -> None:
    """Raises `CannotEdit` where the text that goes has comments inside."""
    code = _STRING.sub("", source.text[start:end])
    if "#" in code:
        raise CannotEdit("comments inside would be lost")


def _at_end(edit: AddToFile, source: Source) -> TextEdit:
    block = "".join(f"{line}{source.newline}" for line in edit.lines)
    if source.text.strip():
        ends = source.text.endswith(("\n", "\r"))
        block = ("" if ends else source.newline) + source.newline + block
    end = len(source.text)
    return TextEdit(end, end, block)


def _lines(edit: InsertLines, start: int, end: int, source: Source, comment: str) -> TextEdit:
    row = source.position(start).row
    indent = source.text[source.line_starts[row - 1] : start]
    if indent.strip():
        raise CannotEdit("the statement does not begin its line")
    lines = (*edit.lines[:-1], edit.lines[-1] + comment)
    block = "".join(f"{indent if line else ''}{line}{source.newline}" for line in lines)
    if edit.after:
        last = source.position(end)
        rest = source.line(last.row)[last.column - 1 :]
        if not _COMMENT_OR_NOTHING.match(rest):
            raise CannotEdit("the statement does not end its line")
        row = _behind_comments(last.row, indent, source)
        if row < len(source.line_starts):
            at = source.line_starts[row]
            return TextEdit(at, at, block, edit.rank)
        at = len(source.text)
        return TextEdit(at, at, source.newline + block.removesuffix(source.newline), edit.rank)
    while edit.above_comments and row > 1 and source.line(row - 1).startswith(f"{indent}#"):
        row -= 1
    at = source.line_starts[row - 1]
    return TextEdit(at, at, block, edit.rank)


def _behind_comments(row: int, indent: str, source: Source) -> int:
    """The last of the lines after a row that still belong to the statement that ends in it: the
    comments of its blocks, which are indented further than it is."""
    last = row
    while row < len(source.line_starts):
        line = source.line(row + 1)
        is_comment = line.lstrip().startswith("#")
        if line.strip() and not (is_comment and line.startswith((f"{indent} ", f"{indent}\t"))):
            break
        if is_comment:
            last = row + 1
        row += 1
    return last


def _deletion(start: int, end: int, source: Source) -> TextEdit:
    first, last = source.position(start), source.position(end)
    before = source.line(first.row)[: first.column - 1]
    rest = source.line(last.row)[last.column - 1 :]
    if not before.strip() and _COMMENT_OR_NOTHING.match(rest):
        line_end = (
            source.line_starts[last.row] if last.row < len(source.line_starts) else len(source.text)
        )
        return TextEdit(source.line_starts[first.row - 1], line_end, "")
    follower = re.match(r"[ \t]*;[ \t]*", rest)
    if follower:
        return TextEdit(start, end + follower.end(), "")
    leader = re.search(r"[ \t]*;[ \t]*\Z", before)
    if leader:
        return TextEdit(start - len(leader.group()), end, "")
    raise CannotEdit("the statement shares its line")


def _item(edit: AddItem, start: int, end: int, source: Source) -> TextEdit:
    location = source.position(start)
    indent = source.line(location.row)[: location.column - 1]
    separator = ", " if indent.strip() else f",{source.newline}{indent}"
    if edit.before:
        return TextEdit(start, start, edit.content + separator, edit.rank)
    last = source.position(end)
    rest = source.line(last.row)[last.column - 1 :].rstrip("\r\n")
    closes = re.match(r"[ \t]*(,?)[ \t]*(#.*)?\Z", rest)
    if indent.strip() or closes is None or not (closes[1] or closes[2]):
        return TextEdit(end, end, separator + edit.content, edit.rank)
    # The line ends behind the item: its comment stays with it.
    added = f"{source.newline}{indent}{edit.content}"
    if closes[1]:
        line_end = end + len(rest)
        return TextEdit(line_end, line_end, f"{added},", edit.rank)
    return TextEdit(end, end + len(rest), f",{rest}{added}", edit.rank)


def apply(text: str, changes: Iterable[TextEdit]) -> str:
    """The text with changes made that do not overlap, laid out as a person would leave it."""
    pieces: list[str] = []
    position = 0
    for change in without_gaps(text, sorted(changes, key=lambda change: change.order)):
        pieces += [text[position : change.start], change.content]
        position = change.end
    pieces.append(text[position:])
    return with_wrapped_imports(text, with_sorted_imports(text, "".join(pieces)))


def compatible(
    groups: Iterable[dict[str, Sequence[TextEdit]]],
) -> tuple[dict[str, list[TextEdit]], list[dict[str, Sequence[TextEdit]]]]:
    """As many fixes as go together: their changes by the files' paths, and the fixes themselves.

    A fix is taken whole or not at all, in all of its files. Insertions at one point go together in
    their order; the same insertion (an import that two fixes need) is made once.
    """
    taken: dict[str, list[TextEdit]] = {}
    made = []
    for group in groups:
        new = {
            path: [c for c in edits if not (_is_insertion(c) and c in taken.get(path, ()))]
            for path, edits in group.items()
        }
        if not any(
            _overlap(change, other)
            for path, changes in new.items()
            for change in changes
            for other in taken.get(path, ())
        ):
            for path, changes in new.items():
                taken.setdefault(path, []).extend(changes)
            made.append(group)
    return {path: changes for path, changes in taken.items() if changes}, made


def _is_insertion(change: TextEdit) -> bool:
    return change.start == change.end


def _overlap(a: TextEdit, b: TextEdit) -> bool:
    if _is_insertion(a) and _is_insertion(b):
        return False
    if _is_insertion(a) or _is_insertion(b):
        point, other = (a, b) if _is_insertion(a) else (b, a)
        return other.start < point.start < other.end
    return a.start < b.end and b.start < a.end
