from __future__ import annotations

import torch
from torch import nn, Tensor

HEADS: dict[str, int] = {"age": 1, "gender": 2, "emotion": 7}


class FaceNet(nn.Module):
    def __init__(self, heads: dict[str, int]) -> None:
        super().__init__()
        self.backbone = nn.Sequential(nn.Conv2d(3, 8, 3, 2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.heads = nn.ModuleDict({name: nn.Linear(8, width) for name, width in heads.items()})

    def forward(self, x: Tensor, task: str) -> Tensor:
        return self.heads[task](self.backbone(x))


net = FaceNet(HEADS)
faces = torch.rand(4, 3, 32, 32)
for task in ("age", "gender", "emotion"):
    print(task, tuple(net(faces, task).shape))
