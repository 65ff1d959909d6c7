"""What is remembered of a thing, and forgotten when it is no longer needed."""

from lint_rules.model.memoize import forget, remembered


class Thing:
    def __init__(self) -> None:
        self.name = "paper"


def test_a_function_is_asked_once_until_its_answer_is_forgotten():
    asked = []

    @remembered
    def length(thing):
        asked.append(thing)
        return len(thing.name)

    one, other = Thing(), Thing()
    assert [length(one), length(one), length(other)] == [5, 5, 5]
    assert asked == [one, other]
    forget([one])
    assert vars(one) == {"name": "paper"}
    assert [length(one), length(other)] == [5, 5]
    assert asked == [one, other, one]
