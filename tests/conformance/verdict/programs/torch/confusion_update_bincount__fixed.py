import torch


class ConfusionMatrix:
    def __init__(self, n):
        self.n = n
        self.counts = torch.zeros(n, n, dtype=torch.long)

    def update(self, truth, predicted):
        keep = (truth >= 0) & (truth < self.n)
        index = self.n * truth[keep] + predicted[keep]
        self.counts += torch.bincount(index, minlength=self.n ** 2).reshape(self.n, self.n)

    def iou(self):
        diagonal = self.counts.diag()
        return diagonal / (self.counts.sum(0) + self.counts.sum(1) - diagonal).clamp(min=1)


matrix = ConfusionMatrix(3)
matrix.update(torch.tensor([0, 0, 1, 0]), torch.tensor([0, 2, 0, 1]))
print(matrix.iou())
