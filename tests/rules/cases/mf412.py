from tests.rules.cases import Case
from tests.rules.cases.mf410 import FLOW


def merged(arguments, is_bad, says=()):
    call = f"self.merge_artifacts({arguments})"
    return Case(call, FLOW.format(join=call), at=(call,) if is_bad else (), says=says)


CASES = [
    merged('inputs, include=["x"]', False),
    merged('inputs, include=["z"]', True, ("merges `z`, which none of its inputs has",)),
    merged('inputs, include="x"', True, ('write a list: `include=["…"]`',)),
    merged('inputs, exclude="x"', True),
    merged('inputs, exclude=["z"]', False),
    merged('inputs, exclude=["x"], include=["y"]', True),
    merged('inputs, exclude=[], include=["y"]', False),
    merged("inputs, include=find()", False),
]
