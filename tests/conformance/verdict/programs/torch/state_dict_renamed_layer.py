import copy

import torch
from torch import nn


class OldNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.GRU(4, 8)
        self.fc = nn.Linear(8, 2)


class NewNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.GRU(4, 8)
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        return self.head(self.encoder(x)[0][-1])


weights = copy.deepcopy(OldNet().state_dict())
net = NewNet()
net.load_state_dict(weights)
print(net(torch.randn(6, 3, 4)))
