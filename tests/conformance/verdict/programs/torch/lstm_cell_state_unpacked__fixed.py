import torch
from torch import nn


class StepwiseDecoder(nn.Module):
    def __init__(self, n_out=3, hidden=24):
        super().__init__()
        self.cell = nn.LSTMCell(n_out, hidden)
        self.proj = nn.Linear(hidden, n_out)

    def forward(self, first, state, steps):
        y, outputs = first, []
        for _ in range(steps):
            state = self.cell(y, state)
            y = self.proj(state[0])
            outputs.append(y)
        return torch.stack(outputs, 1)


encoder = nn.LSTM(3, 24, batch_first=True)
decoder = StepwiseDecoder()
past = torch.randn(7, 30, 3)
_, (h, c) = encoder(past)
forecast = decoder(past[:, -1], (h.squeeze(0), c.squeeze(0)), steps=10)
print(forecast.shape)
