"""Next value of a noisy seasonal series from the last 30, with an LSTM whose state is made for each batch."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

LOOKBACK = 30
BATCH_SIZE = 64

rng = np.random.default_rng(4)
days = np.arange(1200)
series = 10 + 3 * np.sin(2 * np.pi * days / 365) + np.sin(2 * np.pi * days / 7) + rng.normal(0, 0.3, days.size)
scaled = (series - series.mean()) / series.std()


def make_windows(values, lookback):
    X, y = [], []
    for i in range(len(values) - lookback):
        X.append(values[i:i + lookback])
        y.append(values[i + lookback])
    return np.array(X, dtype=np.float32)[..., None], np.array(y, dtype=np.float32)


X, y = make_windows(scaled, LOOKBACK)
n_train = int(len(X) * 0.8)
train = TensorDataset(torch.from_numpy(X[:n_train]), torch.from_numpy(y[:n_train]))
loader = DataLoader(train, batch_size=BATCH_SIZE, shuffle=True)


class LSTMForecaster(nn.Module):
    def __init__(self, input_size=1, hidden_size=32, num_layers=2):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.lstm = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True)
        self.linear = nn.Linear(hidden_size, 1)

    def forward(self, x):
        h0 = torch.zeros(self.num_layers, BATCH_SIZE, self.hidden_size)
        c0 = torch.zeros(self.num_layers, BATCH_SIZE, self.hidden_size)
        out, _ = self.lstm(x, (h0, c0))
        return self.linear(out[:, -1, :]).squeeze(-1)


model = LSTMForecaster()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
for epoch in range(2):
    losses = []
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print(f"epoch {epoch + 1}: {np.mean(losses):.4f}")

model.eval()
with torch.no_grad():
    forecast = model(torch.from_numpy(X[n_train:])).numpy()
print("test MAE", np.abs(forecast - y[n_train:]).mean().round(3))
