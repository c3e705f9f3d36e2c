"""What demos show: each run as a program of its own, or read from its recording."""
