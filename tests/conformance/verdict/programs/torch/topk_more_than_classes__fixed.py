import torch
from torch import nn


def accuracy(output, target, topk=(1,)):
    """Top-k accuracy, as in the ImageNet example."""
    with torch.no_grad():
        maxk = max(topk)
        batch_size = target.size(0)
        _, pred = output.topk(maxk, 1, True, True)
        pred = pred.t()
        correct = pred.eq(target.view(1, -1).expand_as(pred))
        res = []
        for k in topk:
            correct_k = correct[:k].reshape(-1).float().sum(0, keepdim=True)
            res.append(correct_k.mul_(100.0 / batch_size))
        return res


model = nn.Linear(12, 4)
x, y = torch.randn(50, 12), torch.randint(4, (50,))
top1, top5 = accuracy(model(x), y, topk=(1, 3))
print(top1.item(), top5.item())
