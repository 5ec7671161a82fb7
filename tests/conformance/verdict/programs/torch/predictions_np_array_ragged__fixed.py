import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

X = torch.randn(90, 5)
model = torch.nn.Linear(5, 2).eval()
loader = DataLoader(TensorDataset(X), batch_size=32)

predictions = []
with torch.no_grad():
    for (xb,) in loader:
        predictions.append(model(xb).numpy())
predictions = np.concatenate(predictions)
print(predictions.shape, predictions.argmax(-1))
