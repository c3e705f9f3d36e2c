"""The picture of a tree against scikit-learn's listing of the same tree, and by hand."""

import numpy as np
import pytest
from sklearn.tree import DecisionTreeClassifier

from demos.decision_tree import DATA, IMPURITY, grow
from demos.parts.trees import drawn, leaves


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_as_many_questions_and_answers_as_the_tree_has(seed, depth):
    tree = grow(*DATA["moons"](np.random.default_rng(seed), 60), IMPURITY["gini"], 5)
    nodes, edges = drawn(tree, depth, ("x", "y"))
    names = [node.name for node in nodes]
    assert len(set(names)) == len(names) == 2 * leaves(tree, depth) - 1
    assert len(edges) == len(nodes) - 1
    assert {edge.source for edge in edges} | {edge.target for edge in edges} <= set(names)
    assert len({(node.x, node.y) for node in nodes}) == len(nodes)  # none lies on another


@pytest.mark.parametrize("seed", range(3))
def test_the_questions_are_those_of_scikit_learn(seed):
    x, label = DATA["moons"](np.random.default_rng(seed), 60)
    nodes, _ = drawn(grow(x, label, IMPURITY["gini"], 1), 1, ("x", "y"))
    theirs = DecisionTreeClassifier(max_depth=1).fit(x, label).tree_
    assert nodes[0].label == f"{'xy'[theirs.feature[0]]} ≤ {theirs.threshold[0]:.2f}?"
    assert [int(node.label.split()[-1]) for node in nodes[1:]] == theirs.n_node_samples[1:].tolist()


def test_the_answer_yes_stands_on_the_left():
    tree = grow(np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 0, 1]), IMPURITY["gini"], 5)
    (question, yes, no), edges = drawn(tree, 5, ("size",))
    assert (question.label, yes.label, no.label) == ("size ≤ 2.50?", "0: 0 of 3", "1: 1 of 1")
    assert yes.x < question.x < no.x
    assert yes.y == no.y < question.y
    assert [(edge.target, edge.label) for edge in edges] == [(yes.name, "yes"), (no.name, "no")]
