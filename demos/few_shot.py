"""Few-shot prompting: examples in the prompt tell a model which of the tasks that it knows is meant.

Notation: K tasks, each a table from X inputs to L labels, and a liking for some of the inputs; a prompt holds S
          examples (input, label) and then a query; weight [P, S + 1, K], how likely each task is after 0 to S of them.
The model has met all K tasks, some of them often, and weighs them by Bayes' theorem. Its knowledge stays as it is.
Beside it the same model is trained on the examples, so that it can also take up a table that it never met.
Leaves out: language, how a transformer comes to do this, the order and layout of the examples, and what the input of
            the query itself tells of the task.

Source: Brown et al. (2020), https://arxiv.org/abs/2005.14165 (few examples in a prompt)
        Xie et al. (2021), https://arxiv.org/abs/2111.02080 (as Bayesian inference over tasks)
        Min et al. (2022), https://arxiv.org/abs/2202.12837 (with random labels)
"""

from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Step, Trace, axes, bars, curves, point
from demos.softmax import log_softmax, softmax

TASKS, INPUTS, LABELS, PROMPTS, MOST = 20, 26, 4, 250, 40
DOUBT = 0.1  # how often, as the model sees it, the label of an example is drawn at random
NEW = 0.05  # before it has seen an example, how likely the model that is trained thinks a new table is
CLEAR = {"none": 1 / TASKS, "vague": 0.25, "clear": 0.9}  # how sure the instruction makes it of the task that it names


def world(rng, liking):
    """Tasks: what label each gives to each input, and how often each input occurs in it -> [K, X], logarithms [K, X]"""
    return rng.integers(LABELS, size=(TASKS, INPUTS)), log_softmax(liking * rng.normal(size=(TASKS, INPUTS)))


def draw(rng, logs, size):
    """Inputs of a task, drawn as often as they occur in it.  logs: [P, X] -> [P, size]"""
    edge = np.exp(logs).cumsum(axis=1)[:, None, :-1]
    return (rng.random((len(logs), size, 1)) > edge).sum(axis=2)


def says(table, x, y):
    """The probability of label y for input x in each task, doubt included.  table: [K, X], x, y: [P, S] -> [P, S, K]"""
    return np.where(table.T[x] == y[..., None], 1 - DOUBT, 0) + DOUBT / LABELS


def weigh(prior, table, logs, x, y):
    """Bayes' theorem after each example: logarithms of weights that still have to be normed.  -> [P, S + 1, K]"""
    each = logs.T[x] + np.log(says(table, x, y))  # what an input tells of the task, and what its label tells
    return np.log(prior)[:, None] + np.concatenate([np.zeros_like(each[:, :1]), each.cumsum(axis=1)], axis=1)


def fresh(x, y, query):
    """A table never met, learned by counting: how well it foretold the labels so far, and what it says to a query.

    x, y: [P, S], query: [P] -> logarithms [P, S + 1], probabilities [P, S + 1, L]
    """
    P, S = x.shape
    counts = np.zeros((P, S + 1, INPUTS, LABELS))
    counts[np.arange(P)[:, None], np.arange(1, S + 1), x, y] = 1
    counts = counts.cumsum(axis=1) + 1 / LABELS  # one label's worth of doubt for each input
    chance = counts / counts.sum(axis=-1, keepdims=True)  # [P, S + 1, X, L]
    foretold = np.log(chance[np.arange(P)[:, None], np.arange(S), x, y])
    return np.concatenate([np.zeros((P, 1)), foretold.cumsum(axis=1)], axis=1), chance[np.arange(P), :, query]


def answer(weight, table, query):
    """What the tasks say to a query, each by its weight.  weight: [P, S + 1, K], query: [P] -> [P, S + 1, L]"""
    return (1 - DOUBT) * weight @ np.eye(LABELS)[table.T[query]] + DOUBT / LABELS


def trained(scores, table, x, y, query):
    """The same model after training on the examples: a new table is one more thing that it may believe in.

    scores: [P, S + 1, K] from weigh, x, y: [P, S], query: [P] -> [P, S + 1, L]
    """
    foretold, chance = fresh(x, y, query)
    foretold = foretold - np.log(INPUTS) * np.arange(foretold.shape[1])  # which inputs it likes nobody knows
    weight = softmax(np.append(scores + np.log(1 - NEW), foretold[..., None] + np.log(NEW), axis=2))
    new = weight[..., -1:]
    return (1 - new) * answer(softmax(scores), table, query) + new * chance


def make(rng, truth, liked, wrong_labels):
    """Prompts: examples and a query.  truth, liked: [P, X], the tasks meant -> x [P, S], y [P, S], query [P]"""
    inputs = draw(rng, liked, MOST + 1)
    x, query = inputs[:, :-1], inputs[:, -1]
    random, right = rng.integers(LABELS, size=x.shape), np.take_along_axis(truth, x, axis=1)
    return x, np.where(rng.random(x.shape) < wrong_labels, random, right), query


def prompt_as_text(x, y, query, truth, guess):
    """The last prompt as a transcript.  x, y: [S], query, truth, guess: numbers -> list of Step"""
    lines = [f"{chr(97 + a)} → {chr(65 + b)}" for a, b in zip(x, y, strict=True)]
    asked = Step("prompt", ", ".join([*lines, f"{chr(97 + query)} →"]))
    return [asked, Step("model", chr(65 + guess)), Step("meant", chr(65 + truth))]


def demo(
    *,
    shots: Annotated[int, Range(0, 40, label="examples in the prompt")] = 0,
    instruction: Annotated[Literal["none", "vague", "clear"], Label("instruction")] = "none",
    task: Annotated[Literal["met before", "never met"], Label("the task")] = "met before",
    wrong_labels: Annotated[float, Range(0, 1, 0.1, label="share of examples with a random label", stops=11)] = 0.0,
    liking: Annotated[float, Range(0, 2, 0.5, label="how much the inputs tell of the task")] = 1.0,
    seed: Annotated[int, Range(0, 20, label="random seed", stops=3)] = 0,
) -> Result:
    """Add examples one by one: after a few the model knows what is meant. Then draw their labels at random, or ask
    for a task that it never met.

    shots: how many solved examples stand in front of the query
    instruction: whether words say what the task is, and how clearly
    task: whether the model met the task in training
    wrong_labels: in how many of the examples the label is drawn at random
    liking: how differently the tasks choose their inputs; at 0 all choose alike
    seed: another number draws other tasks and prompts
    """
    rng = np.random.default_rng(seed)
    table, logs = world(rng, liking)
    known = task == "met before"
    often = 1 / np.arange(1, TASKS + 1)
    meant = rng.choice(TASKS, size=PROMPTS, p=often / often.sum())  # [P]; a new task is none of them
    new_table, new_logs = world(rng, liking)
    truth, liked = (table[meant], logs[meant]) if known else (new_table[meant], new_logs[meant])  # [P, X]
    x, y, query = make(rng, truth, liked, wrong_labels)
    sure = CLEAR[instruction if known else "none"]  # a name that it never heard tells it nothing
    told = np.where(np.arange(TASKS) == meant[:, None], sure, (1 - sure) / (TASKS - 1)) * often

    scores = weigh(told / told.sum(axis=1, keepdims=True), table, logs, x, y)
    weight = softmax(scores)
    in_prompt = answer(weight, table, query)
    at = np.arange(PROMPTS)
    right = truth[at, query][:, None]
    said = {"examples in the prompt": in_prompt, "trained on the examples": trained(scores, table, x, y, query)}
    percent = {name: 100 * (each.argmax(axis=2) == right).mean(axis=0) for name, each in said.items()}
    now = percent["examples in the prompt"][shots]
    meant_weight = weight[at, :, meant].mean(axis=0) if known else np.zeros(MOST + 1)
    last = weight[-1, shots]
    top = np.argsort(-last, kind="stable")[:8]
    return Result(
        summary=f"With {shots} example{'' if shots == 1 else 's'} in the prompt the model is right on {now:.0f} % of "
        f"the queries, without any on {percent['examples in the prompt'][0]:.0f} %. Trained on the same examples it "
        f"would be right on {percent['trained on the examples'][shots]:.0f} %.",
        numbers={
            "percent right": now,
            "percent right without examples": percent["examples in the prompt"][0],
            "percent right if trained on the examples": percent["trained on the examples"][shots],
            "mean probability of the task that is meant": meant_weight[shots],
            "mean probability of the likeliest task": weight[:, shots].max(axis=1).mean(),
            "mean confidence in the answer": in_prompt[:, shots].max(axis=1).mean(),
            "tasks that it knows": TASKS,
        },
        show=[
            axes("Examples say which task is meant", "examples", "percent right")
            + curves(np.arange(MOST + 1), percent)
            + point("now", shots, now),
            Trace("One of the prompts", prompt_as_text(
                x[-1, :shots], y[-1, :shots], query[-1], truth[-1, query[-1]], in_prompt[-1, shots].argmax())),
            axes("What the model takes this prompt to be about", "task", "probability")
            + bars([f"task {k + 1}" + " (meant)" * bool(known and k == meant[-1]) for k in top], {"task": last[top]}),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
