"""From files to entries: what stands in them, what is wrong with it and on which line, what is remembered."""
