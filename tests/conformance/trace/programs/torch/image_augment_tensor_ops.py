import torch
import torch.nn.functional as F

torch.manual_seed(0)
batch = torch.randint(0, 256, (6, 32, 40, 3), dtype=torch.uint8)
chw = batch.permute(0, 3, 1, 2)
floats = chw.float() / 255
mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
std = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
normed = (floats - mean) / std
flipped = normed.flip(-1)
cropped = normed[:, :, 4:28, 8:32]
resized = F.interpolate(cropped, size=(48, 48), mode="bilinear", align_corners=False)
half = F.interpolate(normed, scale_factor=0.5)
gray = (floats * torch.tensor([0.299, 0.587, 0.114]).view(3, 1, 1)).sum(1, keepdim=True)
kernel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
edges = F.conv2d(gray, kernel.view(1, 1, 3, 3), padding=1)
blur = F.avg_pool2d(normed, 3, stride=1, padding=1)
patches = F.unfold(normed, kernel_size=8, stride=8)
tokens = patches.transpose(1, 2)
refolded = F.fold(patches, output_size=(32, 40), kernel_size=8, stride=8)
windows = normed.unfold(2, 16, 16).unfold(3, 20, 20)
theta = torch.eye(2, 3).unsqueeze(0).repeat(6, 1, 1)
grid = F.affine_grid(theta, size=[6, 3, 20, 20], align_corners=False)
warped = F.grid_sample(normed, grid, align_corners=False)
rotated = torch.rot90(normed, 1, dims=(2, 3))
mixed = 0.3 * normed + 0.7 * normed[torch.randperm(6)]
channels = normed.mean(dim=(0, 2, 3))
histogram = torch.histc(gray, bins=16, min=0, max=1)
erased = normed.clone()
erased[:, :, 10:20, 10:20] = 0
mosaic = torch.cat([torch.cat([normed[0], normed[1]], 2), torch.cat([normed[2], normed[3]], 2)], 1)
onechannel = normed.narrow(1, 0, 1)
pooled = F.adaptive_avg_pool2d(normed, (5, 4))
biggest, where = F.max_pool2d(normed, 2, return_indices=True)
back = F.max_unpool2d(biggest, where, 2)
