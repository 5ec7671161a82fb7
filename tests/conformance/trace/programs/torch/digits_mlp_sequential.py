import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=1)
X_train = torch.tensor(X_train, dtype=torch.float32) / 16
X_test = torch.tensor(X_test, dtype=torch.float32) / 16
y_train = torch.tensor(y_train)
y_test = torch.tensor(y_test)

model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 10), nn.LogSoftmax(dim=1))
criterion = nn.NLLLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for epoch in range(3):
    permutation = torch.randperm(X_train.size(0))
    for i in range(0, X_train.size(0), 128):
        indices = permutation[i:i + 128]
        batch_x, batch_y = X_train[indices], y_train[indices]
        optimizer.zero_grad()
        outputs = model(batch_x)
        loss = criterion(outputs, batch_y)
        loss.backward()
        optimizer.step()

model.eval()
with torch.no_grad():
    scores = model(X_test)
    confidence, predicted = scores.exp().max(1)
    hits = predicted == y_test
    accuracy = hits.float().mean()
confusion = torch.zeros(10, 10, dtype=torch.int64)
confusion.index_put_((y_test, predicted), torch.ones_like(y_test), accumulate=True)
recall = confusion.diag() / confusion.sum(1).clamp(min=1)
print(accuracy.item(), recall)
