import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence


class LastStepClassifier(nn.Module):
    def __init__(self, n_in, hidden, n_out):
        super().__init__()
        self.lstm = nn.LSTM(n_in, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, n_out)

    def forward(self, x, lengths):
        out, _ = self.lstm(x)
        idx = lengths.view(-1, 1).expand(-1, out.size(2))
        last = out.gather(1, idx).squeeze(1)
        return self.fc(last)


tracks = [torch.rand(n, 4) for n in (5, 8, 3, 8, 6)]
lengths = torch.tensor([t.shape[0] for t in tracks])
model = LastStepClassifier(4, 16, 3)
print(model(pad_sequence(tracks, batch_first=True), lengths))
