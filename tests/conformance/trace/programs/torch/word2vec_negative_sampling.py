import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

sentences = ["the king rules the land", "the queen rules the land", "the farmer tills the land"]
words = [s.split() for s in sentences]
vocab = {w: i for i, w in enumerate(dict.fromkeys(w for s in words for w in s))}
V = len(vocab)
pairs = []
for sent in words:
    ids = [vocab[w] for w in sent]
    for i, center in enumerate(ids):
        for j in range(max(0, i - 2), min(len(ids), i + 3)):
            if j != i:
                pairs.append((center, ids[j]))
pairs = np.array(pairs)
centers = torch.from_numpy(pairs[:, 0])
contexts = torch.from_numpy(pairs[:, 1])
counts = np.bincount(pairs[:, 0], minlength=V)
freq = torch.tensor(counts, dtype=torch.float) ** 0.75
freq = freq / freq.sum()


class SkipGram(nn.Module):
    def __init__(self, vocab_size, dim):
        super().__init__()
        self.inp = nn.Embedding(vocab_size, dim)
        self.out = nn.Embedding(vocab_size, dim)

    def forward(self, center, context, negatives):
        v = self.inp(center)
        u = self.out(context)
        n = self.out(negatives)
        positive = F.logsigmoid((u * v).sum(1))
        negative = F.logsigmoid(-torch.bmm(n, v.unsqueeze(2)).squeeze(2)).sum(1)
        return -(positive + negative).mean()


model = SkipGram(V, 10)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    neg = torch.multinomial(freq, len(centers) * 5, replacement=True).view(-1, 5)
    loss = model(centers, contexts, neg)
    opt.zero_grad()
    loss.backward()
    opt.step()
emb = model.inp.weight.detach()
unit = F.normalize(emb, dim=1)
sims = unit @ unit.t()
nearest = sims.fill_diagonal_(-1).argmax(1)
