"""Choosing: which token comes next in each text of a batch, the favorite or a draw from what the filters leave.

The filters themselves are in demos/sampling.py.
"""

import numpy as np

from demos.sampling import discourage, draw, prepare


class Chooser:
    """Chooses for a batch of so many texts. Each has dice of its own, so that its neighbors make no difference.

    temperature: 0 takes the favorite;  top_k, top_p, min_p: which tokens can be drawn at all;
    penalty: above 1, tokens that came before become less likely
    """

    def __init__(self, rows, temperature=1.0, top_k=0, top_p=1.0, min_p=0.0, penalty=1.0, seed=0):
        self.temperature, self.filters, self.penalty = temperature, (top_k, top_p, min_p), penalty
        self.dice = [np.random.default_rng(seed) for _ in range(rows)]

    def __call__(self, scores, texts):
        """scores: tensor [rows, V];  texts: the ids of each text so far -> one id for each"""
        if self.temperature == 0 and self.penalty == 1:
            return scores.argmax(dim=-1).tolist()
        scores = scores.double().cpu().numpy()
        scores = np.stack([discourage(row, text, self.penalty) for row, text in zip(scores, texts, strict=True)])
        if self.temperature == 0:
            return scores.argmax(axis=-1).tolist()
        shares = prepare(scores, self.temperature, *self.filters)
        return [draw(row, rng) for row, rng in zip(shares, self.dice, strict=True)]
