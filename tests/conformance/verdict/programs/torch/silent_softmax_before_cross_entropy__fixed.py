import torch
import torch.nn as nn


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(20, 40)
        self.out = nn.Linear(40, 5)
        self.softmax = nn.Softmax(dim=1)

    def forward(self, x):
        x = torch.relu(self.hidden(x))
        return self.out(x)


model = Classifier()
criterion = nn.CrossEntropyLoss()
x, y = torch.randn(16, 20), torch.randint(5, (16,))
loss = criterion(model(x), y)
loss.backward()
print(loss)
