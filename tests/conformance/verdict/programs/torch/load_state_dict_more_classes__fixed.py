import io

import torch
import torch.nn as nn


def build_model(num_classes: int = 10) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(4),
        nn.Flatten(),
        nn.Linear(4 * 4 * 4, num_classes),
    )


pretrained = build_model()
buffer = io.BytesIO()
torch.save(pretrained.state_dict(), buffer)
buffer.seek(0)

# fine-tune on our own five classes
model = build_model(num_classes=5)
state = torch.load(buffer)
state = {k: v for k, v in state.items() if not k.startswith("4.")}
missing, unexpected = model.load_state_dict(state, strict=False)
for name, param in model.named_parameters():
    param.requires_grad = name.startswith("4.")
out = model(torch.rand(6, 1, 16, 16))
loss = nn.CrossEntropyLoss()(out, torch.tensor([0, 1, 2, 3, 4, 0]))
loss.backward()
print(out.shape)
