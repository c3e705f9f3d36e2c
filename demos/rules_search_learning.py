"""Rules, search, learning: three programs that play tic-tac-toe, and what becomes of each when the aim changes.

Notation: a position is (me, other), the squares of the one to move and of the one who has moved, as bits of a number;
          aim +1 if three in a row win and -1 if they lose; a player is a function that scores a move.
Leaves out: positions that are the same but for a turn or a mirror, and learning from better games than random ones.

Source: Crowley & Siegler (1993), https://doi.org/10.1207/s15516709cog1704_3 (rules for tic-tac-toe)
        Shannon (1950), https://doi.org/10.1080/14786445008521796 (looking ahead, and giving up at some depth)
"""

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Literal

import numpy as np

from demos import Heatmap, Label, Range, Result, axes, bars, columns

ROWS = [0b111, 0b111000, 0b111000000, 0b1001001, 0b10010010, 0b100100100, 0b100010001, 0b1010100]
THREE = [any(squares & row == row for row in ROWS) for squares in range(512)]
SQUARES = [1 << at for at in range(9)]
WORTH = {square: 3 if at == 4 else 2 - at % 2 for at, square in enumerate(SQUARES)}  # middle, corner, edge
FREE = [[square for square in SQUARES if not taken & square] for taken in range(512)]


def ended(me, other, aim):
    """What the one to move gets: 1, 0 or -1, or None while the game goes on."""
    return -aim if THREE[other] else 0 if me | other == 511 else None


@cache
def search(me, other, depth, aim):
    """Minimax: the best that the one to move can force within `depth` moves; beyond them all counts as a draw."""
    over = ended(me, other, aim)
    if over is not None or depth == 0:
        return over or 0
    return max(-search(other, me | move, depth - 1, aim) for move in FREE[me | other])


def by_rules(me, other, move):
    """Rules that people wrote: complete a row, else block one, else take the middle, a corner, an edge."""
    return 5 if THREE[me | move] else 4 if THREE[other | move] else WORTH[move]


def by_search(depth, aim):
    """A player that is told the aim and looks ahead."""
    return lambda me, other, move: -search(other, me | move, depth - 1, aim)


@cache
def by_learning(seed, games, aim):
    """A player that is told nothing: after games of chance it knows how those ended that passed through a position."""
    total, often = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for order in np.random.default_rng(seed).random((games, 9)).argsort(axis=1):
        me, other, path = 0, 0, []
        for at in order:
            me, other = other, me | SQUARES[at]
            path.append((me, other))
            if (got := ended(me, other, aim)) is not None:
                break
        for position in reversed(path):
            total[position] -= got  # it is that of the one to move, and the other moved there
            often[position] += 1
            got = -got
    return lambda me, other, move: total[other, me | move] / max(often[other, me | move], 1)


def best(player, me, other):
    """The moves that the player scores highest; it plays one of them by chance."""
    scores = {move: player(me, other, move) for move in FREE[me | other]}
    top = max(scores.values()) - 1e-12
    return [move for move, score in scores.items() if score >= top]


def games_of(player, aim):
    """How games against random moves end, exactly, half of them begun by the player; and the worst that can happen

    -> shares won, drawn, lost [3]; 1, 0 or -1 against the best opponent
    """

    @cache
    def play(me, other, mine):  # -> shares won and lost, worst
        over = ended(me, other, aim)
        if over is not None:
            over = over if mine else -over
            return over == 1, over == -1, over
        options = best(player, me, other) if mine else FREE[me | other]
        won, lost, worst = zip(*[play(other, me | move, not mine) for move in options], strict=True)
        return sum(won) / len(options), sum(lost) / len(options), min(worst)

    begun, answered = play(0, 0, True), play(0, 0, False)
    won, lost = (begun[0] + answered[0]) / 2, (begun[1] + answered[1]) / 2
    return np.array([won, 1 - won - lost, lost]), min(begun[2], answered[2])


def won_by_chance():
    """The share that random moves win against random moves, whoever begins half of the games.

    Played on to a full board, each of the 126 ways to share it out is as likely; without a row it was a draw.
    """
    drawn = np.mean([not (THREE[mine] or THREE[511 - mine]) for mine in range(512) if mine.bit_count() == 5])
    return (1 - drawn) / 2


WAYS: dict[str, Callable[..., Any]] = {"rules": lambda: by_rules, "search": by_search, "learning": by_learning}


@cache
def measured(way, aim, *made):
    """The games of a player made in this way with these settings, worked out once."""
    return games_of(WAYS[way](*made), aim)


def demo(
    *,
    depth: Annotated[int, Range(1, 9, label="moves that the search looks ahead")] = 4,
    games: Annotated[int, Range(1, 3000, log=True, stops=7, label="games learned from")] = 300,
    now: Annotated[
        Literal["three in a row win", "three in a row lose"], Label("the game that is played")
    ] = "three in a row win",
    again: Annotated[bool, Label("learn anew from the game that is played")] = False,
    seed: Annotated[int, Range(0, 20, label="random seed", stops=2)] = 0,
) -> Result:
    """All three play tic-tac-toe, and one of them has learned it. Now let three in a row lose: the rules go on as
    before, the search is told the new aim and plays well, and the learner needs new games.

    depth: how many moves the search looks ahead; nine are the whole game
    games: from how many games of random moves the learner has learned
    now: whether three in a row win or lose
    again: whether the learner's games were of the kind that is played, or of the usual kind
    seed: another number makes other games to learn from
    """
    aim = 1 if now == "three in a row win" else -1
    learned_aim = aim if again else 1
    made = {"rules": (), "search": (depth, aim), "learning": (seed, games, learned_aim)}
    share = {name: measured(name, aim, *with_these)[0] for name, with_these in made.items()}
    worst = {name: measured(name, aim, *with_these)[1] for name, with_these in made.items()}
    learner = by_learning(seed, games, learned_aim)
    opinion = [learner(0, 0, square) for square in SQUARES]
    words = {1: "wins", 0: "draws", -1: "loses"}
    return Result(
        summary=f"Where {now}, against random moves the rules win {share['rules'][0]:.0%} of the games, the search "
        f"with {depth} {'move' if depth == 1 else 'moves'} ahead {share['search'][0]:.0%}, and what was learned "
        f"from {games:,} {'game' if games == 1 else 'games'}{'' if learned_aim == aim else ' of the old kind'} "
        f"{share['learning'][0]:.0%}.",
        numbers={
            **{f"{name}: games won": won for name, (won, _, _) in share.items()},
            **{f"{name}: games lost": lost for name, (_, _, lost) in share.items()},
            **{f"{name}: worst result": float(result) for name, result in worst.items()},
            "random moves: games won": won_by_chance(),
        },
        show=[
            axes("Against random moves", "player", "share of games")
            + bars(list(made), dict(zip(("won", "drawn", "lost"), np.transpose(list(share.values())), strict=True))),
            Heatmap("What was learned of the first move: mean result of games that began there, 1 if all were won",
                    np.reshape(opinion, (3, 3)), ["left", "middle", "right"], ["top", "center", "bottom"],
                    scale="diverging", annotate=True),
            columns("Against the best opponent, at worst", ("player", "it"),
                    [list(made), [words[each] for each in worst.values()]]),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
