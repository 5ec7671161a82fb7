import sys, shutil
v = sys.version_info
a = v.major, v[0], v >= (3, 8), v[:2] > (2, 7)
cols = shutil.get_terminal_size().columns
recs = [{"id": i, "xs": [0] * 4, "name": f"n{i}"} for i in range(3)]
b = sorted(recs, key=lambda r: r["name"])[0]["id"]
import random
random.shuffle(recs)
c = recs[0]["xs"], recs[1]["id"], len(recs)
d = (1, 2, 3) < (1, 3), [1, 2] >= [1, 2], (1,) < (1, 0), ("a", 1) > ("a", 0), v >= (3, 6), v[:2] >= (3, 9)
