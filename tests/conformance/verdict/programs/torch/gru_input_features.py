import numpy as np
import pandas as pd
import torch
from torch import nn

rng = np.random.default_rng(0)
df = pd.DataFrame(rng.normal(size=(300, 4)), columns=["open", "high", "low", "close"])
df["return"] = df["close"].diff().fillna(0.0)
df["range"] = df["high"] - df["low"]

FEATURES = ["open", "high", "low", "close", "return", "range"]
values = torch.tensor(df[FEATURES].values, dtype=torch.float32)
windows = values.unfold(0, 20, 1).permute(0, 2, 1)

gru = nn.GRU(input_size=4, hidden_size=16, num_layers=2, batch_first=True, dropout=0.1)
head = nn.Linear(16, 1)
out, h = gru(windows[:-1])
pred = head(h[-1]).squeeze(-1)
target = values[20:, 3]
print(nn.functional.mse_loss(pred, target))
