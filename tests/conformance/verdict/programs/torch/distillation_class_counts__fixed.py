import torch
import torch.nn as nn
import torch.nn.functional as F

T, ALPHA = 4.0, 0.7


def make_net(width, classes):
    return nn.Sequential(nn.Linear(20, width), nn.ReLU(), nn.Linear(width, classes))


def kd_loss(student_logits, teacher_logits, labels):
    soft = F.kl_div(F.log_softmax(student_logits / T, dim=1), F.softmax(teacher_logits / T, dim=1),
                    reduction="batchmean") * T * T
    hard = F.cross_entropy(student_logits, labels)
    return ALPHA * soft + (1 - ALPHA) * hard


teacher = make_net(256, 12).eval()
student = make_net(16, 12)
x = torch.randn(30, 20)
y = torch.randint(10, (30,))
with torch.no_grad():
    t = teacher(x)
loss = kd_loss(student(x), t, y)
loss.backward()
print(loss)
