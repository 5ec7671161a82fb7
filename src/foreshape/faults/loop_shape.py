"""``loop-shape``: a loop of a graph changes the shape of what it carries from step to step."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class LoopShape(Fault):
    """variable: its name. before, after: its shape when the loop begins and after one step."""

    name: ClassVar[str] = "loop-shape"
    summary: ClassVar[str] = "A loop in a tf.function changes the shape of a tensor that it carries from step to step."

    variable: str
    before: Shape
    after: Shape

    page: ClassVar[str] = """\
In a ``tf.function`` a ``for`` over a tensor (``tf.range(n)``) and a ``while`` that asks a tensor become one loop of the graph. What such a
loop, and ``tf.while_loop``, carries from step to step has one shape, that of the beginning. For something that grows,
``set_loop_options`` and ``shape_invariants`` say which axes may change; a ``tf.TensorArray`` collects one part per step; a loop over Python's ``range`` is written out in the graph, and may change anything.
"""
    faulty: ClassVar[str] = """\
import tensorflow as tf

first = tf.zeros((1, 3))


def goes_on(step, rows):
    return step < 4


def one_more(step, rows):
    return step + 1, tf.concat([rows, first], axis=0)


steps, rows = tf.function(lambda: tf.while_loop(goes_on, one_more, [tf.constant(1), first]))()
"""
    fixed: ClassVar[str] = """\
import tensorflow as tf

first = tf.zeros((1, 3))


def goes_on(step, rows):
    return step < 4


def one_more(step, rows):
    return step + 1, tf.concat([rows, first], axis=0)


grows = [tf.TensorShape([]), tf.TensorShape([None, 3])]
steps, rows = tf.function(lambda: tf.while_loop(goes_on, one_more, [tf.constant(1), first], shape_invariants=grows))()
"""
