import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
clips = torch.randn(65, 20, 4)
scores = torch.rand(65)


class Scorer(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(4, 12, batch_first=True)
        self.head = nn.Linear(12, 1)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.head(out[:, -1])


model = Scorer()
history = []
for xb, yb in DataLoader(TensorDataset(clips, scores), batch_size=16):
    pred = model(xb).squeeze(1)
    history.append(pred.detach())
predicted = torch.cat(history)
print((predicted - scores).abs().mean().item())
