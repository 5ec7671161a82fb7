import torch
from torch import nn

net = nn.Sequential(nn.Conv1d(2, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 14, 2))
wrapped = nn.DataParallel(net)
wrapped(torch.rand(5, 2, 16))
torch.save({"epoch": 3, "state_dict": wrapped.state_dict()}, "checkpoint.pt")

fresh = nn.Sequential(nn.Conv1d(2, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 14, 2))
checkpoint = torch.load("checkpoint.pt", map_location="cpu")
fresh.load_state_dict(checkpoint["state_dict"])
fresh.eval()
print(fresh(torch.rand(1, 2, 16)))
