"""Matrix products in pieces small enough for one thread each.

The linear algebra library under numpy wakes all its threads for a product of middling size and lets them wait for each
other actively. Beside other work on the same machine that costs several times the product itself (measured: 5.7 s
against 0.9 s for a large simulation on two busy cores); pieces below its threshold stay on the calling thread.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Multiplications below which OpenBLAS stays on one thread.
_ONE_THREAD = 4 * 65536


def product(left: Floats, right: Floats) -> Floats:
    """``left @ right``, the columns of ``right`` taken a few at a time.

    >>> product(np.eye(2), np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    rows, inner, columns = left.shape[0], *right.shape
    if rows * inner * columns <= _ONE_THREAD:
        whole_product: Floats = left @ right
        return whole_product
    width = min(columns, max(8, _ONE_THREAD // (rows * inner) // 8 * 8))
    pieces = columns // width
    whole = pieces * width
    result = np.empty((rows, columns))
    np.matmul(left, _stacked(right[:, :whole], pieces), out=_stacked(result[:, :whole], pieces))
    np.matmul(left, right[:, whole:], out=result[:, whole:])
    return result


def _stacked(matrix: Floats, pieces: int) -> Floats:
    """The matrix cut into equal ranges of columns, ``[piece, row, column]``, without a copy."""
    rows, columns = matrix.shape
    row, column = matrix.strides
    width = columns // pieces
    stacked: Floats = np.lib.stride_tricks.as_strided(matrix, (pieces, rows, width), (width * column, row, column))
    return stacked
