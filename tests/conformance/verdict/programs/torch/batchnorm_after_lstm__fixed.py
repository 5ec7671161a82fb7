import torch
from torch import nn


class OccupancyNet(nn.Module):
    def __init__(self, n_features=5, hidden=20):
        super().__init__()
        self.lstm = nn.LSTM(n_features, hidden, batch_first=True)
        self.bn = nn.BatchNorm1d(hidden)
        self.drop = nn.Dropout(0.2)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        seq, _ = self.lstm(x)
        seq = self.drop(self.bn(seq.transpose(1, 2)).transpose(1, 2))
        return self.out(seq[:, -1])


minutes = torch.rand(64, 60, 5)
net = OccupancyNet()
occupied = torch.sigmoid(net(minutes)) > 0.5
print(occupied.sum())
