"""Digits to the same digits in reverse, with Luong attention over the encoder's outputs."""
import torch
from torch import nn

VOCAB, SOS = 11, 10
LENGTH, BATCH = 7, 32


class Encoder(nn.Module):
    def __init__(self, dim=24, hidden=32):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, dim)
        self.gru = nn.GRU(dim, hidden, batch_first=True)

    def forward(self, source):
        return self.gru(self.embed(source))


class Attention(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.score = nn.Linear(hidden, hidden, bias=False)

    def forward(self, query, keys):
        scores = torch.bmm(self.score(query), keys.transpose(1, 2))
        weights = scores.softmax(dim=-1)
        return torch.bmm(weights, keys), weights


class Decoder(nn.Module):
    def __init__(self, dim=24, hidden=32):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, dim)
        self.gru = nn.GRU(dim, hidden, batch_first=True)
        self.attention = Attention(hidden)
        self.combine = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, VOCAB)

    def forward(self, token, state, memory):
        output, state = self.gru(self.embed(token), state)
        context, _ = self.attention(output, memory)
        joined = torch.cat([output, context], dim=-1)
        return self.out(torch.tanh(self.combine(joined))), state


encoder, decoder = Encoder(), Decoder()
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=0.005)
for step in range(5):
    source = torch.randint(0, 10, (BATCH, LENGTH))
    target = source.flip(1)
    memory, state = encoder(source)
    token = torch.full((BATCH, 1), SOS)
    loss = torch.zeros(())
    for t in range(LENGTH):
        logits, state = decoder(token, state, memory)
        loss = loss + nn.functional.cross_entropy(logits.squeeze(1), target[:, t])
        token = target[:, t:t + 1]
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item() / LENGTH)
