"""Linear regression against scikit-learn and SciPy, and by what defines the line: no other misses by less."""

import numpy as np
import pytest
import scipy.stats
import torch
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score

from demos.linear_regression import by_descent, demo, fit, gradient, r_squared, squared_error, sticks, wobble


def cloud(seed, n=20):
    rng = np.random.default_rng(seed)
    x = rng.uniform(0, 10, size=n)
    return x, rng.normal() * x + rng.normal(scale=2, size=n)


@pytest.mark.parametrize("seed", range(5))
def test_line_and_r_squared_are_those_of_scikit_learn(seed):
    x, y = cloud(seed)
    theirs = LinearRegression().fit(x[:, None], y)
    w, b = fit(x, y)
    assert (w, b) == pytest.approx((theirs.coef_[0], theirs.intercept_), rel=1e-10)
    assert r_squared(x, y, w, b) == pytest.approx(r2_score(y, theirs.predict(x[:, None])), rel=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_every_other_line_misses_by_more_and_the_residuals_balance(seed):
    x, y = cloud(seed)
    w, b = fit(x, y)
    rng = np.random.default_rng(seed)
    least = squared_error(x, y, w, b)
    assert all(squared_error(x, y, w + dw, b + db) > least for dw, db in rng.normal(scale=0.1, size=(200, 2)))
    residual = y - (w * x + b)
    np.testing.assert_allclose([residual.sum(), residual @ x], 0, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_agrees_with_autograd(seed):
    x, y = map(torch.tensor, cloud(seed))
    p = torch.tensor(np.random.default_rng(seed).normal(size=2), requires_grad=True)
    ((y - (p[0] * x + p[1])) ** 2).mean().backward()
    np.testing.assert_allclose(gradient(x.numpy(), y.numpy(), p.detach().numpy()), p.grad.numpy(), rtol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_gradient_descent_comes_to_the_same_line_and_never_climbs(seed):
    x, y = cloud(seed)
    path = by_descent(x, y)
    np.testing.assert_allclose(path[-1], fit(x, y), atol=0.02)
    losses = [squared_error(x, y, *p) for p in path]
    assert (np.diff(losses) <= 1e-12).all()


def test_slopes_wobble_as_the_standard_error_of_scipy_says():
    rng = np.random.default_rng(0)
    told = []
    for _ in range(300):
        x = rng.uniform(0, 10, size=50)
        told.append(scipy.stats.linregress(x, 1 + 0.5 * x + rng.normal(size=50)).stderr)
    assert wobble(np.random.default_rng(1), 50, 1.0) == pytest.approx(np.mean(told), rel=0.15)


def test_many_lines_at_once_are_the_lines_one_by_one_and_equal_x_give_a_level_one():
    x, y = np.stack([cloud(0)[0], cloud(1)[0]]), np.stack([cloud(0)[1], cloud(1)[1]])
    np.testing.assert_allclose(np.transpose(fit(x, y)), [fit(*cloud(0)), fit(*cloud(1))])
    assert fit(np.full(3, 2.0), np.array([1.0, 2.0, 6.0])) == (0, 3)


def test_sticks_go_from_the_line_to_each_point_and_back():
    xs, ys = sticks(np.array([2.0, 1.0]), np.array([5.0, 0.0]), 1.0, 1.0)
    assert list(zip(xs, ys, strict=True)) == [(1, 2), (1, 0), (1, 2), (2, 3), (2, 5), (2, 3)]


def test_only_the_rightmost_point_is_lifted():
    plain, lifted = (demo(outlier=height).show[0].series[0] for height in (0.0, 6.0))
    moved = np.flatnonzero(np.array(plain.y) != np.array(lifted.y))
    assert moved.tolist() == [np.argmax(plain.x)]
    assert lifted.y[moved[0]] - plain.y[moved[0]] == pytest.approx(6)


def test_three_points_by_hand():
    numbers = demo(own_points=[(0, 0), (1, 3), (2, 3)]).numbers
    assert (numbers["slope"], numbers["intercept"]) == pytest.approx((1.5, 0.5))
    assert numbers["mean squared error"] == pytest.approx((0.25 + 1 + 0.25) / 3)
    assert numbers["R squared"] == pytest.approx(0.75)
