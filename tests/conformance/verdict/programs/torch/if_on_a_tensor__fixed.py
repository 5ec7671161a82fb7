import torch
from torch import nn


class EarlyStopping:
    def __init__(self, patience=3):
        self.patience, self.count, self.best = patience, 0, None

    def step(self, value):
        if self.best is None or value < self.best:
            self.best, self.count = value, 0
            return False
        self.count += 1
        return self.count >= self.patience


net = nn.Linear(6, 2)
stopper = EarlyStopping()
X, Y = torch.randn(50, 6), torch.randn(50, 2)
for epoch in range(5):
    out = net(X)
    val_loss = ((out - Y) ** 2).mean()
    if stopper.step(val_loss.detach()):
        print("stopped at", epoch)
        break
