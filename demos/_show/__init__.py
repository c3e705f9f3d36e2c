"""What draws a result, for a terminal, a page or a file: a module for each kind of picture, and what they share."""
