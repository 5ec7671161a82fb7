import torch
import torch.nn as nn

cfg = dict(d_model=50, nhead=5, num_layers=2, dim_feedforward=128, dropout=0.0)


class SeriesTransformer(nn.Module):
    def __init__(self, n_features, d_model, nhead, num_layers, dim_feedforward, dropout):
        super().__init__()
        self.input_proj = nn.Linear(n_features, d_model)
        layer = nn.TransformerEncoderLayer(d_model=d_model, nhead=nhead, dim_feedforward=dim_feedforward,
                                           dropout=dropout, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=num_layers, enable_nested_tensor=False)
        self.decoder = nn.Linear(d_model, 1)

    def forward(self, x):
        z = self.encoder(self.input_proj(x))
        return self.decoder(z.mean(dim=1))


cfg.update(nhead=10)
model = SeriesTransformer(n_features=6, **cfg)
x = torch.randn(12, 96, 6)
print(model(x).shape)
