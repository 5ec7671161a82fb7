import io

import numpy as np

raw = io.BytesIO(np.arange(1000, dtype=np.float32).tobytes())
FRAME = 48
frames = []
while chunk := raw.read(FRAME * 4):
    frames.append(np.frombuffer(chunk, dtype=np.float32).reshape(FRAME // 2, 2))
batch = np.stack(frames)
print(batch.shape)
