import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, n_mels=40, hidden=64):
        super().__init__()
        self.gru = nn.GRU(n_mels, hidden, num_layers=2, batch_first=True, bidirectional=True)
        self.bridge = nn.Linear(2 * hidden, hidden)

    def forward(self, mels):
        out, h = self.gru(mels)
        h = h.view(2, 2, mels.size(0), -1)[-1]
        return out, torch.tanh(self.bridge(torch.cat([h[0], h[1]], dim=-1)))


class BahdanauAttention(nn.Module):
    def __init__(self, hidden_size, enc_size):
        super().__init__()
        self.Wa = nn.Linear(hidden_size, hidden_size)
        self.Ua = nn.Linear(enc_size, hidden_size)
        self.Va = nn.Linear(hidden_size, 1)

    def forward(self, query, keys):
        scores = self.Va(torch.tanh(self.Wa(query) + self.Ua(keys)))
        scores = scores.squeeze(2).unsqueeze(1)
        weights = torch.softmax(scores, dim=-1)
        context = torch.bmm(weights, keys)
        return context, weights


class Speller(nn.Module):
    def __init__(self, hidden=64, n_chars=30):
        super().__init__()
        self.embed = nn.Embedding(n_chars, 16)
        self.attention = BahdanauAttention(hidden, 2 * hidden)
        self.cell = nn.GRUCell(16 + 2 * hidden, hidden)
        self.out = nn.Linear(hidden, n_chars)

    def forward(self, enc, state, text):
        logits = []
        for t in range(text.size(1)):
            context, _ = self.attention(state.unsqueeze(1), enc)
            state = self.cell(torch.cat([self.embed(text[:, t]), context.squeeze(1)], 1), state)
            logits.append(self.out(state))
        return torch.stack(logits, dim=1)


encoder, speller = Encoder(), Speller()
enc, state = encoder(torch.randn(5, 120, 40))
print(speller(enc, state, torch.randint(30, (5, 11))).shape)
