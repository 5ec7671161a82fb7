import torch
from torch import nn


class SharedBottom(nn.Module):
    def __init__(self, tasks: dict[str, int], n_in: int = 25):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(n_in, 50), nn.ELU(), nn.AlphaDropout(0.1))
        self.towers = nn.ModuleDict({name: nn.Linear(50, width) for name, width in tasks.items()})

    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        shared = self.trunk(x)
        return {name: tower(shared) for name, tower in self.towers.items()}


tasks = {"income": 1, "segment": 6, "tags": 9}
losses = {"income": nn.MSELoss(), "segment": nn.CrossEntropyLoss(), "tags": nn.MultiLabelSoftMarginLoss()}
x = torch.randn(40, 25)
targets = {
    "income": torch.rand(40, 1),
    "segment": torch.randint(6, (40,)),
    "tags": torch.randint(0, 2, (40, 9)).float(),
}
model = SharedBottom(tasks)
outputs = model(x)
total = torch.zeros(())
for name, loss in losses.items():
    value = loss(outputs[name], targets[name])
    print(name, value.item())
    total = total + value
total.backward()
