"""Small texts that took an analysis exponential, cubic or quadratic work, or more stack than there
is: functions of a size, by what they are made of."""

from collections.abc import Callable

HEAD = "from metaflow import FlowSpec, Parameter, project, step\n"


def flow(*lines: str, body: str = "", before: str = "") -> str:
    """A flow whose first step has some lines, with what stands in its body and before it."""
    start = "\n".join(f"        {line}" for line in lines)
    return (
        f"{HEAD}{before}\n\nclass AttackFlow(FlowSpec):\n{body}\n    @step\n    def start(self):\n"
        f"{start}\n        self.next(self.end)\n\n    @step\n    def end(self):\n        pass\n"
    )


def repeated(line: str, size: int, start: int = 1) -> list[str]:
    """A line for each number, with `{i}` for it and `{h}` for the one before."""
    return [line.format(i=i, h=i - 1, j=i + 1) for i in range(start, size + start)]


def f_strings(size: int) -> str:
    names = repeated('A{i} = f"' + "{{A{h}}}" * 10 + '"', size)
    before = "\n".join(['A0 = "x"', *names, f"@project(name=A{size})"])
    return flow("pass", before=before).replace(")\n\n\nclass", ")\nclass")


def doubled_f_strings_of_a_step(size: int) -> str:
    names = repeated('x{i} = f"{{x{h}}}{{x{h}}}"', size)
    return flow('x0 = "x"', *names, f"self.papers = x{size}")


def long_numbers(size: int) -> str:
    number = f"0x{'f' * 100 * size}"
    lines = [f"self.total = {number}", f'self.papers = f"{{{number}}}"']
    return flow(*lines, before=f"@project(name={number})").replace(")\n\n\nclass", ")\nclass")


def doubled_texts(size: int) -> str:
    before = "\n".join([f'A0 = "{"x" * 500}"', *repeated("A{i} = A{h} + A{h}", size)])
    return flow("pass", before=f"{before}\n@project(name=A{size})").replace(
        ")\n\n\nclass", ")\nclass"
    )


def keys_of_keys(size: int) -> str:
    names = repeated('A{i} = {{"k": A{h}["k"], "l": A{h}[A{h}["k"]]}}', size)
    before = "\n".join(['A0 = {"k": "k"}', *names, f'@project(name=A{size}["k"])'])
    return flow("pass", before=before).replace(")\n\n\nclass", ")\nclass")


def classes_in_a_chain(size: int) -> str:
    first = "class A0(FlowSpec):\n    @step\n    def start(self): self.next(self.end)\n"
    first += "    @step\n    def end(self): pass\n"
    return HEAD + first + "\n".join(repeated("class A{i}(A{h}): pass", size))


def mixins_of_mixins(size: int) -> str:
    mixins = [
        f"class M{i}({', '.join(f'M{j}' for j in range(max(0, i - 10), i)[::-1])}): pass"
        for i in range(size)
    ]
    return flow("pass", before="\n".join(mixins)).replace("(FlowSpec)", f"(M{size - 1}, FlowSpec)")


def calls_of_calls(size: int) -> str:
    functions = [
        f"def f{i}(a):\n    return [{', '.join([f'f{i + 1}(a)'] * size)}]" for i in range(5)
    ]
    return flow("self.x = f0(1)", before="\n".join([*functions, "def f5(a):\n    return a"]))


def calls_with_other_arguments(size: int) -> str:
    functions = [
        f"def f{i}(*a):\n    return [{', '.join(f'f{i + 1}(*a, C{n}())' for n in range(size))}]"
        for i in range(5)
    ]
    classes = [f"class C{n}: pass" for n in range(size)]
    return flow("self.x = f0(1)", before="\n".join([*classes, *functions]))


def calls_of_methods(size: int) -> str:
    methods = [
        f"    def m{i}(self, inputs):\n        self.m{i + 1}(inputs)\n        self.m{i + 1}(inputs)"
        for i in range(size)
    ]
    last = f"    def m{size}(self, inputs):\n        self.merge_artifacts(inputs)"
    return flow("self.m0(1)", body="\n".join([*methods, last]))


def doubled_tuples(size: int) -> str:
    return flow("x0 = 1", *repeated("x{i} = (x{h}, x{h})", size), f"self.x = x{size}")


def nested_lists(size: int) -> str:
    return flow("x = 1", *["x = [x]"] * size, "self.x = x")


def appended_lists(size: int) -> str:
    lines = repeated("y{i} = []\n        y{i}.append(y{h})", size)
    return flow("y0 = []", *lines, f"self.x = y{size}")


def appended_to_one(size: int) -> str:
    return flow("y = []", *repeated("y.append({i})\n        self.y{i} = y", size))


def methods_of_texts(size: int) -> str:
    return flow("x = ''", *["x = x.strip()"] * size, "self.x = x")


def conditionals(size: int) -> str:
    return flow("x0 = 1", *repeated("x{i} = x{h} if a else x{h}", size), f"self.x = x{size}")


def sums(size: int) -> str:
    return flow("self.x = " + " + ".join(f"a{i}" for i in range(size)))


def unions(size: int) -> str:
    return flow("self.x: " + " | ".join(f"a{i}" for i in range(size)) + " = f()")


def comprehensions(size: int) -> str:
    return flow("self.x = [0 " + " ".join(f"for a{i} in b" for i in range(size)) + "]")


def zipped(size: int) -> str:
    return flow("self.x = [a for a in " + "list(zip(" * size + "b" + "))" * size + "]")


def artifacts_in_a_chain(size: int) -> str:
    return flow(*repeated("self.x{i} = self.x{j}", size))


def artifacts_in_a_circle(size: int) -> str:
    methods = [
        f"    def m{i}(self):\n        self.x{i} = [self.x{(i + 1) % size}, self.x{i * 7 % size}]"
        for i in range(size)
    ]
    return flow("pass", body="\n".join(methods))


def switches_back(size: int) -> str:
    steps = [
        f"    @step\n    def s{i}(self):\n        self.v{i} = 1\n        self.next("
        f"{{'a': self.s{i + 1}, 'b': self.s{max(0, i - 1)}}}, condition='x')"
        for i in range(size)
    ]
    last = f"    @step\n    def s{size}(self):\n        self.next(self.end)"
    text = flow("self.x = 1", body="\n".join([*steps, last]))
    return text.replace("= 1\n        self.next(self.end)", "= 1\n        self.next(self.s0)")


def unknown_steps(size: int) -> str:
    steps = [
        f"    @step\n    def a_very_long_name_{i}(self):\n        self.next(self.a_long_name_{i})"
        for i in range(size)
    ]
    return flow("pass", body="\n".join(steps))


def unknown_artifacts(size: int) -> str:
    text = flow(*repeated("self.some_artifact_{i} = 1", size))
    reads = "\n".join(repeated("        print(self.some_artefact_{i})", size))
    return text.removesuffix("        pass\n") + reads + "\n"


def parameters(size: int) -> str:
    return flow("pass", body="\n".join(repeated("    p{i} = Parameter('p{i}')", size)))


def late_imports(size: int) -> str:
    return flow(*repeated("import a{i}; a{i}.b()", size))


def shell_commands(size: int) -> str:
    return flow("import os", f"os.system('{'aws s3 ' * size}')")


def deleted_artifacts(size: int) -> str:
    return flow(*repeated("self.x{i} = lambda: 1", size), *repeated("del self.x{i}", size))


def puts_of_puts(size: int) -> str:
    lines = repeated("a{i} = (a{h}, 1)\n        s.put_object(Key=a{i})", size)
    return flow("import boto3", "s = boto3.client('s3')", *lines)


def split_steps(size: int) -> str:
    steps = repeated(
        "    @step\n    def s{i}(self):\n        self.next(self.s{j}, self.t{i})\n", size
    )
    return flow("pass", body="\n".join(steps))


def helpers_in_a_chain(size: int) -> str:
    helpers = repeated(
        "    def m{i}(self):\n        self.x{i} = current.pathspec\n        self.m{j}()\n", size
    )
    return flow("self.m1()", body="\n".join(helpers), before="from metaflow import current\n")


def flows_in_a_file(size: int) -> str:
    one = flow("pass").removeprefix(HEAD).replace("Attack", "F{i}")
    return "\n".join([HEAD, *repeated(one, size)])


def itself(size: int) -> str:
    return flow("path = path + 's'", *["open(path, 'w')"] * size)


ATTACKS: dict[str, Callable[[int], str]] = {
    made.__name__: made
    for made in (
        f_strings,
        doubled_f_strings_of_a_step,
        long_numbers,
        doubled_texts,
        keys_of_keys,
        classes_in_a_chain,
        mixins_of_mixins,
        calls_of_calls,
        calls_with_other_arguments,
        calls_of_methods,
        doubled_tuples,
        nested_lists,
        appended_lists,
        appended_to_one,
        methods_of_texts,
        conditionals,
        sums,
        unions,
        comprehensions,
        zipped,
        artifacts_in_a_chain,
        artifacts_in_a_circle,
        switches_back,
        unknown_steps,
        unknown_artifacts,
        parameters,
        late_imports,
        shell_commands,
        deleted_artifacts,
        puts_of_puts,
        split_steps,
        helpers_in_a_chain,
        flows_in_a_file,
        itself,
    )
}
