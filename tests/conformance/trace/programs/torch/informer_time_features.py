import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

index = pd.date_range("2024-01-01", periods=500, freq="h")
rng = np.random.default_rng(0)
df = pd.DataFrame({"load": rng.normal(size=500), "temp": rng.normal(size=500)}, index=index)
stamps = np.stack([index.hour, index.dayofweek, index.month], axis=1)


class WindowDataset(Dataset):
    def __init__(self, frame, stamps, seq_len=48, label_len=24, pred_len=12):
        self.data = frame.values.astype("float32")
        self.stamps = stamps.astype("int64")
        self.seq_len, self.label_len, self.pred_len = seq_len, label_len, pred_len

    def __len__(self):
        return len(self.data) - self.seq_len - self.pred_len + 1

    def __getitem__(self, index):
        s_begin = index
        s_end = s_begin + self.seq_len
        r_begin = s_end - self.label_len
        r_end = r_begin + self.label_len + self.pred_len
        seq_x = self.data[s_begin:s_end]
        seq_y = self.data[r_begin:r_end]
        mark_x = self.stamps[s_begin:s_end]
        mark_y = self.stamps[r_begin:r_end]
        return seq_x, seq_y, mark_x, mark_y


class DataEmbedding(nn.Module):
    def __init__(self, c_in, d_model):
        super().__init__()
        self.value = nn.Conv1d(c_in, d_model, kernel_size=3, padding=1, padding_mode="circular", bias=False)
        self.hour = nn.Embedding(24, d_model)
        self.weekday = nn.Embedding(7, d_model)
        self.month = nn.Embedding(13, d_model)

    def forward(self, x, mark):
        v = self.value(x.permute(0, 2, 1)).transpose(1, 2)
        t = self.hour(mark[:, :, 0]) + self.weekday(mark[..., 1]) + self.month(mark[..., 2])
        return v + t


embed = DataEmbedding(2, 16)
transformer = nn.Transformer(16, 2, 1, 1, 32, batch_first=True)
head = nn.Linear(16, 2)
loader = DataLoader(WindowDataset(df, stamps), batch_size=32, drop_last=True)
for batch_x, batch_y, mark_x, mark_y in loader:
    dec_inp = torch.zeros_like(batch_y[:, -12:, :])
    dec_inp = torch.cat([batch_y[:, :24, :], dec_inp], dim=1)
    enc = embed(batch_x, mark_x)
    dec = embed(dec_inp, mark_y)
    out = head(transformer(enc, dec))
    pred = out[:, -12:]
    loss = nn.functional.mse_loss(pred, batch_y[:, -12:])
    break
