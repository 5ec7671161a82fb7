import torch
from torch import nn


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 12)
        self.fc2 = nn.Linear(12, 1)

    def forward(self, x):
        return self.fc2(nn.ReLU()(self.fc1(x)))


print(Regressor()(torch.rand(4, 6)))
