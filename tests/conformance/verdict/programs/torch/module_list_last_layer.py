from dataclasses import dataclass

import torch
import torch.nn as nn


@dataclass
class MLPConfig:
    in_features: int = 30
    hidden: tuple = (64, 32, 16)
    n_classes: int = 2
    dropout: float = 0.1


class TabularMLP(nn.Module):
    def __init__(self, cfg: MLPConfig):
        super().__init__()
        self.layers = nn.ModuleList()
        prev = cfg.in_features
        for width in cfg.hidden:
            self.layers.append(nn.Sequential(nn.Linear(prev, width), nn.BatchNorm1d(width), nn.ReLU(), nn.Dropout(cfg.dropout)))
            prev = width
        self.head = nn.Linear(cfg.hidden[0], cfg.n_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x)
        return self.head(x)


if __name__ == "__main__":
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    X = torch.as_tensor(data.data, dtype=torch.float32)
    X = (X - X.mean(0)) / X.std(0)
    y = torch.as_tensor(data.target)
    cfg = MLPConfig(in_features=X.shape[1])
    model = TabularMLP(cfg)
    logits = model(X)
    print(nn.functional.cross_entropy(logits, y))
