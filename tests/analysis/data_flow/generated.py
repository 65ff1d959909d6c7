"""Flows that run to their end by construction, and one change of a known kind to each."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

_CHANGEABLE = re.compile(r" {8}(self\.\w+ =|print|self\.merge|self\.next.*(foreach|condition))")
NAMES = ["papers", "topics", "count", "title", "years", "words"]


@dataclass
class Made:
    """The steps of a flow so far.

    Attributes:
        steps: the texts of the steps' bodies by name, with whether they are joins.
        number: how many steps there are.
    """

    steps: dict[str, tuple[bool, list[str]]] = field(default_factory=dict)
    number: int = 0

    def name(self) -> str:
        """A name for the next step."""
        self.number += 1
        return f"step{self.number}"


class Generator:
    """Makes flows of a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.made = Made()

    def flow(self) -> str:
        """The text of a flow that runs to its end."""
        there = {"papers"}
        body = ["self.papers = [1, 2, 3]"]
        self.made.steps["start"] = (False, body)
        last = self._sequence("start", there, self.random.randint(1, 4), 0)
        self._body(self.made.steps.setdefault("end", (False, []))[1], there)
        self._next(last, "self.next(self.end)")
        return self._text()

    def _sequence(self, last: str, there: set[str], length: int, depth: int) -> str:
        """Add steps behind one; return the last."""
        for _ in range(length):
            kinds = ["line", "line", "split", "foreach", "switch"]
            if depth > 1 or self.made.steps[last][0]:
                # A join may not split.
                kinds = ["line"]
            last = getattr(self, f"_{self.random.choice(kinds)}")(last, there, depth)
        return last

    def _line(self, last: str, there: set[str], depth: int) -> str:
        name = self._step()
        self._next(last, f"self.next(self.{name})")
        self._body(self.made.steps[name][1], there)
        return name

    def _split(self, last: str, there: set[str], depth: int) -> str:
        firsts, lasts, ends = [], [], []
        before = {**dict.fromkeys(there)}
        for _ in range(2):
            inside = set(before)
            name = self._step()
            firsts.append(name)
            self._body(self.made.steps[name][1], inside)
            lasts.append(self._sequence(name, inside, self.random.randint(0, 1), depth + 1))
            ends.append(inside)
        self._next(last, f"self.next({', '.join(f'self.{name}' for name in firsts)})")
        return self._join(lasts, ends, there, set(before))

    def _foreach(self, last: str, there: set[str], depth: int) -> str:
        over = self._list(last, there)
        name = self._step()
        self._next(last, f'self.next(self.{name}, foreach="{over}")')
        inside = {each for each in there if each != over} | {over}
        body = self.made.steps[name][1]
        if self.random.random() < 0.6:
            target = self.random.choice([n for n in NAMES if n != over])
            body.append(f"self.{target} = self.input")
            inside.add(target)
        self._body(body, inside, apart=over)
        end = self._sequence(name, inside, self.random.randint(0, 1), depth + 1)
        return self._join([end], [inside], there, set(there))

    def _switch(self, last: str, there: set[str], depth: int) -> str:
        first, second = self._step(), self._step()
        body = self.made.steps[last][1]
        where = len(body)
        if self.random.random() < 0.5 and not self.made.steps[last][0]:
            body.insert(where, f'self.kind = "{self.random.choice(["a", "b"])}"')
        else:
            body.insert(where, 'self.kind = "a" if len(str(id(self))) % 2 else "b"')
        self._next(last, f'self.next({{"a": self.{first}, "b": self.{second}}}, condition="kind")')
        ends = []
        meeting = self._step()
        for name in (first, second):
            inside = set(there)
            self._body(self.made.steps[name][1], inside)
            self._next(name, f"self.next(self.{meeting})")
            ends.append(inside)
        there |= ends[0] & ends[1]
        self._body(self.made.steps[meeting][1], there)
        return meeting

    def _join(
        self, lasts: list[str], ends: list[set[str]], there: set[str], before: set[str]
    ) -> str:
        join = self._step(is_join=True)
        for name in lasts:
            self._next(name, f"self.next(self.{join})")
        body = self.made.steps[join][1]
        everywhere = set.intersection(*ends)
        there.clear()
        how = self.random.choice(["merge", "include", "take"])
        for name in sorted(everywhere):
            if self.random.random() < 0.4:
                one = self.random.choice([f"inputs.{lasts[0]}.{name}", f"inputs[0].{name}"])
                many = f"[one.{name} for one in inputs]"
                body.append(f"self.{name} = {one if len(lasts) > 1 else many}")
                there.add(name)
        changed = {n for n in NAMES if self._is_set(n, lasts)} | {"kind"}
        if how == "merge":
            left = sorted(changed - there)
            body.append(f"self.merge_artifacts(inputs, exclude={left})")
            there |= before - changed
        elif how == "include" and before - changed - there:
            taken = sorted(before - changed - there)
            body.append(f"self.merge_artifacts(inputs, include={taken})")
            there |= set(taken)
        self._body(body, there)
        return join

    def _is_set(self, name: str, lasts: list[str]) -> bool:
        """Whether any step sets or changes a name: more than need be, but never too few."""
        bodies = (line for _, lines in self.made.steps.values() for line in lines)
        return any(re.match(rf"self\.{name}( =|\.append)", line) for line in bodies)

    def _list(self, last: str, there: set[str]) -> str:
        body = self.made.steps[last][1]
        body.append(f"self.years = {self.random.choice(['[1, 2]', '[5, 6, 7]', 'list(range(2))'])}")
        there.add("years")
        return "years"

    def _body(self, body: list[str], there: set[str], apart: str = "") -> None:
        """Add statements that read what is there, and set more."""
        for _ in range(self.random.randint(0, 3)):
            name = self.random.choice([n for n in NAMES if n not in (apart, "years")])
            kind = self.random.choice(["set", "text", "list", "read", "copy", "if", "method"])
            known = sorted(there)
            if kind == "set":
                body.append(f"self.{name} = {self.random.randint(0, 9)}")
            elif kind == "text":
                body.append(f'self.{name} = "{self.random.choice("xyz")}"')
            elif kind == "list":
                body.append(f"self.{name} = [{self.random.randint(0, 9)}]")
            elif kind == "method":
                body.append("self.set_title()")
                name = "title"
            elif known and kind == "copy":
                body.append(f"self.{name} = self.{self.random.choice(known)}")
            elif known and kind == "if":
                other = self.random.choice(known)
                body.append(f"self.{name} = 1 if self.{other} else 2")
            else:
                if known:
                    body.append(f"print(self.{self.random.choice(known)})")
                continue
            there.add(name)

    def _step(self, is_join: bool = False) -> str:
        name = self.made.name()
        self.made.steps[name] = (is_join, [])
        return name

    def _next(self, name: str, text: str) -> None:
        self.made.steps[name][1].append(text)

    def _text(self) -> str:
        lines = ["from metaflow import FlowSpec, step", "", "", "class ArxivTopics(FlowSpec):"]
        lines += ["    def set_title(self):", '        self.title = "t"', ""]
        for name, (is_join, body) in self.made.steps.items():
            arguments = "self, inputs" if is_join else "self"
            lines += ["    @step", f"    def {name}({arguments}):"]
            moves = [line for line in body if line.startswith("self.next")]
            others = [line for line in body if not line.startswith("self.next")]
            lines += [f"        {line}" for line in [*others, *moves] or ["pass"]]
            lines.append("")
        lines += ["", 'if __name__ == "__main__":', "    ArxivTopics()", ""]
        return "\n".join(lines)


def mutated(text: str, seed: int) -> str:
    """The flow with one statement deleted, renamed or changed."""
    chooser = random.Random(seed)
    lines = text.split("\n")
    places = [
        number
        for number, line in enumerate(lines)
        if re.match(
            r"        (self\.\w+ =|print|self\.merge|self\.next.*(foreach|condition))", line
        )
    ]
    number = chooser.choice(places)
    line = lines[number]
    if "merge_artifacts" in line:
        lines[number] = chooser.choice(["        pass", "        self.merge_artifacts(inputs)"])
    elif "self.next" in line:
        lines[number] = re.sub(r'="\w+"\)$', '="nothing")', line)
    elif chooser.random() < 0.5:
        lines[number] = "        pass"
    else:
        lines[number] = re.sub(r"self\.(\w+)", r"self.\1x", line, count=1)
    return "\n".join(lines)
