import torch
import torch.nn as nn


class DeepConv(nn.Module):
    def __init__(self, channels=(1, 16, 32, 64, 64), kernel=7):
        super().__init__()
        blocks = []
        for c_in, c_out in zip(channels[:-1], channels[1:]):
            blocks += [nn.Conv1d(c_in, c_out, kernel), nn.ReLU(), nn.MaxPool1d(2)]
        self.features = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveMaxPool1d(1)
        self.fc = nn.Linear(channels[-1], 5)

    def forward(self, x):
        return self.fc(self.pool(self.features(x)).flatten(1))


# heartbeats, one lead
beats = torch.randn(20, 1, 100)
net = DeepConv()
print(net(beats).shape)
