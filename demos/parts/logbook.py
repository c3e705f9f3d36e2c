"""Logbook: the course of a training run: the loss of every step, the trials on held-out text, and how fast it goes."""

import time

from demos import progress


class Logbook:
    """What is known of a run of so many steps, with so many tokens in each.

    losses: [steps so far], nats per token;  trials: [steps so far, nats per held-out token] each
    """

    def __init__(self, steps, tokens):
        self.steps, self.tokens = steps, tokens
        self.losses, self.trials = [], []
        self._seconds, self._timed = 0.0, 0

    @property
    def step(self):
        """How many steps are done."""
        return len(self.losses)

    @property
    def is_due(self):
        """Whether it is time for a trial, of which there are 26 in a run of 25 steps or more, or about that many."""
        return self.step % max(1, self.steps // 25) == 0 or self.step == self.steps

    @property
    def speed(self):
        """Tokens per second, without trials, and without the first step, which also compiles and warms up."""
        return self._timed * self.tokens / self._seconds if self._timed else 0.0

    def follow(self, losses):
        """Notes the loss of each step as it is computed, and tells the progress -> yields how many steps are done,
        first at the start, which is not 0 where the run goes on from a checkpoint, and then after each step."""
        yield self.step
        losses = iter(losses)
        while self.step < self.steps:
            started = time.perf_counter()
            self.losses.append(float(next(losses)))  # float() waits for a graphics card, which works on its own
            if self.step > 1:
                self._seconds, self._timed = self._seconds + time.perf_counter() - started, self._timed + 1
                progress(self.step, self.steps, f"loss {self.losses[-1]:.2f}, {self.speed:,.0f} tokens per second")
            yield self.step
