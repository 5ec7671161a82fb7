# torch=2: An LSTM without batch_first (nothing raises)
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.rand(320, 50, 8)  # samples, timesteps, features
y = torch.rand(320, 1)
loader = DataLoader(TensorDataset(x, y), batch_size=32)

lstm = nn.LSTM(8, 64)
head = nn.Linear(64, 1)
for inputs, target in loader:
    out, _ = lstm(inputs)
    prediction = head(out[:, -1])
    loss = nn.functional.mse_loss(prediction, target)
print(out.shape)
