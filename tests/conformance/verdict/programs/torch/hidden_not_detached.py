import torch
import torch.nn as nn

text = "the quick brown fox jumps over the lazy dog " * 12
chars = sorted(set(text))
char2int = {c: i for i, c in enumerate(chars)}
encoded = torch.tensor([char2int[c] for c in text])

BATCH, STEPS = 4, 16


def get_batches(arr, batch_size, seq_length):
    n = len(arr) // (batch_size * seq_length)
    arr = arr[:n * batch_size * seq_length].view(batch_size, -1)
    for i in range(0, arr.size(1) - 1, seq_length):
        x = arr[:, i:i + seq_length]
        y = arr[:, i + 1:i + seq_length + 1]
        if y.size(1) == seq_length:
            yield x, y


class CharRNN(nn.Module):
    def __init__(self, n_chars, hidden=32):
        super().__init__()
        self.emb = nn.Embedding(n_chars, 12)
        self.gru = nn.GRU(12, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, n_chars)

    def forward(self, x, h=None):
        r, h = self.gru(self.emb(x), h)
        return self.fc(r), h


net = CharRNN(len(chars))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
h = torch.zeros(1, BATCH, 32)
for x, y in get_batches(encoded, BATCH, STEPS):
    opt.zero_grad()
    logits, h = net(x, h)
    loss = nn.functional.cross_entropy(logits.transpose(1, 2), y)
    loss.backward()
    opt.step()
print(loss.item())
