import torch
import torch.nn as nn


class NewsClassifier(nn.Module):
    def __init__(self, vocab=500, emb=40, hid=64, classes=4, dense=8):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb)
        self.gru = nn.GRU(emb, hid, num_layers=2, bidirectional=True, batch_first=True)
        self.extra = nn.Linear(dense, 16)
        self.out = nn.Linear(2 * hid + 16, classes)

    def forward(self, ids, meta):
        _, h = self.gru(self.emb(ids))
        text = torch.cat((h[-2], h[-1]), dim=1)
        side = torch.relu(self.extra(meta))
        both = torch.cat([text, side])
        return self.out(both)


model = NewsClassifier()
ids = torch.randint(500, (32, 60))
meta = torch.rand(32, 8)
print(model(ids, meta).argmax(-1).bincount(minlength=4))
