import torch
from torch import nn

VOCAB, HIDDEN, BEAM, MAX = 18, 20, 3, 6
embedding = nn.Embedding(VOCAB, 10)
cell = nn.LSTMCell(10, HIDDEN)
project = nn.Linear(HIDDEN, VOCAB)


@torch.no_grad()
def beam_search(h, c, beam=BEAM, steps=MAX):
    batch = h.size(0)
    h = h.repeat_interleave(beam, dim=0)
    c = c.repeat_interleave(beam, dim=0)
    tokens = torch.zeros(batch * beam, 1, dtype=torch.long)
    scores = torch.full((batch, beam), float("-inf"))
    scores[:, 0] = 0.0
    for _ in range(steps):
        h, c = cell(embedding(tokens[:, -1]), (h, c))
        logp = project(h).log_softmax(-1).view(batch, beam, VOCAB)
        total = (scores.unsqueeze(-1) + logp).view(batch, -1)
        scores, picked = total.topk(beam, dim=1)
        parents = torch.div(picked, VOCAB, rounding_mode="floor")
        words = picked % VOCAB
        offset = torch.arange(batch).unsqueeze(1) * beam
        rows = (parents + offset).view(-1)
        tokens = torch.cat([tokens[rows], words.view(-1, 1)], dim=1)
        h, c = h[rows], c[rows]
    return tokens.view(batch, beam, -1), scores


h0, c0 = torch.randn(4, HIDDEN), torch.randn(4, HIDDEN)
hyps, logp = beam_search(h0, c0)
best = hyps[:, 0, 1:]
lengths = (best != 0).sum(1)
normalised = logp / lengths.clamp(min=1).unsqueeze(1)
