"""What a model asks of its data: shapes, element types, ranges of indices, labels. Written and read as JSON."""

from __future__ import annotations

from foreshape.contracts.contract import Contract, ContractError, InputContract, LabelContract

__all__ = ["Contract", "ContractError", "InputContract", "LabelContract"]
