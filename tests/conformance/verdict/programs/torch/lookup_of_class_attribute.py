import torch
from torch import nn


class Config:
    hidden_dim = 64
    num_heads = 4
    vocab = 100

    @property
    def head_dim(self):
        return self.hidden_dim // self.num_heads


class Block(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.cfg = cfg
        self.qkv = nn.Linear(cfg.hidden, 3 * cfg.hidden)

    def forward(self, x):
        q, k, v = self.qkv(x).split(self.cfg.hidden_dim, dim=-1)
        shape = (*x.shape[:2], self.cfg.num_heads, self.cfg.head_dim)
        q, k, v = (m.reshape(shape).transpose(1, 2) for m in (q, k, v))
        return nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)


print(Block(Config())(torch.randn(2, 10, 64)).shape)
