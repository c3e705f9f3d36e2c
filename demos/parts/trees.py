"""The picture of a decision tree: questions from the top down, answers at the ends."""

from demos import Edge, Node


def drawn(tree, depth, features, name="0", x=0.0, level=0):
    """Nodes and edges of a tree that is cut off below a depth, the answer no to the right -> [nodes], [edges]

    tree: its answer, points and ones and, unless it is a leaf, its feature, threshold and two halves
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
