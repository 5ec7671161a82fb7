import sys

import numpy as np


def load():
    return [[0.1, 0.4, 0.2], [0.5, 0.3, 0.0], [0.9, 0.8, 0.7]]


def main():
    try:
        batch = np.array(load(), dtype=np.float32)
    except ValueError as e:
        print(f"sequences differ in length: {e}", file=sys.stderr)
        sys.exit(1)
    print(batch.mean(axis=0))


if __name__ == "__main__":
    main()
