"""Reading, running, checking and recording demos; nothing here draws."""
