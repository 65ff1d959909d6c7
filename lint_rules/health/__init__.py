"""How healthy repositories are: their findings counted, and a page that shows them."""
