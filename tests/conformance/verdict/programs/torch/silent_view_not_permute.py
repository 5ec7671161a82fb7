import torch
import torch.nn as nn


class SensorCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(6, 16, 3)
        self.fc = nn.Linear(16, 4)

    def forward(self, x):
        batch, steps, sensors = x.shape
        x = x.view(batch, sensors, steps)
        return self.fc(torch.relu(self.conv(x)).mean(-1))


readings = torch.randn(10, 40, 6)
print(SensorCNN()(readings).shape)
