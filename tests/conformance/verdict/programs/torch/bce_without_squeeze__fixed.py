import pandas as pd
import torch
from torch.utils.data import Dataset, DataLoader

frame = pd.DataFrame({
    "tenure": [1, 34, 2, 45, 2, 8, 22, 10, 28, 62, 13, 16],
    "charges": [29.8, 56.9, 53.8, 42.3, 70.7, 99.6, 89.1, 29.7, 104.8, 56.1, 49.9, 18.9],
    "support_calls": [0, 1, 4, 0, 3, 5, 2, 0, 1, 0, 1, 0],
    "churn": [0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0],
})


class ChurnData(Dataset):
    def __init__(self, df, target):
        self.x = torch.tensor(df.drop(columns=[target]).values, dtype=torch.float32)
        self.y = torch.tensor(df[target].values, dtype=torch.float32)

    def __len__(self):
        return self.x.shape[0]

    def __getitem__(self, item):
        return {"features": self.x[item], "label": self.y[item]}


class LogisticRegression(torch.nn.Module):
    def __init__(self, n):
        super().__init__()
        self.linear = torch.nn.Linear(n, 1)

    def forward(self, x):
        return torch.sigmoid(self.linear(x)).squeeze(-1)


loader = DataLoader(ChurnData(frame, "churn"), batch_size=4)
model = LogisticRegression(3)
loss_fn = torch.nn.BCELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
for batch in loader:
    optimizer.zero_grad()
    loss = loss_fn(model(batch["features"]), batch["label"])
    loss.backward()
    optimizer.step()
    print(round(loss.item(), 3))
