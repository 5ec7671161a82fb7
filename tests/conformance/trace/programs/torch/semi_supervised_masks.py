import torch
from torch import nn

torch.manual_seed(0)
signal = torch.randn(12, 64, 3)
mask = torch.rand(12, 64) < 0.15
masked = signal.masked_fill(mask.unsqueeze(-1), 0.0)
encoder_layer = nn.TransformerEncoderLayer(d_model=16, nhead=2, dim_feedforward=32, batch_first=True, activation="gelu")
encoder = nn.TransformerEncoder(encoder_layer, num_layers=2)
embed = nn.Linear(3, 16)
head = nn.Linear(16, 3)
cls = nn.Parameter(torch.randn(1, 1, 16))
tokens = embed(masked)
tokens = torch.cat([cls.expand(len(tokens), -1, -1), tokens], dim=1)
pad = torch.zeros(12, 65, dtype=torch.bool)
pad[8:, 50:] = True
hidden = encoder(tokens, src_key_padding_mask=pad)
summary = hidden[:, 0]
rebuilt = head(hidden[:, 1:])
error = (rebuilt - signal) ** 2
loss = error[mask].mean()
weights = (~pad[:, 1:]).float()
per_signal = (error.mean(-1) * weights).sum(1) / weights.sum(1)
worst = per_signal.topk(3).indices
picked = signal[worst]
kept = signal[~mask]
lengths = (~pad).sum(dim=1)
steps = torch.arange(65)
late = steps[None, :] >= lengths[:, None]
probabilities = nn.functional.softmax(head(summary), dim=-1)
log_probabilities = probabilities.clamp(min=1e-9).log()
entropy = -(probabilities * log_probabilities).sum(-1)
