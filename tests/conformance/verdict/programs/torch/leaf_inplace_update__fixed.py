import torch

# linear regression from scratch
num_inputs, num_examples = 2, 400
true_w = torch.tensor([2.0, -3.4])
true_b = 4.2
features = torch.randn(num_examples, num_inputs)
labels = features @ true_w + true_b + 0.01 * torch.randn(num_examples)

w = torch.normal(0, 0.01, (num_inputs, 1), requires_grad=True)
b = torch.zeros(1, requires_grad=True)


def data_iter(batch_size, features, labels):
    indices = torch.randperm(len(features))
    for i in range(0, len(features), batch_size):
        j = indices[i:min(i + batch_size, len(features))]
        yield features[j], labels[j]


def linreg(X, w, b):
    return torch.mm(X, w) + b


def squared_loss(y_hat, y):
    return (y_hat - y.view(y_hat.size())) ** 2 / 2


def sgd(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


for epoch in range(2):
    for X, y in data_iter(10, features, labels):
        l = squared_loss(linreg(X, w, b), y).sum()
        l.backward()
        sgd([w, b], 0.03, 10)
    print(epoch + 1, squared_loss(linreg(features, w, b), labels).mean().item())
