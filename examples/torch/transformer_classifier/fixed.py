"""A Transformer encoder with sinusoidal positions tells which of two motifs a long signal holds."""
import math
from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Config:
    n_channels: int = 4
    seq_len: int = 120
    d_model: int = 32
    n_heads: int = 4
    n_layers: int = 2
    n_classes: int = 2
    max_len: int = 200


class PositionalEncoding(nn.Module):
    def __init__(self, d_model, max_len):
        super().__init__()
        position = torch.arange(max_len).unsqueeze(1)
        rate = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        table = torch.zeros(max_len, d_model)
        table[:, 0::2] = torch.sin(position * rate)
        table[:, 1::2] = torch.cos(position * rate)
        self.register_buffer("table", table.unsqueeze(0))

    def forward(self, x):
        return x + self.table[:, :x.size(1)]


class SignalTransformer(nn.Module):
    def __init__(self, cfg: Config):
        super().__init__()
        self.project = nn.Linear(cfg.n_channels, cfg.d_model)
        self.positions = PositionalEncoding(cfg.d_model, cfg.max_len)
        block = nn.TransformerEncoderLayer(cfg.d_model, cfg.n_heads, 4 * cfg.d_model, batch_first=True)
        self.encoder = nn.TransformerEncoder(block, cfg.n_layers)
        self.classify = nn.Linear(cfg.d_model, cfg.n_classes)

    def forward(self, x):
        hidden = self.encoder(self.positions(self.project(x)))
        return self.classify(hidden.mean(dim=1))


def make_batch(cfg: Config, size: int = 16):
    x = torch.randn(size, cfg.seq_len, cfg.n_channels)
    y = torch.randint(0, cfg.n_classes, (size,))
    x[y == 1, 30:50, 0] += 2.0
    return x, y


def main():
    cfg = Config()
    model = SignalTransformer(cfg)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for step in range(3):
        x, y = make_batch(cfg)
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(step, loss.item())


if __name__ == "__main__":
    main()
