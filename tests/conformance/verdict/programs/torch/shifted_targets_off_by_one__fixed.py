import torch
from torch import nn

VOCAB, BOS, EOS = 30, 28, 29


class Seq2Seq(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, dim)
        self.enc = nn.GRU(dim, dim, batch_first=True)
        self.dec = nn.GRU(dim, dim, batch_first=True)
        self.out = nn.Linear(dim, VOCAB)

    def forward(self, src, tgt_in):
        _, h = self.enc(self.emb(src))
        y, _ = self.dec(self.emb(tgt_in), h)
        return self.out(y)


src = torch.randint(0, 28, (12, 9))
body = src.flip(1)
bos = torch.full((12, 1), BOS)
eos = torch.full((12, 1), EOS)
tgt_in = torch.cat([bos, body], 1)
tgt_out = torch.cat([body, eos], 1)
model = Seq2Seq()
logits = model(src, tgt_in)
loss = nn.CrossEntropyLoss()(logits.flatten(0, 1), tgt_out.flatten())
loss.backward()
print(loss.item())
