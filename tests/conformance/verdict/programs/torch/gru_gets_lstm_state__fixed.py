import torch
from torch import nn

encoder = nn.LSTM(5, 16, batch_first=True)
decoder = nn.GRU(5, 16, batch_first=True)
history = torch.randn(8, 40, 5)
horizon = torch.randn(8, 10, 5)
_, state = encoder(history)
decoded, _ = decoder(horizon, state[0])
forecast = nn.Linear(16, 1)(decoded)
print(forecast.shape)
