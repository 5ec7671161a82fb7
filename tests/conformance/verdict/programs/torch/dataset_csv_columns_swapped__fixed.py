import csv
import io

import torch
from torch.utils.data import DataLoader, Dataset

CSV = """date,temp,humidity,wind,load
2024-01-01,3.1,81,12.0,410
2024-01-02,2.4,79,15.5,433
2024-01-03,-0.5,70,8.1,470
2024-01-04,1.2,66,5.0,455
2024-01-05,4.4,72,9.9,400
2024-01-06,6.0,75,11.2,380
"""


class LoadData(Dataset):
    def __init__(self, text):
        rows = list(csv.DictReader(io.StringIO(text)))
        self.x = torch.tensor([[float(r["temp"]), float(r["humidity"]), float(r["wind"])] for r in rows])
        self.y = torch.tensor([float(r["load"]) for r in rows])

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


model = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
for x, y in DataLoader(LoadData(CSV), batch_size=3):
    print(torch.nn.functional.mse_loss(model(x).squeeze(1), y).item())
