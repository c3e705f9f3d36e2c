"""What an entry may say, and how entries hang together. Nothing here knows about files or pages."""
