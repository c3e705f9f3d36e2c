"""What a text is, whatever entry it stands in: Markdown, mathematics, spelling, words, names, addresses."""
