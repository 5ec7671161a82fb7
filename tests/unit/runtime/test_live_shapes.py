"""The shapes that stand under a traceback: of the whole call that failed, and of what lists hold."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from foreshape.runtime.explaining import live_shapes, shape_of


def told(run):
    with pytest.raises(ValueError, match="dimensions") as caught:
        run()
    return live_shapes(caught.value)


def test_lists_tell_the_shapes_that_they_hold():
    assert shape_of([np.zeros((4, 32)), np.zeros((4, 30)), np.zeros((4, 32))]) == "list of 3: (4, 32), (4, 30)"
    assert shape_of([]) == "list of 0"
    assert shape_of([1, 2]) == "list of 2"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python does not know where a call ends")
def test_a_call_over_several_lines_is_read_whole():
    first, second = np.zeros((3, 4)), np.zeros((5, 2))

    def run():
        np.concatenate(
            [
                first,
                second,
            ]
        )

    text = told(run)
    assert "first  (3, 4) float64" in text and "second  (5, 2) float64" in text
