import torch

torch.manual_seed(0)
frames = []
for i in range(6):
    frame = torch.rand(3, 4) * i
    frames.append(frame)
video = torch.stack(frames)
print(video.mean(dim=(1, 2)))
