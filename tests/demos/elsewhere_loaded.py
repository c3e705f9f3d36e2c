"""What the server of tests/demos/elsewhere.py loads before it forks: slow to load, and the same for every process."""

import torch._dynamo  # noqa: F401 -- the first optimizer asks for it

import demos.tiny_gpt  # noqa: F401
from demos._run.run import describe
from demos.ngram_lm import read

for merges in (0, 200, 400, 1000):  # demos.tiny_gpt compares itself with the counts of these
    read("glossary", merges)
describe("tiny_gpt")
