"""The only room that knows libcst: from the text of a file to its model."""
