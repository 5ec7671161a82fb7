"""Names of ``torch.nn`` that older versions of PyTorch do not have."""

from __future__ import annotations

from foreshape.semantics.registry import removed

NEWER = {
    "1.9": "torch.nn.Mish torch.nn.functional.mish torch.nn.LazyInstanceNorm1d torch.nn.LazyInstanceNorm2d "
    "torch.nn.LazyInstanceNorm3d torch.nn.LazyBatchNorm1d torch.nn.LazyBatchNorm2d torch.nn.LazyBatchNorm3d",
    "1.12": "torch.nn.Dropout1d torch.nn.functional.dropout1d",
    "2.1": "torch.nn.CircularPad1d torch.nn.CircularPad2d torch.nn.CircularPad3d torch.nn.ZeroPad1d torch.nn.ZeroPad3d",
    "2.4": "torch.nn.RMSNorm torch.nn.functional.rms_norm",
    "2.5": "torch.nn.Buffer",
    "2.13": "torch.nn.LinearCrossEntropyLoss torch.nn.functional.linear_cross_entropy",
}
"""By the version that has them first."""

for _version, _names in NEWER.items():
    for _name in _names.split():
        _owner, _, _short = _name.rpartition(".")
        removed(_name, "", until=_version, message=f"module '{_owner}' has no attribute '{_short}'")
