import torch
from torch import nn
from torch.utils.data import DataLoader


class SelfAttentionPool(nn.Module):
    def __init__(self, dim, batch):
        super().__init__()
        self.batch = batch
        self.score = nn.Linear(dim, 1)

    def forward(self, x):
        weights = torch.softmax(self.score(x), dim=1)
        pooled = (weights * x).sum(1)
        return pooled.view(self.batch, -1)


utterances = [torch.randn(30, 20) for _ in range(50)]
pool = SelfAttentionPool(20, batch=16)
vectors = []
for batch in DataLoader(utterances, batch_size=16):
    vectors.append(pool(batch))
print(torch.cat(vectors).shape)
