import torch
import torch.nn as nn
import torch.nn.functional as F


class Tower(nn.Module):
    def __init__(self, vocab=120, dim=24):
        super().__init__()
        self.emb = nn.EmbeddingBag(vocab, dim, mode="mean")
        self.mlp = nn.Sequential(nn.Linear(dim, dim), nn.Tanh())

    def forward(self, ids, offsets=None):
        bag = self.emb(ids, offsets)
        return F.normalize(self.mlp(bag), dim=-1)


tower = Tower()
left = torch.randint(120, (30, 9))
right = torch.randint(120, (30, 12))
label = torch.randint(0, 2, (30,)) * 2 - 1
a = tower(left)
b = tower(right)
similarity = F.cosine_similarity(a, b)
loss = F.cosine_embedding_loss(a, b, label, margin=0.2)
matrix = a @ b.T
best = matrix.argmax(dim=1)
rank = (matrix >= matrix.diag().unsqueeze(1)).sum(dim=1)
mrr = (1.0 / rank.float()).mean()
flat = torch.tensor([4, 8, 15, 16, 23, 42, 7])
offsets = torch.tensor([0, 3, 5])
c = tower(flat, offsets)
distance = F.pairwise_distance(a, b)
pairs = torch.pdist(a[:5])
triplet = F.triplet_margin_loss(a, b, b.roll(1, 0))
