"""Autograd: compute forward, record every operation, then apply the chain rule backward through the record.

Notation: g is the gradient that arrives at a value: how much the output grows per unit of that value.
          A Jacobian [m, n] holds the slope of each of m outputs for each of n inputs.
Leaves out: second derivatives, and any operation that writes into an array after it was used.

Source: Linnainmaa (1976), https://doi.org/10.1007/BF01931367
        Rumelhart, Hinton & Williams (1986), https://doi.org/10.1038/323533a0
"""

from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np

from demos import Edge, Graph, Label, Node, Range, Result, axes, bars, columns
from demos.gradient_descent import nudged_gradient


class Tensor:
    """An array that remembers how it was made, so that backward() can tell what a small change would do.

    value: the numbers, float, any shape;  gradient: same shape, zero until backward() fills it in;
    name: what a picture calls it;  parents: pairs (tensor it was made from, rule). A rule takes the gradient g of this
    value and returns what it contributes to that parent: the derivative, written beside the operation.
    Operands that are no tensors are constants: they need no gradient and leave no trace.
    """

    __array_ufunc__ = None  # array + tensor must ask the tensor; NumPy would add them up element by element

    def __init__(self, value, name="", parents=()):
        self.value = np.asarray(value, dtype=float)
        self.gradient = np.zeros(self.value.shape)
        self.name = name
        self.parents = [(parent, rule) for parent, rule in parents if isinstance(parent, Tensor)]

    # --- operations, each with its derivative -------------------------------------------------------------

    def __add__(self, other):
        return Tensor(raw(self) + raw(other), "+", [(self, lambda g: g), (other, lambda g: g)])

    def __sub__(self, other):
        return Tensor(raw(self) - raw(other), "−", [(self, lambda g: g), (other, lambda g: -g)])

    def __mul__(self, other):
        a, b = raw(self), raw(other)
        return Tensor(a * b, "×", [(self, lambda g: g * b), (other, lambda g: g * a)])

    def __truediv__(self, other):
        a, b = raw(self), raw(other)
        return Tensor(a / b, "÷", [(self, lambda g: g / b), (other, lambda g: -g * a / b**2)])

    def __matmul__(self, other):
        a, b = raw(self), raw(other)  # [..., N, K] @ [..., K, M] -> [..., N, M]
        if min(a.ndim, b.ndim) < 2:
            raise ValueError(f"a matrix product needs two axes on each side, got shapes {a.shape} and {b.shape}")
        shares = [(self, lambda g: g @ b.swapaxes(-1, -2)), (other, lambda g: a.swapaxes(-1, -2) @ g)]
        return Tensor(a @ b, "matrix product", shares)

    def __pow__(self, exponent):  # the exponent is a plain number
        a = self.value
        return Tensor(a**exponent, f"power {exponent:g}", [(self, lambda g: g * exponent * a ** (exponent - 1))])

    def __neg__(self):
        return self * -1

    # The same with a plain array or number on the left; raw() does not mind which side the tensor is on.
    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return Tensor.__sub__(other, self)

    def __rtruediv__(self, other):
        return Tensor.__truediv__(other, self)

    def __rmatmul__(self, other):
        return Tensor.__matmul__(other, self)

    def exp(self):
        result = np.exp(self.value)
        return Tensor(result, "exp", [(self, lambda g: g * result)])

    def log(self):
        return Tensor(np.log(self.value), "log", [(self, lambda g: g / self.value)])

    def tanh(self):
        result = np.tanh(self.value)
        return Tensor(result, "tanh", [(self, lambda g: g * (1 - result**2))])

    def relu(self):
        return Tensor(np.maximum(self.value, 0), "relu", [(self, lambda g: g * (self.value > 0))])

    def sigmoid(self):
        result = (1 + np.tanh(self.value / 2)) / 2  # 1 / (1 + exp(-a)), in a form that cannot overflow
        return Tensor(result, "sigmoid", [(self, lambda g: g * result * (1 - result))])

    def log_sigmoid(self):
        a = self.value  # finite even where the sigmoid is rounded to zero
        return Tensor(-np.logaddexp(0, -a), "log sigmoid", [(self, lambda g: g * (1 - np.tanh(a / 2)) / 2)])

    def sum(self, axis=None, keepdims=False):
        def back(g):  # every term of a sum counts once: copy g to all of them
            return np.broadcast_to(g if keepdims or axis is None else np.expand_dims(g, axis), self.value.shape)

        return Tensor(self.value.sum(axis=axis, keepdims=keepdims), "sum", [(self, back)])

    def mean(self, axis=None, keepdims=False):
        total = self.sum(axis, keepdims)
        return total / (self.value.size / total.value.size)

    def reshape(self, *shape):
        return Tensor(self.value.reshape(*shape), "reshape", [(self, lambda g: g.reshape(self.value.shape))])

    def transpose(self, *axes):
        order = axes or tuple(reversed(range(self.value.ndim)))
        return Tensor(self.value.transpose(order), "transpose", [(self, lambda g: g.transpose(np.argsort(order)))])

    def __getitem__(self, index):
        def back(g):
            spread = np.zeros(self.value.shape)
            np.add.at(spread, index, g)  # a row that was picked twice must receive both gradients; = would keep one
            return spread

        return Tensor(self.value[index], "pick", [(self, back)])

    # --- backward through the record ----------------------------------------------------------------------

    def history(self):
        """Every tensor behind this one, each after all that it was made from; this one comes last."""
        order, entered, stack = [], set(), [(self, False)]
        while stack:  # depth first, without recursion: the graph of a long text is deeper than Python's stack
            tensor, parents_done = stack.pop()
            if parents_done:
                order.append(tensor)
            elif tensor not in entered:
                entered.add(tensor)
                stack += [(tensor, True), *((parent, False) for parent, _ in reversed(tensor.parents))]
        return order

    def backward(self, seed=None):
        """Fill in the gradient of everything behind this value, starting afresh: there is nothing to reset.

        seed: the gradient to start with, in the shape of this value; one number needs none, it starts with 1.
        """
        if seed is None and self.value.size != 1:
            raise ValueError(f"backward() starts at one number, not at shape {self.value.shape}: sum, or pass a seed")
        order = self.history()
        for tensor in order:
            tensor.gradient = np.zeros(tensor.value.shape)
        self.gradient += 1 if seed is None else seed
        for tensor in reversed(order):  # a gradient is complete once all users of the value have sent their share
            for parent, rule in tensor.parents:
                parent.gradient += fold(rule(tensor.gradient), parent.value.shape)


def raw(operand):
    """The array inside a tensor, or a plain operand as it is."""
    return operand.value if isinstance(operand, Tensor) else np.asarray(operand, dtype=float)


def fold(g, shape):
    """Sum g back to `shape`: a value that was broadcast was used many times, and its shares add up."""
    if g.shape == shape:
        return g
    new = g.ndim - len(shape)  # axes that broadcasting put in front
    stretched = [new + axis for axis, size in enumerate(shape) if size == 1]
    return g.sum(axis=(*range(new), *stretched)).reshape(shape)


def softmax(x, axis=-1):
    """Positive shares that sum to one along `axis`.  x: tensor -> tensor of the same shape."""
    below_largest = x - x.value.max(axis=axis, keepdims=True)  # the shift cancels, and exp cannot overflow
    below_largest.name = "− largest"
    e = below_largest.exp()
    return e / e.sum(axis, keepdims=True)


def log_softmax(x, axis=-1):
    """The logarithm of softmax, without ever taking the logarithm of a share that was rounded to zero."""
    shifted = x - x.value.max(axis=axis, keepdims=True)
    return shifted - shifted.exp().sum(axis, keepdims=True).log()


# --- every slope of several outputs, in the two orders of the chain rule ----------------------------------


def jacobian_backward(output, inputs):
    """Reverse mode: one sweep back from each number of the output, for all inputs at once -> [m, n], row by row."""
    rows = []
    for unit in np.eye(output.value.size):
        output.backward(unit.reshape(output.value.shape))
        rows.append(np.concatenate([tensor.gradient.ravel() for tensor in inputs]))
    return np.array(rows)


def jacobian_forward(output, inputs):
    """Forward mode: one sweep from each number of the inputs, for all outputs at once -> [m, n], column by column."""
    order = output.history()
    # The slopes of each operation are read off its backward rule; a forward mode in earnest has rules of its own.
    arrows = [(tensor, parent, slopes(tensor, parent, rule)) for tensor in order for parent, rule in tensor.parents]
    columns = []
    for start in inputs:
        for unit in np.eye(start.value.size):
            change = {tensor: np.zeros(tensor.value.size) for tensor in order} | {start: unit}
            for tensor, parent, local in arrows:
                change[tensor] += local @ change[parent]
            columns.append(change[output])
    return np.array(columns).T


def slopes(tensor, parent, rule):
    """The Jacobian of one operation for one parent -> [size of tensor, size of parent]."""
    units = np.eye(tensor.value.size).reshape(-1, *tensor.value.shape)
    return np.array([fold(rule(unit), parent.value.shape).ravel() for unit in units])


# --- four small programs to differentiate -----------------------------------------------------------------


def product(x, y):
    return (x + y) * x  # x is used twice, so two shares come back to it


def mlp(inputs, weights_1, bias, weights_2):
    """Two inputs, two hidden neurons, an output that ought to be 1.  [1, 2], [2, 2], [1, 2], [2, 1] -> loss [1, 1]."""
    hidden = (inputs @ weights_1 + bias).tanh()
    return (hidden @ weights_2 - 1) ** 2


def attention(query, keys, values):
    """One query mixes the values of three words.  [1, 2], [2, 3] a column for each word, [3, 1] -> [1, 1]."""
    scores = query @ keys / np.sqrt(2)
    return softmax(scores) @ values


def curve(weight, bias):
    """One neuron at five inputs: two numbers in, five out."""
    return (weight * np.array([-2.0, -1.0, 0.0, 1.0, 2.0]) + bias).tanh()


PROGRAMS: dict[str, Callable[..., Tensor]] = {
    "product": product,
    "network": mlp,
    "attention": attention,
    "curve": curve,
}
FORMULAS = {
    "product": "(x + y) × x",
    "network": "(tanh(inputs @ weights_1 + bias) @ weights_2 − 1)²",
    "attention": "softmax(query @ keys ÷ √2) @ values",
    "curve": "tanh(weight × (−2, −1, 0, 1, 2) + bias), gradients of the sum",
}


def arguments(program, x, y):
    """What a program starts from, by name; x and y come first, the other numbers are fixed."""
    fixed = {
        "product": {"x": x, "y": y},
        "network": {
            "inputs": [[x, y]],
            "weights_1": [[0.5, -1.0], [1.0, 0.5]],
            "bias": [[0.1, -0.2]],
            "weights_2": [[1.0], [-1.5]],
        },
        "attention": {
            "query": [[x, y]],
            "keys": [[1.0, 0.0, -1.0], [0.0, 1.0, 0.5]],
            "values": [[1.0], [2.0], [-1.0]],
        },
        "curve": {"weight": x, "bias": y},
    }
    return {name: np.array(value) for name, value in fixed[program].items()}


def nudged(program, start, h=1e-6):
    """The gradient of the summed output without any chain rule.  start: as from arguments() -> [n]."""
    ends = np.cumsum([array.size for array in start.values()], dtype=np.int64)[:-1]

    def run(p):
        pieces = zip(np.split(p, ends), start.values(), strict=True)
        return PROGRAMS[program](*(Tensor(piece.reshape(array.shape)) for piece, array in pieces)).value.sum()

    return nudged_gradient(run, np.concatenate([array.ravel() for array in start.values()]), h)


def named_entries(tensors):
    """What a table calls each of n numbers: the name of its tensor, and its index there -> n words"""
    return [
        tensor.name + (f"[{', '.join(map(str, index))}]" if index else "")
        for tensor in tensors
        for index in np.ndindex(tensor.value.shape)
    ]


# --- drawing ----------------------------------------------------------------------------------------------


def short(array):
    """A small array as text, a line for each row; a column of numbers takes one line."""
    rows = array.reshape(array.shape[0], -1) if array.ndim == 2 and array.shape[1] > 1 else array.reshape(1, -1)
    rows = np.round(rows, 9) + 0.0  # no -0 and no 1e-17
    digits = 3 if array.size <= 2 else 2
    return ";\n".join(", ".join(f"{number:.{digits}g}" for number in row) for row in rows)


def picture(output, title):
    """The graph behind `output`: from top to bottom, each input right above its first use."""
    order = output.history()
    arrows = [(parent, tensor, rule) for tensor in order for parent, rule in tensor.parents]
    depth: dict[Tensor, int] = {}
    for tensor in order:
        depth[tensor] = 1 + max((depth[parent] for parent, _ in tensor.parents), default=-1)
    for tensor in order:
        if not tensor.parents:
            depth[tensor] = min(depth[user] for parent, user, _ in arrows if parent is tensor) - 1

    nodes, edges = [], []
    for number, tensor in enumerate(order):
        beside = [other for other in order if depth[other] == depth[tensor]]
        bypassed = any(depth[source] < depth[tensor] < depth[target] for source, target, _ in arrows)
        x = beside.index(tensor) - (len(beside) - 1) / 2 + (0.5 if bypassed else 0)  # leave the way free
        label = f"{tensor.name}\nvalue {short(tensor.value)}\ngradient {short(tensor.gradient)}"
        nodes.append(Node(str(number), label, x, -depth[tensor]))
    for parent, tensor, rule in arrows:
        share = fold(rule(tensor.gradient), parent.value.shape)
        label = f"↑ {short(share)}" if share.size <= 2 else ""
        edges.append(Edge(str(order.index(parent)), str(order.index(tensor)), label))
    return Graph(title, nodes, edges)


def demo(
    *,
    x: Annotated[float, Range(-3, 3, 0.1, label="first number, x")] = 2.0,
    y: Annotated[float, Range(-3, 3, 0.1, label="second number, y")] = -1.0,
    program: Annotated[Literal["product", "network", "attention", "curve"], Label("what to compute")] = "product",
) -> Result:
    """Each box shows its value and, below, its gradient; ↑ is what an arrow sends back. In product, x feeds two boxes,
    and its gradient is the sum of what both send back. Then try network, attention, and curve, with its five outputs.

    x: first number the program starts from: an input, a part of the query, or the weight of the curve
    y: second number the program starts from: an input, a part of the query, or the bias of the curve
    program: a product, a tiny network with its loss, an attention over three words, or a curve at five points
    """
    start = arguments(program, x, y)
    inputs = [Tensor(value, name) for name, value in start.items()]
    output = PROGRAMS[program](*inputs)

    by_rows, by_columns = jacobian_backward(output, inputs), jacobian_forward(output, inputs)  # [m, n] both
    (m, n), between_modes = by_rows.shape, np.abs(by_rows - by_columns).max()
    output.backward(np.ones(output.value.shape))
    gradient = np.concatenate([tensor.gradient.ravel() for tensor in inputs])  # [n]
    measured = nudged(program, start)  # [n]
    to_nudging = np.abs(gradient - measured).max()

    graph = picture(output, f"{program}: {FORMULAS[program]}")
    outputs, sweeps_back = ("1 output", "1 sweep back gives") if m == 1 else (f"{m} outputs", f"{m} sweeps back give")
    agreement = f"to within {between_modes:.0e}" if between_modes else "to the last digit"
    return Result(
        summary=f"{outputs}, {n} inputs: {sweeps_back} every slope, and forward mode needs {n} sweeps. "
        f"The two agree {agreement}; nudging is off by up to {to_nudging:.0e}.",
        numbers={
            "output, summed": output.value.sum(),
            "gradient for x": gradient[0],
            "gradient for y": gradient[1],
            "sweeps back for every slope": m,
            "sweeps forward for every slope": n,
            "boxes in the graph": len(graph.nodes),
            "largest difference between the two modes": between_modes,
            "largest difference to nudging": to_nudging,
        },
        show=[
            graph,
            columns(
                "Each gradient beside the one found by nudging",
                ["input", "gradient", "nudged", "difference"],
                [named_entries(inputs), gradient, measured, gradient - measured],
            ),
            axes("Sweeps through the graph for every slope of every output", y="sweeps")
            + bars(["backward", "forward"], {"sweeps": [m, n]}),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
