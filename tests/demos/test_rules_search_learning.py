"""Tic-tac-toe against counts that are known, minimax against all games there are, and learning against those games."""

from fractions import Fraction

import numpy as np
import pytest

from demos.rules_search_learning import (
    FREE,
    THREE,
    best,
    by_learning,
    by_rules,
    by_search,
    demo,
    ended,
    games_of,
    search,
    won_by_chance,
)


def winner(board):
    """By the lines of the board, written out.  board: nine of "X", "O" and "." -> "X", "O" or None"""
    for a, b, c in ((0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)):
        if board[a] != "." and board[a] == board[b] == board[c]:
            return board[a]
    return None


def every_game(board="." * 9, turn="X"):
    """All games as lists of boards, one after another."""
    if winner(board) or "." not in board:
        yield [board]
        return
    for at in range(9):
        if board[at] == ".":
            for rest in every_game(board[:at] + turn + board[at + 1 :], "O" if turn == "X" else "X"):
                yield [board, *rest]


def bits(board, who):
    return sum(1 << at for at in range(9) if board[at] == who)


def plain_minimax(board, turn, aim, known):
    """The same by the book, on strings, without bits."""
    if board in known:
        return known[board]
    other = "O" if turn == "X" else "X"
    if winner(board):
        value = -aim
    elif "." not in board:
        value = 0
    else:
        nexts = [board[:at] + turn + board[at + 1 :] for at in range(9) if board[at] == "."]
        value = max(-plain_minimax(each, other, aim, known) for each in nexts)
    known[board] = value
    return value


@pytest.mark.parametrize("aim", [1, -1])
def test_minimax_agrees_at_every_position(aim):
    known = {}
    assert plain_minimax("." * 9, "X", aim, known) == 0  # a draw either way, as everybody finds out
    assert len(known) == 5478  # as many positions as are counted elsewhere
    for board, value in known.items():
        me, other = ("X", "O") if board.count("X") == board.count("O") else ("O", "X")
        assert search(bits(board, me), bits(board, other), 9, aim) == value
        assert ended(bits(board, me), bits(board, other), aim) == (
            -aim if winner(board) else 0 if "." not in board else None
        )


def test_random_moves_against_random_moves():
    """The first wins 737 of 1260, the second 121 of 420, 8 of 63 are drawn: known exactly."""
    shares, worst = games_of(lambda *_: 0, 1)
    drawn = Fraction(8, 63)
    assert shares == pytest.approx([float((1 - drawn) / 2), float(drawn), float((1 - drawn) / 2)])
    assert worst == -1
    assert games_of(lambda *_: 0, -1)[0] == pytest.approx(shares[::-1])
    assert won_by_chance() == pytest.approx(shares[0])


@pytest.mark.parametrize("aim", [1, -1])
def test_a_search_to_the_end_never_loses_and_one_move_ahead_takes_what_is_there(aim):
    shares, worst = games_of(by_search(9, aim), aim)
    assert worst == 0
    assert shares[2] == 0
    row, one_left = 0b011, 0b110000
    assert best(by_search(1, 1), row, one_left) == [0b100]
    assert 0b100 not in best(by_search(1, -1), row, one_left)


def test_rules_complete_before_they_block_and_block_before_they_take_the_middle():
    assert best(by_rules, 0b011, 0b11000) == [0b100]
    assert best(by_rules, 0b1, 0b110000000) == [0b001000000]
    assert best(by_rules, 0, 0) == [0b10000]
    assert set(best(by_rules, 0, 0b10000)) == {1, 4, 64, 256}


def test_after_many_games_of_chance_it_knows_the_mean_of_all_games_of_chance():
    learned = by_learning(0, 20000, 1)
    for square in (1 << 4, 1, 1 << 1):
        outcomes = []

        def play(me, other, chance, sign, outcomes=outcomes):
            got = ended(me, other, 1)
            if got is not None:
                outcomes.append(chance * sign * got)
                return
            for move in FREE[me | other]:
                play(other, me | move, chance / len(FREE[me | other]), -sign)

        play(0, square, 1.0, -1)
        assert learned(0, 0, square) == pytest.approx(sum(outcomes), abs=0.06)


def test_one_game_teaches_its_positions_alone():
    learned = by_learning(3, 1, 1)
    seen = [learned(0, 0, 1 << at) for at in range(9)]
    assert sum(value != 0 for value in seen) <= 1


def test_games_are_as_they_are_counted():
    games = list(every_game())
    assert len(games) == 255168
    assert sum(THREE) == sum(
        winner("".join("X" if of >> at & 1 else "." for at in range(9))) == "X" for of in range(512)
    )


def test_another_aim_turns_what_was_learned_around_and_new_games_repair_it():
    before, after = demo(games=3000).numbers, demo(games=3000, now="three in a row lose").numbers
    again = demo(games=3000, now="three in a row lose", again=True).numbers
    assert after["learning: games won"] == pytest.approx(before["learning: games lost"])
    assert after["rules: games won"] == pytest.approx(before["rules: games lost"])
    assert again["learning: games won"] > after["learning: games won"] + 0.5
    assert after["search: games won"] > 0.6


def test_more_games_teach_more():
    won = [np.mean([games_of(by_learning(seed, n, 1), 1)[0][0] for seed in range(3)]) for n in (1, 100, 3000)]
    assert won == sorted(won)
