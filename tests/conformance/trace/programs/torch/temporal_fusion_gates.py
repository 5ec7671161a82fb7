from typing import Optional, Tuple

import torch
from torch import Tensor, nn


class GLU(nn.Module):
    def __init__(self, d_in: int, d_out: int):
        super().__init__()
        self.fc = nn.Linear(d_in, d_out * 2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.fc(x)
        return nn.functional.glu(x, dim=-1)


class GRN(nn.Module):
    def __init__(self, d_in: int, d_hidden: int, d_out: int, d_context: Optional[int] = None):
        super().__init__()
        self.skip = nn.Linear(d_in, d_out) if d_in != d_out else nn.Identity()
        self.fc1 = nn.Linear(d_in, d_hidden)
        self.context = nn.Linear(d_context, d_hidden, bias=False) if d_context is not None else None
        self.fc2 = nn.Linear(d_hidden, d_hidden)
        self.gate = GLU(d_hidden, d_out)
        self.norm = nn.LayerNorm(d_out)

    def forward(self, x: Tensor, context: Optional[Tensor] = None) -> Tensor:
        h = self.fc1(x)
        if self.context is not None and context is not None:
            c = self.context(context)
            if c.dim() < h.dim():
                c = c.unsqueeze(1)
            h = h + c
        h = nn.functional.elu(h)
        h = self.fc2(h)
        gated = self.gate(h)
        return self.norm(gated + self.skip(x))


class VariableSelection(nn.Module):
    def __init__(self, n_vars: int, d_model: int, d_context: int):
        super().__init__()
        self.n_vars, self.d_model = n_vars, d_model
        self.weights = GRN(n_vars * d_model, d_model, n_vars, d_context)
        self.single = nn.ModuleList([GRN(d_model, d_model, d_model) for _ in range(n_vars)])

    def forward(self, x: Tensor, context: Tensor) -> Tuple[Tensor, Tensor]:
        flat = x.flatten(start_dim=-2)
        w = torch.softmax(self.weights(flat, context), dim=-1).unsqueeze(-1)
        processed = torch.stack([grn(x[..., i, :]) for i, grn in enumerate(self.single)], dim=-2)
        return (w * processed).sum(dim=-2), w


embeddings = torch.randn(8, 24, 5, 16)
static = torch.randn(8, 10)
selection = VariableSelection(5, 16, 10)
chosen, weights = selection(embeddings, static)
lstm = nn.LSTM(16, 16, batch_first=True)
encoded, (h, c) = lstm(chosen)
attn = nn.MultiheadAttention(16, 4, batch_first=True)
causal = torch.triu(torch.ones(24, 24, dtype=torch.bool), diagonal=1)
attended, scores = attn(encoded, encoded, encoded, attn_mask=causal)
quantiles = nn.Linear(16, 3)(attended[:, -6:])
importance = weights.squeeze(-1).mean(dim=(0, 1))
