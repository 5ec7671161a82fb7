import torch
from torch.utils.data import Dataset, DataLoader


class ElectricityDataset(Dataset):
    """Pairs of (one week of hourly load, the following day)."""

    def __init__(self, series, context=168, horizon=24):
        self.series = series
        self.context = context
        self.horizon = horizon

    def __len__(self):
        return len(self.series) - self.context - self.horizon + 1

    def __getitem__(self, i):
        past = self.series[i:i + self.context]
        future = self.series[i + self.context:i + self.context + self.horizon]
        return past, future


hours = torch.arange(24 * 30, dtype=torch.float32)
load = 50 + 10 * torch.sin(hours * 2 * torch.pi / 24) + torch.randn(hours.shape)
dl = DataLoader(ElectricityDataset(load), batch_size=64)
net = torch.nn.Sequential(torch.nn.Linear(168, 64), torch.nn.ReLU(), torch.nn.Linear(64, 24))
optimizer = torch.optim.Adam(net.parameters())
for past, future in dl:
    loss = (net(past) - future).abs().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.item())
