import torch
from torch.utils.data import DataLoader, TensorDataset, random_split

full = TensorDataset(torch.rand(1437, 64), torch.randint(0, 10, (1437,)))
n_train = int(0.8 * len(full))
n_val = int(0.1 * len(full))
n_test = int(0.1 * len(full))
train, val, test = random_split(full, [n_train, n_val, n_test], generator=torch.Generator().manual_seed(42))
loaders = {k: DataLoader(v, batch_size=128, shuffle=k == "train") for k, v in dict(train=train, val=val, test=test).items()}
for name, loader in loaders.items():
    print(name, len(loader), next(iter(loader))[0].shape)
