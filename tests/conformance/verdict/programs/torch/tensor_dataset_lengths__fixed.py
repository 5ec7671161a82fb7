import torch
from torch.utils.data import DataLoader, TensorDataset

prices = torch.randn(500).cumsum(0)
LOOKBACK = 20
X = torch.stack([prices[i:i + LOOKBACK] for i in range(len(prices) - LOOKBACK)])
y = (prices[LOOKBACK:] > 0).long()
loader = DataLoader(TensorDataset(X, y), batch_size=64)
model = torch.nn.Sequential(torch.nn.Linear(LOOKBACK, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
for xb, yb in loader:
    print(torch.nn.functional.cross_entropy(model(xb), yb).item())
