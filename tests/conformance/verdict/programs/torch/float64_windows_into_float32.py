"""Forecast room temperature with a GRU, from the last 12 readings."""
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset


class TemperatureWindows(Dataset):
    def __init__(self, values: np.ndarray, lookback: int = 12):
        self.values = values
        self.lookback = lookback

    def __len__(self):
        return len(self.values) - self.lookback

    def __getitem__(self, idx):
        window = self.values[idx: idx + self.lookback]
        target = self.values[idx + self.lookback]
        return torch.tensor(window).unsqueeze(-1), torch.tensor(target)


class Forecaster(torch.nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.gru = torch.nn.GRU(1, hidden, batch_first=True)
        self.out = torch.nn.Linear(hidden, 1)

    def forward(self, x):
        _, h_n = self.gru(x)
        return self.out(h_n[-1]).squeeze(-1)


rng = np.random.default_rng(0)
readings = 20 + 3 * np.sin(np.linspace(0, 50, 500)) + rng.normal(0, 0.2, 500)
loader = DataLoader(TemperatureWindows(readings), batch_size=32, shuffle=True)

model = Forecaster()
opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
loss_fn = torch.nn.MSELoss()
for epoch in range(2):
    total = 0.0
    for xb, yb in loader:
        pred = model(xb)
        loss = loss_fn(pred, yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(xb)
    print(epoch, total / len(loader.dataset))
