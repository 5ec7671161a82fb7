"""Diabetes progression from ten measurements: pandas, scikit-learn's scaler, a Dataset and an MLP."""
import pandas as pd
import torch
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, Dataset

bunch = load_diabetes()
frame = pd.DataFrame(bunch.data, columns=bunch.feature_names)
frame["target"] = bunch.target

train, test = train_test_split(frame, test_size=0.2, random_state=7)
scaler = StandardScaler().fit(train[bunch.feature_names])


class TableDataset(Dataset):
    def __init__(self, table):
        features = scaler.transform(table[bunch.feature_names])
        self.features = torch.from_numpy(features)
        self.target = torch.from_numpy(table["target"].to_numpy())

    def __len__(self):
        return len(self.features)

    def __getitem__(self, index):
        return self.features[index], self.target[index]


class MLP(nn.Module):
    def __init__(self, n_inputs, hidden=(32, 16), dropout=0.1):
        super().__init__()
        layers = []
        for width in hidden:
            layers += [nn.Linear(n_inputs, width), nn.ReLU(), nn.Dropout(dropout)]
            n_inputs = width
        layers.append(nn.Linear(n_inputs, 1))
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(x).squeeze(-1)


loader = DataLoader(TableDataset(train), batch_size=32, shuffle=True)
model = MLP(len(bunch.feature_names))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(5):
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()

model.eval()
held_out = TableDataset(test)
with torch.no_grad():
    predicted = model(held_out.features)
print("MAE", (predicted - held_out.target).abs().mean().item())
