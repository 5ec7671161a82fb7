import torch
from torch import nn


class Model(nn.Module):
    def __init__(self, opts):
        super().__init__()
        self.encoder = nn.LSTM(input_size=opts["features"], hidden_size=opts["hidden"], batchfirst=True)
        self.out = nn.Linear(opts["hidden"], opts["targets"])

    def forward(self, x):
        return self.out(self.encoder(x)[0][:, -1, :])


opts = {"features": 6, "hidden": 18, "targets": 2}
model = Model(opts)
print(model(torch.zeros(3, 12, 6)).tolist())
