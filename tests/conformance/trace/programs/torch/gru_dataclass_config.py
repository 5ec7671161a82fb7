from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn


@dataclass
class ModelConfig:
    n_features: int = 5
    hidden_size: int = 24
    num_layers: int = 2
    bidirectional: bool = True
    horizon: int = 6
    head: list[int] = field(default_factory=lambda: [32, 16])


class GRUForecaster(nn.Module):
    def __init__(self, cfg: ModelConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.gru = nn.GRU(
            cfg.n_features, cfg.hidden_size, cfg.num_layers, batch_first=True, bidirectional=cfg.bidirectional
        )
        width = cfg.hidden_size * (2 if cfg.bidirectional else 1)
        blocks: list[nn.Module] = []
        for size in cfg.head:
            blocks.extend([nn.Linear(width, size), nn.GELU()])
            width = size
        blocks.append(nn.Linear(width, cfg.horizon))
        self.head = nn.Sequential(*blocks)

    def forward(self, x: Tensor) -> Tensor:
        out, h_n = self.gru(x)
        last = out[:, -1]
        return self.head(last)


def train_step(model: nn.Module, x: Tensor, y: Tensor, opt: torch.optim.Optimizer) -> float:
    opt.zero_grad()
    prediction = model(x)
    loss = nn.functional.huber_loss(prediction, y)
    loss.backward()
    opt.step()
    return loss.item()


def main() -> None:
    cfg = ModelConfig()
    model = GRUForecaster(cfg)
    opt = torch.optim.Adam(model.parameters())
    series = torch.randn(400, cfg.n_features)
    windows = series.unfold(0, 30 + cfg.horizon, 2)
    past = windows[:, :, :30].permute(0, 2, 1)
    future = windows[:, 0, 30:]
    for xb, yb in zip(past.split(32), future.split(32)):
        value = train_step(model, xb, yb, opt)
    print(past.shape, future.shape)


if __name__ == "__main__":
    main()
