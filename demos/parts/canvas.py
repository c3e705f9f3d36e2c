"""Handwritten digits at random places of a larger picture, so that where a stroke stands says little; and many
pictures on one sheet.
"""

import numpy as np

SIDE = 12  # of a picture; a digit covers 8 by 8 cells of it


def placed(rng, pictures):
    """Each picture at a random place of an empty one.  [N, 8, 8] -> [N, P], row after row"""
    canvas, side = np.zeros((len(pictures), SIDE, SIDE)), np.arange(pictures.shape[1])
    row, column = rng.integers(0, SIDE - len(side) + 1, size=(2, len(pictures), 1, 1))
    canvas[np.arange(len(pictures))[:, None, None], row + side[:, None], column + side] = pictures
    return canvas.reshape(len(pictures), -1)


def sheet(rows):
    """Rows of pictures, one below the other, with an empty cell between any two.  [R, N, H, W] -> one picture"""
    tiles = np.pad(rows, ((0, 0), (0, 0), (0, 1), (0, 1)))
    high, wide = tiles.shape[0] * tiles.shape[2], tiles.shape[1] * tiles.shape[3]
    return tiles.swapaxes(1, 2).reshape(high, wide)[:-1, :-1]
