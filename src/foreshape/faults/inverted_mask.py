"""``inverted-mask``: a padding mask that is True where the tokens are hides them from attention."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class InvertedMask(Fault):
    """taker: the module. mask: the shape of the mask. lengths: whether it was made of lengths rather than of tokens."""

    name: ClassVar[str] = "inverted-mask"
    summary: ClassVar[str] = (
        "A padding mask that is True where the tokens are: PyTorch leaves out what is True, and attends to the padding."
    )

    taker: str
    mask: Shape
    lengths: bool

    page: ClassVar[str] = """\
A ``key_padding_mask`` of PyTorch says what to leave out: True is padding. ``attention_mask`` of Hugging Face and most masks for pooling say
the opposite, what to keep. Handed over as it is, such a mask hides every token; a sample without padding gives ``nan``.
"""
    faulty: ClassVar[str] = """\
import torch
from torch import nn

ids = torch.tensor([[4, 8, 2, 0, 0], [3, 1, 5, 9, 0]])
embed, encoder = nn.Embedding(10, 16), nn.TransformerEncoderLayer(16, 4, batch_first=True)
mask = ids != 0
out = encoder(embed(ids), src_key_padding_mask=mask)
"""
    fixed: ClassVar[str] = """\
import torch
from torch import nn

ids = torch.tensor([[4, 8, 2, 0, 0], [3, 1, 5, 9, 0]])
embed, encoder = nn.Embedding(10, 16), nn.TransformerEncoderLayer(16, 4, batch_first=True)
mask = ids == 0
out = encoder(embed(ids), src_key_padding_mask=mask)
"""
