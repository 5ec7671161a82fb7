"""What the losses of Keras and PyTorch want of labels."""

from __future__ import annotations

import re
from typing import Final

from foreshape.contracts.contract import LabelContract, Size

CLASS_INDEX: Final = frozenset({"sparsecategoricalcrossentropy", "crossentropyloss", "nllloss", "crossentropy", "nll"})
ONE_HOT: Final = frozenset({"categoricalcrossentropy", "categoricalfocalcrossentropy", "categoricalhinge"})
BINARY: Final = frozenset(
    {"binarycrossentropy", "bceloss", "bcewithlogitsloss", "binarycrossentropywithlogits", "binaryfocalcrossentropy"}
)


def plain(loss: str) -> str:
    """``sparse_categorical_crossentropy`` and ``SparseCategoricalCrossentropy`` alike."""
    return re.sub(r"[^a-z0-9]", "", loss.lower())


def label_contract(name: str, loss: str, output: tuple[Size, ...] | None, torch: bool = False) -> LabelContract | None:
    """The labels that go with an output. output: without the batch axis. torch: classes lie on the axis after the batch, not
    on the last one. None where the loss is not known."""
    kind = plain(loss)
    if kind in CLASS_INDEX:
        if not output:
            return LabelContract(name, None, kind="class-index", loss=loss)
        classes, rest = (output[0], output[1:]) if torch else (output[-1], output[:-1])
        return LabelContract(name, rest, kind="class-index", classes=classes, loss=loss)
    if kind in ONE_HOT:
        return LabelContract(name, output, kind="one-hot", classes=output[-1] if output else None, loss=loss)
    if kind in BINARY:
        return LabelContract(name, output, kind="binary", loss=loss)
    if not kind:
        return None
    return LabelContract(name, output, kind="real", loss=loss)
