"""What a decision tree looks like: its picture, questions from the top down, and how many boxes it makes.

A tree is a dict with its answer, its points and ones and, unless it is a leaf, its feature, threshold and two halves.
"""

from demos import Edge, Node


def leaves(tree, depth):
    """How many boxes there are when the tree is cut off below a depth."""
    if depth == 0 or "halves" not in tree:
        return 1
    return sum(leaves(half, depth - 1) for half in tree["halves"])


def drawn(tree, depth, features, name="0", x=0.0, level=0):
    """Nodes and edges of a tree that is cut off below a depth, the answer no to the right -> [nodes], [edges]

    features: the names of the features; name, x, level: where this part of the tree stands in the whole
    """
    says = f"{tree['answer']}: {tree['ones']} of {tree['points']}"
    if depth == 0 or "halves" not in tree:
        return [Node(name, says, x, -level)], []
    nodes = [Node(name, f"{features[tree['feature']]} ≤ {tree['threshold']:.2f}?", x, -level)]
    edges: list[Edge] = []
    for side, (half, word) in enumerate(zip(tree["halves"], ("yes", "no"), strict=True)):
        below = drawn(half, depth - 1, features, name + str(side), x + (2 * side - 1) * 4 / 2**level, level + 1)
        nodes, edges = nodes + below[0], [*edges, Edge(name, name + str(side), word), *below[1]]
    return nodes, edges
