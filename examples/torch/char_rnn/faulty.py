"""A character model that learns a few lines by heart and then writes on."""
import torch
from torch import nn

text = (
    "row row row your boat gently down the stream\n"
    "merrily merrily merrily merrily life is but a dream\n"
)
chars = sorted(set(text))
stoi = {ch: i for i, ch in enumerate(chars)}
itos = {i: ch for ch, i in stoi.items()}
data = torch.tensor([stoi[ch] for ch in text])
STEPS = 25


def get_batch(size=8):
    starts = torch.randint(0, len(data) - STEPS - 1, (size,))
    x = torch.stack([data[s:s + STEPS] for s in starts])
    y = torch.stack([data[s + 1:s + STEPS + 1] for s in starts])
    return x, y


class CharRNN(nn.Module):
    def __init__(self, n_chars, embedding=16, hidden=48):
        super().__init__()
        self.embedding = nn.Embedding(n_chars, embedding)
        self.rnn = nn.LSTM(embedding, hidden, batch_first=True)
        self.head = nn.Linear(hidden, n_chars)

    def forward(self, x, state=None):
        out, state = self.rnn(self.embedding(x), state)
        return self.head(out), state


model = CharRNN(len(chars))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(20):
    x, y = get_batch()
    logits, _ = model(x)
    loss = nn.functional.cross_entropy(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

written, state = "row", None
x = torch.tensor([[stoi[ch] for ch in written]])
with torch.no_grad():
    for _ in range(30):
        logits, state = model(x, state)
        probabilities = logits[0, -1].softmax(dim=0)
        chosen = torch.multinomial(probabilities, 1).item()
        written += itos[chosen]
        x = torch.tensor([[chosen]])
print(written)
