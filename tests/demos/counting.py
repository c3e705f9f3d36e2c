"""Counts the work of a program from outside, as a reference for demos that say how much they do."""

import numpy as np


class Counted(np.ndarray):
    """An array that counts the multiplications of every matrix product it takes part in."""

    total = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        plain = [np.asarray(i) if isinstance(i, Counted) else i for i in inputs]
        options |= {"out": tuple(map(np.asarray, options["out"]))} if "out" in options else {}
        result = getattr(ufunc, method)(*plain, **options)
        if ufunc is np.matmul:
            Counted.total += result.size * plain[0].shape[-1]
        return result.view(Counted) if isinstance(result, np.ndarray) else result

    def __array_function__(self, *call):  # concatenate and where would hand back plain arrays
        result = super().__array_function__(*call)
        return result.view(Counted) if isinstance(result, np.ndarray) else result
