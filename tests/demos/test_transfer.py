"""Transfer against PyTorch's gradients, and by what defines it: a frozen body stays, what is moved changes."""

import numpy as np
import pytest
import torch

from demos.parts.canvas import SIDE, placed, sheet
from demos.parts.measured import digits
from demos.transfer import LEARNERS, accuracy, adapted, choice, data, demo, first_weights, gradient, moved, pretrained


def three(seed, n=20):
    """Weights of three learners with heads that are not zero, pictures and digits."""
    rng = np.random.default_rng(seed)
    weights = [np.concatenate([each + rng.normal(scale=0.1, size=each.shape) for _ in LEARNERS])
               for each in first_weights(rng, SIDE * SIDE)]  # fmt: skip
    pictures, kind = digits()
    pick = rng.integers(len(kind), size=n)
    return weights, placed(rng, pictures[pick]), kind[pick]


def loss_by_torch(weights, x, kind, all_ten):
    """The cross-entropy of one learner, each picture among the digits it is known to be one of."""
    W1, b1, W2, b2 = weights
    scores = torch.relu(torch.tensor(x) @ W1 + b1) @ W2 + b2
    if all_ten:
        return torch.nn.functional.cross_entropy(scores, torch.tensor(kind))
    own = torch.stack([row[:5] if k < 5 else row[5:] for row, k in zip(scores, kind, strict=True)])
    return torch.nn.functional.cross_entropy(own, torch.tensor(kind % 5))


@pytest.mark.parametrize("all_ten", [False, True])
def test_gradients_are_those_of_pytorch(all_ten):
    weights, x, kind = three(0)
    ours = gradient(weights, x, kind, all_ten)
    for s in range(3):
        theirs = [torch.tensor(each[s], requires_grad=True) for each in weights]
        loss_by_torch(theirs, x, kind, all_ten).backward()
        for mine, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(mine[s], other.grad, atol=1e-12)


def test_twenty_steps_are_those_of_pytorch_with_a_frozen_body_and_without():
    weights, x, kind = three(1)
    theirs = [
        [torch.tensor(each[s], requires_grad=s != 1 or i > 1) for i, each in enumerate(weights)] for s in range(3)
    ]
    for _ in range(20):
        weights = moved(weights, gradient(weights, x, kind), 0.3 * np.array(list(LEARNERS.values())))
        for each in theirs:
            free = [w for w in each if w.requires_grad]
            optimizer = torch.optim.SGD(free, lr=0.3)
            optimizer.zero_grad()
            loss_by_torch(each, x, kind, False).backward()
            optimizer.step()
    for s, each in enumerate(theirs):
        for mine, other in zip(weights, each, strict=True):
            np.testing.assert_allclose(mine[s], other.detach(), atol=1e-9)


def test_a_digit_of_the_other_task_is_no_choice_unless_all_ten_are():
    kind = np.array([3, 7])
    assert (np.isfinite(choice(kind, False)) == [[True] * 5 + [False] * 5, [False] * 5 + [True] * 5]).all()
    assert (choice(kind, True) == 0).all()
    weights, x, kind = three(2, 200)
    scores = np.maximum(x @ weights[0][0] + weights[1][0], 0) @ weights[2][0] + weights[3][0]
    own = [row[:5].argmax() if k < 5 else 5 + row[5:].argmax() for row, k in zip(scores, kind, strict=True)]
    assert accuracy(weights, x, kind)[0] == pytest.approx((own == kind).mean())


def test_pictures_are_whole_and_stand_at_every_place():
    pictures = np.random.default_rng(0).uniform(0.1, 1, size=(300, 8, 8))
    found = placed(np.random.default_rng(1), pictures).reshape(-1, SIDE, SIDE)
    corners = set()
    for picture, canvas in zip(pictures, found, strict=True):
        row, column = np.argwhere(canvas)[0]
        np.testing.assert_array_equal(canvas[row : row + 8, column : column + 8], picture)
        assert np.count_nonzero(canvas) == 64
        corners.add((int(row), int(column)))
    assert corners == {(row, column) for row in range(5) for column in range(5)}


def test_a_sheet_holds_each_picture_in_its_row_and_place_with_a_cell_between():
    rows = np.random.default_rng(0).uniform(0.1, 1, size=(2, 3, 4, 5))
    found = sheet(rows)
    assert found.shape == (9, 17)
    for r in range(2):
        for n in range(3):
            np.testing.assert_array_equal(found[5 * r : 5 * r + 4, 6 * n : 6 * n + 5], rows[r, n])
    assert np.count_nonzero(found) == rows.size


def test_no_picture_is_learned_from_and_tested_on_and_no_digit_is_in_both_tasks():
    (x_old, old), (x_old_test, old_test), (x, new), (x_test, new_test) = data()
    assert (max(old.max(), old_test.max()), min(new.min(), new_test.min())) == (4, 5)
    _, kind = digits()
    assert len(old) // 4 + len(old_test) + len(new) + len(new_test) == len(kind)
    for learned, asked in ((x, x_test), (x_old, x_old_test)):
        ink = {row.round(6).tobytes() for row in np.sort(learned)} & {row.round(6).tobytes() for row in np.sort(asked)}
        assert len(ink) <= 3  # by the sorted amounts of ink, which twins might share


def test_the_body_learned_something_and_freezing_keeps_the_old_task():
    past, start = pretrained(0)
    _, test, *_ = data()
    assert accuracy(past, *test)[0] > 0.85 > 0.4 > accuracy(start, *test)[0]
    new, old = adapted(60, 0.5, 0.0, False, 0)
    assert (old[:, 1] == old[0, 1]).all()  # frozen, with a head of its own: nothing that it used before has moved
    assert old[-1, 2] < old[0, 2]
    assert (new[0] == new[0, 0]).all()  # heads of zeros say the same whatever the body


def test_with_one_head_the_old_digits_are_lost_though_the_body_is_frozen_and_old_pictures_bring_them_back():
    assert demo(all_ten=True).numbers["accuracy on old digits, frozen body"] < 0.2
    assert demo(all_ten=True, replay=0.5).numbers["accuracy on old digits, fine-tuned"] > 0.7


@pytest.mark.parametrize("seed", range(11))
def test_what_was_learned_before_helps_on_every_seed_of_the_slider(seed):
    numbers = demo(seed=seed).numbers
    assert numbers["lead of fine-tuned over scratch, in points"] > 5
