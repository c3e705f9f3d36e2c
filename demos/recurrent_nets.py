"""Recurrent network: read one input at a time, and carry what matters along in a state.

Notation: x [T, N, 1] T inputs of N sequences; H hidden units, S starts that learn side by side and never meet;
          state [S, N, H]; weights: W [S, H, H] from state to state, U [S, 1, H] from the input, b [S, 1, H] bias, and
          v [S, H, 1], which reads the answer off the last state.
Leaves out: an answer at every step, several layers, and gates (LSTM, GRU), which were invented to keep memories longer.

Source: Elman (1990), https://doi.org/10.1207/s15516709cog1402_1
        Bengio, Simard & Frasconi (1994), https://doi.org/10.1109/72.279181
        Pascanu, Mikolov & Bengio (2012), https://arxiv.org/abs/1211.5063 (clipping)
"""

from typing import Annotated

import numpy as np

from demos import Heatmap, Range, Result, axes, curves, point
from demos.autograd import Tensor
from demos.gradient_descent import step


def cell(state, x, W, U, b):
    """One step: what is carried along and what comes in make the next state.  [S, N, H], [N, 1] -> [S, N, H]"""
    return (state @ W + x @ U + b).tanh()


def unroll(x, state, W, U, b):
    """The same cell with the same weights at every step.  x: [T, N, 1], state to begin with -> T states [S, N, H]"""
    states = []
    for now in x:
        state = cell(state, now, W, U, b)
        states.append(state)
    return states


def spectral_radius(W):
    """The size of the largest eigenvalue: by what W multiplies a small change per step, at most, in the long run.

    W: [.., H, H] -> [..]
    """
    return np.abs(np.linalg.eigvals(W)).max(axis=-1)


def first_weights(rng, hidden, radius, starts):
    """Random weights W, U, b, v of so many networks. W is scaled so that its spectral radius is `radius`."""
    W = rng.normal(size=(starts, hidden, hidden))
    W *= radius / spectral_radius(W)[:, None, None]
    v = rng.normal(scale=np.sqrt(1 / hidden), size=(starts, hidden, 1))
    return [W, rng.normal(size=(starts, 1, hidden)), np.zeros((starts, 1, hidden)), v]


def sequences(rng, count, lag):
    """First +1 or -1, then `lag` inputs of noise -> x [lag + 1, count, 1], sign [count], which is to be remembered."""
    sign = np.where(np.arange(count) % 2 == 0, 1, -1)
    x = rng.normal(scale=NOISE, size=(lag + 1, count, 1))
    x[0, :, 0] = sign
    return x, sign


def run(x, weights):
    """x: [T, N, 1] -> the states, a list of T tensors [S, N, H], and the score of +1 after the last, [S, N, 1]"""
    W, U, b, v = weights
    states = unroll(x, np.zeros((1, W.value.shape[-1])), W, U, b)  # nothing to remember yet
    return states, states[-1] @ v


def train(rng, weights, lag, steps, learning_rate=0.5, count=32):
    """Gradient descent on new sequences at every step -> the weights learned, losses [steps, S]."""
    losses = []
    for _ in range(steps):
        x, sign = sequences(rng, count, lag)
        tensors = [Tensor(w) for w in weights]
        _, scores = run(x, tensors)
        loss = -(scores * sign[:, None]).log_sigmoid().mean(axis=(-2, -1))  # cross-entropy, [S]
        loss.sum().backward()  # through all steps at once: the weights of every step are the same and sum their shares
        length = np.sqrt(sum((w.gradient**2).sum(axis=(-2, -1), keepdims=True) for w in tensors))  # [S, 1, 1]
        clip = 1 / np.maximum(length, 1)  # an exploding gradient still says which way, but no longer how far
        weights = [step(w.value, w.gradient * clip, learning_rate) for w in tensors]
        losses.append(loss.value)
    return weights, np.array(losses).reshape(steps, len(weights[0]))


def reach(x, weights):
    """How strongly the score depends on the state at each step, measured by the last -> [T]."""
    states, score = run(x, [Tensor(w) for w in weights])
    score.sum().backward()
    sizes = np.array([np.sqrt((state.gradient**2).sum(axis=-1).mean()) for state in states])
    return sizes / sizes[-1]


STARTS, NOISE, FRESH, LATER = 5, 0.3, 200, 200
ENOUGH = 0.95  # a share of right answers that is no luck


def share_right(states, v, sign):
    """How often the sign is read off the state, asked after every step.  states: T of [S, N, H], sign: [N] -> [T, S]

    `train` asks after the last step only; here the earlier and the later ones are asked as well.
    """
    scores = np.array([(state.value @ v)[..., 0] for state in states])  # [T, S, N]
    return ((scores > 0) == (sign > 0)).mean(axis=-1)


def imprint(states, sign):
    """What the first input leaves in the state of each unit: its mean after +1, and mirrored after -1.

    states: T arrays [N, H], sign: [N] -> [T, H]
    """
    return np.array([(state * sign[:, None]).mean(axis=0) for state in states])


def last_above(right, enough):
    """The last step at which enough answers are right, 0 if there is none.  right: [T] -> step"""
    held = np.flatnonzero(right >= enough)
    return held[-1] if len(held) else 0


def demo(
    *,
    lag: Annotated[int, Range(1, 30, stops=5, label="inputs of noise")] = 15,
    radius: Annotated[float, Range(0.1, 1.8, 0.05, stops=3, label="radius of the weights")] = 0.95,
    hidden: Annotated[int, Range(1, 16, stops=3, label="size of the state")] = 8,
    steps: Annotated[int, Range(0, 200, 10, play=True, stops=9, label="training steps")] = 150,
    start: Annotated[int, Range(1, 5, stops=3, label="start shown")] = 1,
    seed: Annotated[int, Range(0, 20, stops=3, label="random seed")] = 11,
) -> Result:
    """Set the radius to 0.5: the gradient dies on its way back through time, and no network learns to remember the
    first input; at 1.8 it gets through. Then look at one that has learned: memory holds on, and the gradient is gone.

    lag: how many inputs without meaning come after the one to be remembered
    radius: how strongly untrained weights carry the state on: below 1 it fades, above it grows (largest eigenvalue)
    hidden: how many numbers the state has
    steps: how many steps of gradient descent to take
    start: which of the five networks the pictures show
    seed: another number draws other weights and sequences
    """
    rng = np.random.default_rng(seed)
    untrained = first_weights(rng, hidden, radius, STARTS)
    weights, losses = train(rng, untrained, lag, steps)

    x, sign = sequences(rng, FRESH, LATER)
    states, _ = run(x, [Tensor(w) for w in weights])
    right, later = share_right(states, weights[3], sign), np.arange(LATER + 1)  # [LATER + 1, S], [LATER + 1]
    learned, one = (right[lag] >= ENOUGH).sum(), start - 1
    kept = imprint([state.value[one] for state in states[: lag + 1]], sign)  # [lag + 1, H]
    before, after = (reach(x[: lag + 1], [w[[one]] for w in w_of]) for w_of in (untrained, weights))  # [lag + 1] both
    reached = [reach(x[: lag + 1], [w[[s]] for w in untrained])[0] for s in range(STARTS)]  # of each start
    return Result(
        summary=f"{learned} of {STARTS} starts learn to name the first of {lag + 1} inputs. Start {start} gets "
        f"{right[lag, one]:.0%} right; what is a gradient of 1 at its answer is {before[0]:.2g} at the first step "
        f"before training and {after[0]:.2g} after it.",
        numbers={
            "starts that learn": learned,
            "starts": STARTS,
            "share right": right[lag, one],
            "share right two steps later": right[lag + 2, one],
            "gradient at the first step, before training": before[0],
            "gradient at the first step, after training": after[0],
            "gradient at the first step, before training, median of the starts": np.median(reached),
            "inputs of noise after which it is still right": last_above(right[:, one], ENOUGH),
            "radius after training": spectral_radius(weights[0][one]),
        },
        show=[
            Heatmap(
                f"What the state of start {start} keeps: its mean after +1, which is mirrored after -1",
                kept.T,
                [str(t) for t in range(lag + 1)],
                [f"unit {u + 1}" for u in range(hidden)],
                "inputs since the first",
                scale="diverging",
            ),
            axes(
                f"Gradient of the answer on its way back through time, start {start}",
                "steps back from the answer",
                "size of the gradient",
                log="y",
            )
            + curves(range(lag, -1, -1), {"before training": before, "after training": after}, above=1e-30),
            axes("Loss of the five starts while they learn", "step", "cross-entropy")
            + curves(range(steps), {f"start {s + 1}": losses[:, s] for s in range(STARTS)}),
            axes(
                f"Start {start} asked earlier and later than it was trained for",
                "inputs of noise since the first",
                "share of right answers",
            )
            + curves(later, {"share right": right[:, one]})
            + curves([0, LATER], {"by luck": [0.5, 0.5]})
            + point("trained for", lag, right[lag, one]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
