"""``missing-name``: a library does not have a name in the version that is checked for."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class MissingName(Fault):
    """wanted: the qualified name as the program spells it. library, version: of whom, "keras" and "3.15". since:
    the version that dropped it, "" where that is not known. now: what it became, "" where nothing did. imported: where the library is imported."""

    name: ClassVar[str] = "missing-name"
    summary: ClassVar[str] = "A library does not have this name in the version that is checked for."

    wanted: str
    library: str
    version: str
    since: str = ""
    now: str = ""
    imported: object = None

    page: ClassVar[str] = """\
Libraries move and drop names: TensorFlow 2 has no ``tf.placeholder``, Keras 3 no ``keras.layers.recurrent``, NumPy 2
no ``np.float_``. A program that was written for an older version ends at its first such name. Where the name moved, the
report says what it is now; ``--target keras=2`` checks a program for the version that it was written for.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from keras.utils.np_utils import to_categorical

labels = to_categorical(np.array([0, 2, 1]), num_classes=3)
"""
    fixed: ClassVar[str] = """\
import numpy as np
from keras.utils import to_categorical

labels = to_categorical(np.array([0, 2, 1]), num_classes=3)
"""
