import pandas as pd
import torch
from torch import nn

df = pd.DataFrame({
    "rooms": [3, 2, 4, 3, 5],
    "area": [70.0, 48.5, 102.0, 81.0, 140.0],
    "district": ["north", "south", "north", "east", "west"],
    "price": [210.0, 150.0, 330.0, 240.0, 480.0],
})
features = pd.get_dummies(df.drop(columns="price"), columns=["district"], dtype=float)
X = torch.tensor(features.values, dtype=torch.float32)
y = torch.tensor(df["price"].values, dtype=torch.float32).unsqueeze(1)
model = nn.Sequential(nn.Linear(X.shape[1], 8), nn.ReLU(), nn.Linear(8, 1))
print(nn.MSELoss()(model(X), y))
