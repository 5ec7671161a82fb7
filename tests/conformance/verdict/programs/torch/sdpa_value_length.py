import torch
import torch.nn.functional as F
from torch import nn


class CrossAttention(nn.Module):
    def __init__(self, dim=32, heads=4):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(dim, dim)
        self.to_kv = nn.Linear(dim, 2 * dim)

    def split(self, t):
        b, n, d = t.shape
        return t.view(b, n, self.heads, d // self.heads).transpose(1, 2)

    def forward(self, x, context):
        q = self.split(self.to_q(x))
        k = self.split(self.to_kv(context).chunk(2, -1)[0])
        v = self.split(self.to_kv(x).chunk(2, -1)[1])
        out = F.scaled_dot_product_attention(q, k, v)
        return out.transpose(1, 2).flatten(2)


attn = CrossAttention()
print(attn(torch.randn(2, 10, 32), torch.randn(2, 77, 32)).shape)
