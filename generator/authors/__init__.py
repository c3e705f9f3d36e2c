"""Commands for those who write: starting a term, looking at one, mending files, freezing the corpus."""
