"""Earlier names of attributes, which rules of other packages may still use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lint_rules.model.code.location import Location


class WithPlace:
    """A part of the model with a location, whose earlier name is `place`."""

    __slots__ = ()

    @property
    def place(self) -> Location:
        """The location; of a function or class, that of its name."""
        part: Any = self
        location: Location = getattr(part, "name_location", None) or part.location
        return location


class WithHeirs:
    """A part of the model with subclasses, whose earlier name is `heirs`."""

    @property
    def heirs(self) -> Any:
        """The subclasses."""
        part: Any = self
        return part.subclasses
