import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class HARNet(nn.Module):
    """Human activity recognition: 9 inertial channels, 128 readings, 6 activities."""

    def __init__(self, n_channels=9, n_classes=6):
        super().__init__()
        self.conv1 = nn.Conv1d(n_channels, 32, 5)
        self.conv2 = nn.Conv1d(32, 64, 5)
        self.lstm = nn.LSTM(64, 50, batch_first=True)
        self.fc = nn.Linear(50, n_classes)

    def forward(self, x):
        x = F.max_pool1d(F.relu(self.conv1(x)), 2)
        x = F.max_pool1d(F.relu(self.conv2(x)), 2)
        x = x.permute(0, 2, 1)
        _, (h, _) = self.lstm(x)
        return self.fc(h[-1])


signals = torch.randn(200, 128, 9)
activity = torch.randint(6, (200,))
loader = DataLoader(TensorDataset(signals, activity), batch_size=32, shuffle=True)
model = HARNet()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

model.train()
for batch_idx, (data, target) in enumerate(loader):
    optimizer.zero_grad()
    output = model(data)
    loss = F.cross_entropy(output, target)
    loss.backward()
    optimizer.step()
    if batch_idx % 3 == 0:
        print(f"[{batch_idx * len(data)}/{len(loader.dataset)}] {loss.item():.4f}")
