"""Tool calling: a model writes a request, a program checks it and runs it, and the result goes back as text.

Notation: a call is text in JSON, {"tool": name, "arguments": {...}}; rate p of mistakes, r repairs after the first try.
The tools, the check and the handling of errors are real. The language model is not: a scripted stand-in knows the right
call for every request, and makes mistakes at the rate you set, of kinds that models make.
Leaves out: a language model that decides by itself whether to call a tool and which one.

Source: Schick et al. (2023), https://arxiv.org/abs/2302.04761
        JSON Schema, 2020-12, https://json-schema.org/draft/2020-12/json-schema-validation (the words of the checks)
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np

from demos import Label, Range, Result, Step, Trace, axes, columns, curves, point

TYPES: dict[str, Any] = {"number": (int, float), "integer": (int, float), "string": str}
METERS = {"m": 1.0, "km": 1000.0, "mile": 1609.344, "foot": 0.3048}


@dataclass(frozen=True)
class Tool:
    """A function and what its arguments must be: a schema for each, and all of them are required."""

    function: Callable[..., Any]
    arguments: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Answer:
    """What comes back from a call: how it ended, the result if there is one, and what the model gets to read."""

    ended: Literal["done", "refused", "failed"]
    value: Any
    text: str


def bill(price, count):
    """What `count` things cost at `price` each. Python would also multiply a text: "12" three times is "121212"."""
    return price * count


def convert(value, source, target):
    """A length in another unit."""
    return value * METERS[source] / METERS[target]


UNIT = {"type": "string", "enum": list(METERS)}
TOOLS = {
    "bill": Tool(
        bill, {"price": {"type": "number", "minimum": 0}, "count": {"type": "integer", "minimum": 0, "maximum": 1000}}
    ),
    "convert": Tool(convert, {"value": {"type": "number", "minimum": 0}, "source": UNIT, "target": UNIT}),
}

# What a reader asks, and the call that answers it.
REQUESTS = [
    ("What do 3 tickets at 12 euros cost?", {"tool": "bill", "arguments": {"price": 12, "count": 3}}),
    ("And 40 stamps at 1.25?", {"tool": "bill", "arguments": {"price": 1.25, "count": 40}}),
    ("How many meters are 2 miles?", {"tool": "convert", "arguments": {"value": 2, "source": "mile", "target": "m"}}),
    ("How many feet are 3 km?", {"tool": "convert", "arguments": {"value": 3, "source": "km", "target": "foot"}}),
]
MISTAKES = ["cut off", "unknown tool", "argument missing", "text for a number", "below the minimum", "wrong value"]
ENDINGS = {"right": "right", "wrong": "wrong, unnoticed", "none": "no answer"}  # of a request, and what they are called
TRIALS, TRIES = 200, 6


def misfit(value: Any, schema: Mapping[str, Any]) -> str | None:
    """What is wrong with one argument, or None."""
    kind = schema["type"]
    if isinstance(value, bool) or not isinstance(value, TYPES[kind]):  # to Python, True is a number; to JSON, never
        return f"must be of type {kind}, and {json.dumps(value)} is not"
    if kind == "integer" and value % 1:  # 3.0 passes: JSON knows numbers, and no difference between 3 and 3.0
        return f"must be a whole number, and {value} is not"
    if "enum" in schema and value not in schema["enum"]:
        return f"must be one of {', '.join(schema['enum'])}, and {json.dumps(value)} is not"
    if "minimum" in schema and not value >= schema["minimum"]:
        return f"must be at least {schema['minimum']}, and {value} is not"
    if "maximum" in schema and not value <= schema["maximum"]:  # put so that it catches NaN
        return f"must be at most {schema['maximum']}, and {value} is not"
    return None


def check(arguments, schemas):
    """What is wrong with the arguments of a call -> list of sentences, empty if nothing is."""
    missing = [f"{name} is missing" for name in schemas if name not in arguments]
    unknown = [f"there is no argument called {name}" for name in arguments if name not in schemas]
    faults = {name: misfit(arguments[name], schema) for name, schema in schemas.items() if name in arguments}
    return missing + unknown + [f"{name} {fault}" for name, fault in faults.items() if fault]


def run_call(text, tools, checked=True):
    """Read a call, check it, run it.  text: what the model wrote, tools: name -> Tool -> Answer

    Whatever goes wrong becomes text that the model can read: an error in a call must not stop the program.
    """
    try:
        call = json.loads(text)
        tool, arguments = tools[call["tool"]], dict(call["arguments"])
    except json.JSONDecodeError:
        return Answer("refused", None, "error: this is not JSON")
    except (KeyError, TypeError, ValueError):
        return Answer("refused", None, f"error: name one of the tools {', '.join(tools)}, and its arguments")
    faults = check(arguments, tool.arguments) if checked else []
    if faults:
        return Answer("refused", None, f"error: {'; '.join(faults)}")
    try:
        value = tool.function(**arguments)
        return Answer("done", value, json.dumps(value))
    except Exception as error:  # a tool may fail in any way it likes
        return Answer("failed", None, f"error: {type(error).__name__}: {error}")


def spoil(call, mistake):
    """What the stand-in writes: the call as text, with a mistake in it, or None for none."""
    name, arguments = call["tool"], dict(call["arguments"])
    number = next(key for key in arguments if not isinstance(arguments[key], str))
    if mistake == "unknown tool":
        name += "_v2"
    elif mistake == "argument missing":
        del arguments[number]
    elif mistake == "text for a number":
        arguments[number] = str(arguments[number])
    elif mistake == "below the minimum":
        arguments[number] = -arguments[number]
    elif mistake == "wrong value":
        arguments[number] += 1
    text = json.dumps({"tool": name, "arguments": arguments})
    return text[:-2] if mistake == "cut off" else text


def converse(call, mistakes, checked, repairs):
    """The loop: the stand-in writes, the program answers; after an error it may write again, `repairs` times.

    mistakes: what goes wrong at each try, None for nothing -> the texts written and their Answers
    """
    written, answers = [], []
    for mistake in mistakes[: repairs + 1]:
        written.append(spoil(call, mistake))
        answers.append(run_call(written[-1], TOOLS, checked))
        if answers[-1].ended == "done":
            break
    return written, answers


def outcome(call, mistakes, checked, repairs):
    """How one request ends -> ("right", "wrong" or "none", calls made, calls refused or failed)"""
    _, answers = converse(call, mistakes, checked, repairs)
    errors = sum(answer.ended != "done" for answer in answers)
    if answers[-1].ended != "done":
        return "none", len(answers), errors
    truth = TOOLS[call["tool"]].function(**call["arguments"])
    return "right" if answers[-1].value == truth else "wrong", len(answers), errors


def draw_mistakes(rng, rate, trials=TRIALS):
    """For each request and each try a kind of mistake, all equally likely, or None -> trials lists of TRIES

    A higher rate adds mistakes to those of a lower one, so that runs that differ in one setting share their luck.
    """
    luck, kind = rng.random((trials, TRIES)), rng.integers(len(MISTAKES), size=(trials, TRIES))
    return [
        [MISTAKES[k] if chance < rate else None for chance, k in zip(*row, strict=True)]
        for row in zip(luck.tolist(), kind.tolist(), strict=True)
    ]


def transcript(asked, written, answers):
    """A conversation line by line.  asked: what the reader wants; written, answers: what `converse` found -> Steps"""
    steps = [Step("reader", asked)]
    for text, answer in zip(written, answers, strict=True):
        steps += [Step("scripted model", text), Step(f"program: {answer.ended}", answer.text)]
    last = answers[-1]
    return [*steps, Step("scripted model", last.text if last.ended == "done" else "I could not find out.")]


def trial(rate, seed, checked, repairs):
    """How TRIALS requests end at this rate of mistakes -> percent of each of ENDINGS, all calls, all errors"""
    mistakes = draw_mistakes(np.random.default_rng(seed), rate)
    ended = [outcome(REQUESTS[i % len(REQUESTS)][1], row, checked, repairs) for i, row in enumerate(mistakes)]
    endings, calls, errors = zip(*ended, strict=True)
    return {each: 100 * endings.count(each) / TRIALS for each in ENDINGS}, sum(calls), sum(errors)


def first_tries(checked):
    """What becomes of each mistake at the first try of the first request -> columns of a table"""
    written = [spoil(REQUESTS[0][1], mistake) for mistake in MISTAKES]
    answers = [run_call(text, TOOLS, checked) for text in written]
    return [MISTAKES, written, [answer.ended for answer in answers], [answer.text for answer in answers]]


def demo(
    *,
    mistake: Annotated[
        Literal[
            "none",
            "cut off",
            "unknown tool",
            "argument missing",
            "text for a number",
            "below the minimum",
            "wrong value",
        ],
        Label("mistake shown"),
    ] = "text for a number",
    checked: Annotated[bool, Label("check the arguments")] = True,
    repairs: Annotated[int, Range(0, 5, label="repairs allowed")] = 1,
    mistake_rate: Annotated[float, Range(0, 1, 0.05, label="share of mistakes")] = 0.3,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """Switch the check off: three tickets at 12 euros now cost 121212, and nobody raises an alarm. Switch it on again
    and choose the wrong value: no check of the form can see that one. Every further repair is one more chance for it,
    so with more repairs more wrong answers get through.

    mistake: what goes wrong in the first try of the conversation shown
    checked: whether arguments are compared with what the tool expects, its schema, before it runs
    repairs: how often the stand-in may write a call again after an error
    mistake_rate: the part of all calls that go wrong, over 200 requests
    seed: another number lets other calls go wrong, and in other ways
    """
    asked, call = REQUESTS[0]
    first = None if mistake == "none" else mistake
    written, answers = converse(call, [first, *[None] * repairs], checked, repairs)

    share, calls, errors = trial(mistake_rate, seed, checked, repairs)
    rates = np.linspace(0, 1, 11)
    sweep = [trial(rate, seed, checked, repairs)[0] for rate in rates]
    return Result(
        summary=f"With the check {'on' if checked else 'off'}, {repairs} {'repair' if repairs == 1 else 'repairs'} and "
        f"mistakes in {100 * mistake_rate:.0f}% of calls, {share['right']:.1f}% of {TRIALS} requests get the right "
        f"answer, {share['wrong']:.1f}% a wrong one and {share['none']:.1f}% none.",
        numbers={
            "percent answered right": share["right"],
            "percent answered wrong": share["wrong"],
            "percent not answered": share["none"],
            "percent wrong of the answers given": 100 * share["wrong"] / (share["right"] + share["wrong"]),
            "calls per request": calls / TRIALS,
            "calls refused or failed per 100 requests": 100 * errors / TRIALS,
            "calls in the conversation": len(written),
        },
        show=[
            Trace("One conversation", transcript(asked, written, answers)),
            axes(
                "How the requests end, by the rate of mistakes", "share of calls with a mistake", "percent of requests"
            )
            + curves(rates, {name: [each[ending] for each in sweep] for ending, name in ENDINGS.items()})
            + point("now", mistake_rate, *share.values()),
            columns(
                "What becomes of each mistake at the first try",
                ["mistake", "what the model wrote", "how the call ended", "what came back"],
                first_tries(checked),
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
