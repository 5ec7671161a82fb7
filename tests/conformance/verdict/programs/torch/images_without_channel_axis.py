import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

digits = load_digits()
images = torch.tensor(digits.images, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)

dataset = TensorDataset(images, labels)
train_set, test_set = random_split(dataset, [1500, len(dataset) - 1500])
train_dl = DataLoader(train_set, batch_size=64, shuffle=True)
test_dl = DataLoader(test_set, batch_size=256)

cnn = nn.Sequential(
    nn.Conv2d(1, 8, kernel_size=3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(8, 16, kernel_size=3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(16 * 2 * 2, 10),
)
opt = torch.optim.Adam(cnn.parameters(), lr=3e-3)


def run_epoch(dl, train=True):
    cnn.train(train)
    correct = 0
    for xb, yb in dl:
        with torch.set_grad_enabled(train):
            out = cnn(xb)
            loss = nn.functional.cross_entropy(out, yb)
        if train:
            opt.zero_grad()
            loss.backward()
            opt.step()
        correct += (out.argmax(1) == yb).sum().item()
    return correct / len(dl.dataset)


print("train", run_epoch(train_dl))
print("test", run_epoch(test_dl, train=False))
