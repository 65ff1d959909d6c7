"""What keeps a text from being read; here, so that nobody imports libcst to know it."""


class CannotRead(Exception):
    """The text is no Python that libcst can read.

    Attributes:
        row: the line of the problem, from 1.
        column: the column of the problem, from 1.
    """

    def __init__(self, message: str, row: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.row = row
        self.column = column
