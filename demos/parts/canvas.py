"""Handwritten digits at random places of a larger picture, so that where a stroke stands says little."""

import numpy as np

SIDE = 12  # of a picture; a digit covers 8 by 8 cells of it


def placed(rng, pictures):
    """Each picture at a random place of an empty one.  [N, 8, 8] -> [N, P], row after row"""
    canvas, side = np.zeros((len(pictures), SIDE, SIDE)), np.arange(pictures.shape[1])
    row, column = rng.integers(0, SIDE - len(side) + 1, size=(2, len(pictures), 1, 1))
    canvas[np.arange(len(pictures))[:, None, None], row + side[:, None], column + side] = pictures
    return canvas.reshape(len(pictures), -1)


def side_by_side(pictures):
    """Pictures [N, P] in a row, an empty column between them -> one picture"""
    apart = np.pad(pictures.reshape(-1, SIDE, SIDE), ((0, 0), (0, 0), (0, 1)))
    return apart.swapaxes(0, 1).reshape(SIDE, -1)[:, :-1]
