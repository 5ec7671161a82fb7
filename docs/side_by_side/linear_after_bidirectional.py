# torch=2: A Linear layer after a bidirectional LSTM
import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(16, 64, batch_first=True, bidirectional=True)
        self.head = nn.Linear(64, 5)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.head(out)


batch = torch.rand(8, 30, 16)
print(Tagger()(batch).shape)
