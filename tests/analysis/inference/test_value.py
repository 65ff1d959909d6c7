"""Values are shared, and bounded."""

from lint_rules.analysis.inference.value import (
    LONGEST_TYPE,
    MOST_HEIGHT,
    MOST_PARTS,
    Kind,
    Value,
    container_of,
    library,
    plain,
)


def test_equal_values_are_one():
    frame = library("pandas.DataFrame")
    assert library("pandas.DataFrame") is frame
    assert container_of("tuple", (frame, None), (frame, None)) is container_of(
        "tuple", (frame, None), (frame, None)
    )
    assert plain("int") is not plain("float")
    assert library("pandas.DataFrame", "list") is not frame


def test_containers_have_a_height():
    value = library("pandas.DataFrame")
    for _ in range(5 * MOST_HEIGHT):
        value = container_of("list", [value], (value,))
        assert value.height <= MOST_HEIGHT
        assert value.container == "list"


def test_what_a_cut_container_holds_is_not_known():
    value = library("pandas.DataFrame")
    heights = []
    for _ in range(5 * MOST_HEIGHT):
        value = container_of("list", [value], ())
        heights.append(value.height)
        if value.height == 1 and len(heights) > 1:
            assert value.item is None
            return
    raise AssertionError("never cut")


def test_displays_have_a_width():
    values = tuple(plain("int") for _ in range(MOST_PARTS + 1))
    assert container_of("tuple", values, values).parts == ()
    assert len(container_of("tuple", values[1:], values[1:]).parts) == MOST_PARTS


def test_types_have_a_length():
    value = plain("int")
    for _ in range(LONGEST_TYPE):
        value = container_of("list", [value], ())
        assert len(value.type) <= LONGEST_TYPE + len("list[]")
    long = "package." * LONGEST_TYPE + "Class"
    assert Value(Kind.LIBRARY, long).type == long
