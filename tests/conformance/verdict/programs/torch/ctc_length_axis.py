import torch
from torch import nn

T, C, N, S = 50, 20, 16, 12


class LineReader(nn.Module):
    """Columns of a text line image to characters, for CTC."""

    def __init__(self, height=32, n_classes=C):
        super().__init__()
        self.cnn = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d((4, 2)))
        self.rnn = nn.LSTM(16 * (height // 4), 48, bidirectional=True)
        self.fc = nn.Linear(96, n_classes)

    def forward(self, img):
        f = self.cnn(img)                              # N, 16, 8, T
        n, c, h, w = f.shape
        f = f.permute(3, 0, 1, 2).reshape(w, n, c * h)
        y, _ = self.rnn(f)
        return self.fc(y).log_softmax(2)


reader = LineReader()
log_probs = reader(torch.rand(N, 1, 32, 2 * T))
targets = torch.randint(low=1, high=C, size=(N, S), dtype=torch.long)
input_lengths = torch.full(size=(T,), fill_value=N, dtype=torch.long)
target_lengths = torch.randint(low=5, high=S, size=(N,), dtype=torch.long)
loss = nn.CTCLoss()(log_probs, targets, input_lengths, target_lengths)
loss.backward()
print(loss)
