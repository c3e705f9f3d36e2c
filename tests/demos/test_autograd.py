"""Autograd against torch.autograd, against nudging, and by hand."""

import numpy as np
import pytest
import torch

from demos.autograd import (
    PROGRAMS,
    Tensor,
    arguments,
    attention,
    curve,
    demo,
    jacobian_backward,
    jacobian_forward,
    log_softmax,
    mlp,
    nudged,
    product,
    softmax,
)

CLOSE = {"rtol": 1e-8, "atol": 1e-8}


def agrees(ours, theirs, *arrays):
    """Both functions of the same arrays: equal values, and equal gradients of a weighted sum of the outputs."""
    tensors = [Tensor(a) for a in arrays]
    references = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arrays]
    out, expected = ours(*tensors), theirs(*references)
    np.testing.assert_allclose(out.value, expected.detach().numpy(), **CLOSE)
    weights = np.linspace(0.5, 2, out.value.size).reshape(out.value.shape)  # unequal, so that errors can't cancel
    out.backward(weights)
    expected.backward(torch.tensor(weights))
    for tensor, reference in zip(tensors, references, strict=True):
        assert np.abs(reference.grad.numpy()).max() > 1e-6
        np.testing.assert_allclose(tensor.gradient, reference.grad.numpy(), **CLOSE)


C = np.array([[0.5, -1.5, 2.0, 0.3]])
OPERATIONS = {
    "negation": (lambda a: -a, lambda a: -a),
    "plus a constant on the left": (lambda a: C + a, lambda a: torch.tensor(C) + a),
    "minus a constant": (lambda a: a - C, lambda a: a - torch.tensor(C)),
    "a constant minus": (lambda a: C - a, lambda a: torch.tensor(C) - a),
    "times a constant on the left": (lambda a: C * a, lambda a: torch.tensor(C) * a),
    "divided by a constant": (lambda a: a / C, lambda a: a / torch.tensor(C)),
    "a constant divided by": (lambda a: C / (a * a + 1), lambda a: torch.tensor(C) / (a * a + 1)),
    "a constant matrix times": (lambda a: C.T @ C @ a.transpose(), lambda a: torch.tensor(C.T @ C) @ a.T),
    "square": (lambda a: a**2, lambda a: a**2),
    "cube": (lambda a: a**3, lambda a: a**3),
    "inverse square root": (lambda a: (a * a + 1) ** -0.5, lambda a: (a * a + 1) ** -0.5),
    "exp": (Tensor.exp, torch.exp),
    "log": (lambda a: (a * a + 1).log(), lambda a: (a * a + 1).log()),
    "tanh": (Tensor.tanh, torch.tanh),
    "relu": (Tensor.relu, torch.relu),
    "sigmoid": (Tensor.sigmoid, torch.sigmoid),
    "log sigmoid": (Tensor.log_sigmoid, torch.nn.functional.logsigmoid),
    "sum": (Tensor.sum, torch.sum),
    "sum of columns": (lambda a: a.sum(0), lambda a: a.sum(0)),
    "sum of rows, axis kept": (lambda a: a.sum(-1, keepdims=True), lambda a: a.sum(-1, keepdim=True)),
    "sum over two axes": (lambda a: a.reshape(3, 2, 2).sum((0, 2)), lambda a: a.reshape(3, 2, 2).sum((0, 2))),
    "mean": (Tensor.mean, torch.mean),
    "mean of rows": (lambda a: a.mean(1), lambda a: a.mean(1)),
    "mean of columns, axis kept": (lambda a: a.mean(0, keepdims=True), lambda a: a.mean(0, keepdim=True)),
    "reshape": (lambda a: a.reshape(2, 6).tanh(), lambda a: a.reshape(2, 6).tanh()),
    "transpose": (Tensor.transpose, torch.t),
    "transpose of three axes": (
        lambda a: a.reshape(3, 2, 2).transpose(1, 2, 0),
        lambda a: a.reshape(3, 2, 2).permute(1, 2, 0),
    ),
    "a slice": (lambda a: a[1:, ::2], lambda a: a[1:, ::2]),
    "one number of each row": (lambda a: a[np.arange(3), [0, 2, 2]], lambda a: a[torch.arange(3), [0, 2, 2]]),
    "rows picked more than once": (lambda a: a[[2, 0, 2, 2]], lambda a: a[[2, 0, 2, 2]]),
    "softmax": (softmax, lambda a: torch.softmax(a, -1)),
    "softmax down the columns": (lambda a: softmax(a, 0), lambda a: torch.softmax(a, 0)),
    "log softmax": (log_softmax, lambda a: torch.log_softmax(a, -1)),
}


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("seed", range(3))
def test_each_operation_has_the_value_and_the_gradient_of_torch(name, seed):
    ours, theirs = OPERATIONS[name]
    agrees(ours, theirs, np.random.default_rng(seed).normal(size=(3, 4)))


@pytest.mark.parametrize("symbol", ["+", "-", "*", "/"])
@pytest.mark.parametrize(
    ("left", "right"),
    [((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (1, 4)), ((), (2, 3)), ((2, 1, 4), (3, 1)), ((1,), (5,))],
)
def test_what_was_broadcast_gets_its_gradients_summed_back_to_its_shape(symbol, left, right):
    rng = np.random.default_rng(len(left) + 10 * len(right))
    calculate = {
        "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    }[symbol]  # fmt: skip
    agrees(calculate, calculate, rng.normal(size=left), rng.uniform(0.5, 2, size=right))


@pytest.mark.parametrize(
    ("left", "right"), [((3, 4), (4, 2)), ((5, 3, 4), (5, 4, 2)), ((3, 4), (5, 4, 2)), ((2, 1, 3, 4), (5, 4, 2))]
)
def test_matrix_products_agree_with_torch_in_batches_too(left, right):
    rng = np.random.default_rng(0)
    agrees(lambda a, b: a @ b, lambda a, b: a @ b, rng.normal(size=left), rng.normal(size=right))


@pytest.mark.parametrize("seed", range(3))
def test_a_value_used_three_times_gets_the_sum_of_three_gradients(seed):
    calculate = lambda a, b: (a * b + a).tanh() * a  # noqa: E731
    rng = np.random.default_rng(seed)
    agrees(calculate, calculate, rng.normal(size=(2, 3)), rng.normal(size=(2, 3)))


def test_a_diamond_is_walked_in_an_order_that_waits_for_every_user():
    x = Tensor(3.0)
    a = x * x  # 9
    out = a * x + a  # x³ + x², whose slope is 3x² + 2x = 33; walking a too early would lose a share
    out.backward()
    assert x.gradient == pytest.approx(33)
    assert a.gradient == pytest.approx(4)  # x + 1


def test_a_chain_deeper_than_the_stack_of_python_comes_back():
    x = Tensor(1.0)
    out = x
    for _ in range(5000):
        out = out * 1.001
    out.backward()
    assert x.gradient == pytest.approx(1.001**5000)


def test_backward_starts_afresh_each_time():
    x = Tensor(2.0)
    out = x * x * x
    out.backward()
    out.backward()
    assert x.gradient == pytest.approx(12)


def test_constants_leave_no_trace_in_the_graph():
    x = Tensor([[1.0, 2.0]])
    out = (np.ones((3, 1)) @ x * 2 + 1) / np.array([4.0, 5.0])
    assert {tensor for tensor in out.history() if not tensor.parents} == {x}


@pytest.mark.parametrize("seed", range(4))
def test_an_mlp_with_cross_entropy_has_the_gradients_of_torch(seed):
    rng = np.random.default_rng(seed)
    x, label = rng.normal(size=(7, 5)), rng.integers(0, 3, size=7)

    def ours(W1, b1, W2, b2):
        scores = (x @ W1 + b1).relu() @ W2 + b2
        return -log_softmax(scores)[np.arange(7), label].mean()

    def theirs(W1, b1, W2, b2):
        scores = torch.relu(torch.tensor(x) @ W1 + b1) @ W2 + b2
        return torch.nn.functional.cross_entropy(scores, torch.tensor(label))

    agrees(ours, theirs, *(rng.normal(size=shape) for shape in [(5, 6), (6,), (6, 3), (3,)]))


@pytest.mark.parametrize("seed", range(4))
def test_causal_attention_has_the_gradients_of_torch(seed):
    rng = np.random.default_rng(seed)
    mask = np.triu(np.full((5, 5), -np.inf), 1)  # T = 5 positions in a batch of 2; nobody looks ahead

    def ours(q, k, v):
        return softmax(q @ k.transpose(0, 2, 1) / 2 + mask) @ v

    def theirs(q, k, v):
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)

    agrees(ours, theirs, *(rng.normal(size=(2, 5, 4)) for _ in range(3)))


@pytest.mark.parametrize("seed", range(3))
def test_an_embedding_lookup_and_a_recurrent_net_have_the_gradients_of_torch(seed):
    rng = np.random.default_rng(seed)
    text = [3, 1, 3, 0, 3]

    def unroll(table, W, U):
        state = table[text[0]].reshape(1, 4)
        for token in text[1:]:
            tanh = torch.tanh if isinstance(state, torch.Tensor) else Tensor.tanh
            state = tanh(state @ W + table[[token]] @ U)
        return state

    agrees(unroll, unroll, *(rng.normal(size=shape) for shape in [(6, 4), (4, 4), (4, 4)]))


def test_softmax_sums_to_one_and_survives_scores_of_a_thousand():
    x = Tensor([[1000.0, 0.0, -1000.0], [-1000.0, -1001.0, -1002.0]])
    shares = softmax(x)
    np.testing.assert_allclose(shares.value.sum(axis=-1), 1)
    np.testing.assert_allclose(shares.value[1], [0.66524096, 0.24472847, 0.09003057], rtol=1e-7)  # e^0 : e^-1 : e^-2
    log_shares = log_softmax(x)
    assert log_shares.value[0].tolist() == [0, -1000, -2000]
    log_shares.sum().backward()
    assert np.isfinite(x.gradient).all()


def test_log_sigmoid_and_sigmoid_survive_thousands():
    x = Tensor([-2000.0, 0.0, 2000.0])
    assert x.sigmoid().value.tolist() == [0, 0.5, 1]
    out = x.log_sigmoid()
    np.testing.assert_allclose(out.value, [-2000, -np.log(2), 0])
    out.sum().backward()
    np.testing.assert_allclose(x.gradient, [1, 0.5, 0])


def test_backward_from_many_numbers_asks_for_a_seed_and_says_the_shape():
    with pytest.raises(ValueError, match=r"one number, not at shape \(3, 2\)"):
        Tensor(np.ones((3, 2))).backward()


def test_a_matrix_product_of_a_vector_is_refused_with_both_shapes():
    with pytest.raises(ValueError, match=r"\(3, 2\) and \(2,\)"):
        Tensor(np.ones((3, 2))) @ Tensor(np.ones(2))


# --- the programs of the demo -----------------------------------------------------------------------------

THEIRS = {
    "product": lambda x, y: (x + y) * x,
    "network": lambda inputs, W1, b, W2: (torch.tanh(inputs @ W1 + b) @ W2 - 1) ** 2,
    "attention": lambda q, k, v: torch.nn.functional.scaled_dot_product_attention(q, k.T, v),
    "curve": lambda w, b: torch.tanh(w * torch.arange(-2.0, 3.0, dtype=torch.float64) + b),
}
PLACES = [(2.0, -1.0), (0.3, 0.7), (-1.2, -0.4), (1.1, -1.9)]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(("x", "y"), PLACES)
def test_every_program_has_the_value_and_the_jacobian_of_torch_in_both_modes(program, x, y):
    start = arguments(program, x, y)
    inputs = [Tensor(array) for array in start.values()]
    output = PROGRAMS[program](*inputs)
    references = tuple(torch.tensor(array, dtype=torch.float64) for array in start.values())
    expected = THEIRS[program](*references)
    np.testing.assert_allclose(output.value, expected.numpy(), **CLOSE)
    slopes = torch.autograd.functional.jacobian(THEIRS[program], references)
    slopes = np.concatenate([block.reshape(expected.numel(), -1).numpy() for block in slopes], axis=1)
    np.testing.assert_allclose(jacobian_backward(output, inputs), slopes, **CLOSE)
    np.testing.assert_allclose(jacobian_forward(output, inputs), slopes, **CLOSE)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(("x", "y"), PLACES)
def test_every_gradient_agrees_with_a_nudge_to_both_sides(program, x, y):
    start = arguments(program, x, y)
    inputs = [Tensor(array) for array in start.values()]
    PROGRAMS[program](*inputs).sum().backward()
    h = 1e-5
    for which, tensor in enumerate(inputs):
        for index in np.ndindex(tensor.value.shape):
            ends = []
            for nudge in (-h, h):
                arrays = [array.copy() for array in start.values()]
                arrays[which][index] += nudge
                ends.append(PROGRAMS[program](*map(Tensor, arrays)).value.sum())
            assert tensor.gradient[index] == pytest.approx((ends[1] - ends[0]) / (2 * h), abs=1e-7)


def test_the_product_worked_by_hand():
    x, y = Tensor(2.0), Tensor(-1.0)
    out = product(x, y)
    out.backward()
    assert (out.value, x.gradient, y.gradient) == (2, 3, 2)  # x² + xy: slopes 2x + y and x


def test_the_attention_program_with_equal_keys_takes_the_mean_of_the_values():
    out = attention(Tensor([[2.0, 1.0]]), Tensor(np.ones((2, 3))), Tensor([[1.0], [2.0], [6.0]]))
    assert out.value == pytest.approx(3)


def test_the_network_program_with_zero_weights_misses_its_target_by_one():
    zeros = [Tensor(np.zeros(shape)) for shape in [(1, 2), (2, 2), (1, 2), (2, 1)]]
    assert mlp(*zeros).value == pytest.approx(1)


def test_the_middle_of_the_curve_is_the_bias_alone():
    assert curve(Tensor(2.0), Tensor(0.5)).value[2] == pytest.approx(np.tanh(0.5))


def test_nudging_is_right_about_the_product_up_to_its_own_error():
    np.testing.assert_allclose(nudged("product", arguments("product", 2.0, -1.0)), [3, 2], atol=2e-6)


def test_the_figures_of_the_defaults_worked_by_hand():
    numbers = demo().numbers
    assert numbers["output, summed"] == pytest.approx(2)
    assert numbers["gradient for x"] == pytest.approx(3)
    assert numbers["gradient for y"] == pytest.approx(2)
    assert numbers["boxes in the graph"] == 4
    assert 1e-8 < numbers["largest difference to nudging"] < 1e-5  # (x + h)² adds h to the slope for x


@pytest.mark.parametrize(
    ("program", "outputs", "inputs"),
    [("product", 1, 2), ("network", 1, 2 + 4 + 2 + 2), ("attention", 1, 2 + 6 + 3), ("curve", 5, 2)],
)
def test_backward_needs_a_sweep_for_each_output_and_forward_one_for_each_input(program, outputs, inputs):
    numbers = demo(program=program).numbers
    assert numbers["sweeps back for every slope"] == outputs
    assert numbers["sweeps forward for every slope"] == inputs
    assert numbers["largest difference between the two modes"] < 1e-12


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_drawn_graph_is_readable_and_flows_downwards(program):
    graph = demo(program=program).show[0]
    assert len(graph.nodes) <= 14
    assert len({(node.x, node.y) for node in graph.nodes}) == len(graph.nodes)
    height = {node.name: node.y for node in graph.nodes}
    assert all(height[edge.source] > height[edge.target] for edge in graph.edges)


def test_what_the_arrows_send_back_to_x_adds_up_to_its_gradient():
    graph = demo(program="product", x=1.5, y=0.5).show[0]
    box = next(node for node in graph.nodes if node.label.startswith("x\n"))
    shares = [float(edge.label.removeprefix("↑ ")) for edge in graph.edges if edge.source == box.name]
    assert len(shares) == 2
    assert box.label == "x\nvalue 1.5\ngradient 3.5"
    assert sum(shares) == pytest.approx(3.5)
