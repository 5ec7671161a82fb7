import numpy as np
import pandas as pd
import torch

array = np.arange(60, dtype=np.float32).reshape(10, 6)
tensor = torch.from_numpy(array)
copied = torch.tensor(array)
shared = torch.as_tensor(array)
f64 = torch.tensor(np.linspace(0, 1, 5))
f32 = torch.FloatTensor([1, 2, 3])
i64 = torch.LongTensor([[1, 2], [3, 4]])
normal = (tensor - tensor.mean(0)) / tensor.std(0)
back = normal.numpy()
cov = np.cov(back.T)
u, s, v = torch.svd(tensor)
low = tensor @ v[:, :2]
frame = pd.DataFrame(low.numpy(), columns=["a", "b"])
frame["label"] = (frame["a"] > 0).astype(int)
labels = torch.tensor(frame["label"].values)
onehot = torch.nn.functional.one_hot(labels, num_classes=2)
groups = frame.groupby("label").mean()
values = torch.tensor(frame[["a", "b"]].values, dtype=torch.float32)
ids = np.where(frame["a"].to_numpy() > -1e9)[0]
chosen = tensor[ids[:4]]
chosen2 = tensor[torch.tensor([0, 2, 4]), 1:3]
listed = tensor.tolist()
remade = torch.tensor(listed)
scalar = tensor.max().item()
weights = torch.from_numpy(np.random.default_rng(0).random((6, 3)))
projected = tensor.double() @ weights
rounded = projected.round(decimals=1)
quantiles = torch.quantile(tensor, torch.tensor([0.25, 0.5, 0.75]), dim=0)
median, where = tensor.median(dim=1)
cumulative = tensor.cumsum(dim=0)
diffs = torch.diff(tensor, dim=1)
unique, counts = torch.unique(labels, return_counts=True)
sorted_values, sort_idx = torch.sort(tensor, dim=1, descending=True)
found = torch.searchsorted(torch.linspace(0, 60, 7), tensor)
bucket = torch.bucketize(tensor.flatten(), torch.tensor([10.0, 20.0]))
