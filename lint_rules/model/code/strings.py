"""f-strings and t-strings."""

from __future__ import annotations

from dataclasses import dataclass

from lint_rules.model.code.expressions import Expression


@dataclass(slots=True, eq=False)
class JoinedStr(Expression):
    """An f-string: texts, as they come out, and values in turn."""

    values: tuple[str | FormattedValue, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return tuple(value for value in self.values if not isinstance(value, str))


@dataclass(slots=True, eq=False)
class TemplateStr(Expression):
    """A t-string: texts and values in turn."""

    values: tuple[str | FormattedValue, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return tuple(value for value in self.values if not isinstance(value, str))


@dataclass(slots=True, eq=False)
class FormattedValue(Expression):
    """A value in an f-string: `{value!r:>10}`. Its range is that of the value.

    Attributes:
        value: the expression.
        conversion: `s`, `r`, `a` or empty.
        format_spec: what stands after the colon.
    """

    value: Expression
    conversion: str
    format_spec: JoinedStr | None

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.value,) if self.format_spec is None else (self.value, self.format_spec)

    @property
    def is_plain(self) -> bool:
        """Whether the value is put in as `str` gives it."""
        return not self.conversion and self.format_spec is None
