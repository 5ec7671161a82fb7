import numpy as np
for a in (np.array([1.0]), np.array([[1.0]]), np.array([1.,2.])):
    for f in (float,int,complex):
        try: print(f.__name__, a.shape, f(a))
        except Exception as e: print(f.__name__, a.shape, type(e).__name__, e)
