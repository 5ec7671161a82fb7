import torch
from torch import nn

activations = {}


def save(name):
    def hook(module, inputs, output):
        activations[name] = output.detach()
    return hook


class SmallCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = nn.Sequential(nn.Conv2d(3, 8, 3, padding="same"), nn.ReLU())
        self.layer2 = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(8, 16, (3, 5), stride=(1, 2)), nn.InstanceNorm2d(16))
        self.layer3 = nn.Sequential(nn.ZeroPad2d((1, 2, 3, 4)), nn.Conv2d(16, 4, 2, dilation=2), nn.GroupNorm(2, 4))

    def forward(self, x):
        for layer in (self.layer1, self.layer2, self.layer3):
            x = layer(x)
        return x


net = SmallCNN()
net.layer2.register_forward_hook(save("layer2"))
x = torch.rand(2, 3, 30, 40)
y = net(x)
mid = activations["layer2"]
first = net.layer1[0].weight
sizes = [p.shape for p in net.parameters()]
names = [n for n, _ in net.named_modules()]
flat = torch.cat([p.flatten() for p in net.parameters()])
vector = nn.utils.parameters_to_vector(net.parameters())
children = list(net.children())
z = children[0](x)
for name, module in net.named_children():
    x = module(x)
gap = nn.AdaptiveMaxPool2d(1)(x)
pooled = gap.flatten(1)
channels = nn.Conv2d(4, 4, 3, groups=4, bias=False).weight
sub = net.layer1[:1]
w = sub(torch.zeros(1, 3, 5, 5))
