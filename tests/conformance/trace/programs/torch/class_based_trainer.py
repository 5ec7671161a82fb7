import time
from collections import defaultdict

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Meter:
    def __init__(self):
        self.values = defaultdict(list)

    def update(self, **kw):
        for name, value in kw.items():
            self.values[name].append(value)

    def mean(self, name):
        return sum(self.values[name]) / len(self.values[name])


class Trainer:
    def __init__(self, model, optimizer, criterion, device="cpu", max_norm=1.0):
        self.model = model.to(device)
        self.optimizer = optimizer
        self.criterion = criterion
        self.device = device
        self.max_norm = max_norm
        self.meter = Meter()

    def train(self, loader, epochs):
        for epoch in range(epochs):
            self.model.train()
            for x, y in loader:
                x, y = x.to(self.device), y.to(self.device)
                out = self.model(x)
                loss = self.criterion(out, y)
                self.optimizer.zero_grad()
                loss.backward()
                norm = nn.utils.clip_grad_norm_(self.model.parameters(), self.max_norm)
                self.optimizer.step()
                self.meter.update(loss=loss.item(), norm=norm.item())
        return self.meter.mean("loss")

    @torch.no_grad()
    def predict(self, loader):
        self.model.eval()
        results = []
        for x, *_ in loader:
            pred = self.model(x.to(self.device))
            results.append(pred.cpu())
        return torch.cat(results)


started = time.time()
X = torch.randn(300, 15)
Y = torch.randn(300, 2)
dataset = TensorDataset(X, Y)
model = nn.Sequential(nn.Linear(15, 30), nn.SELU(), nn.Linear(30, 2))
trainer = Trainer(model, torch.optim.NAdam(model.parameters()), nn.SmoothL1Loss())
final = trainer.train(DataLoader(dataset, batch_size=50, shuffle=True), epochs=2)
predictions = trainer.predict(DataLoader(dataset, batch_size=100))
residual = predictions - Y
rmse = residual.pow(2).mean(0).sqrt()
