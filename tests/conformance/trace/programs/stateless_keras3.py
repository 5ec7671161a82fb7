"""A layer called on variables that are handed in, as JAX wants it."""
# only: keras=3
import numpy as np
import keras

rows = np.random.rand(8, 6).astype("float32")
target = np.random.rand(8, 2).astype("float32")
model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(5), keras.layers.BatchNormalization(), keras.layers.Dense(2)])
model.compile("adam", "mse")
trainable = [v.value for v in model.trainable_variables]
fixed = [v.value for v in model.non_trainable_variables]
answer, changed = model.stateless_call(trainable, fixed, rows)
again, kept, losses = model.stateless_call(trainable, fixed, rows, return_losses=True)
symbol = model.layers[0].symbolic_call(keras.Input((6,)))
policy = model.layers[0].dtype_policy.name
alike = keras.metrics.pearson_correlation(target, answer)
along = keras.metrics.concordance_correlation(target, answer, axis=0)
print(answer.shape, len(changed), len(kept), symbol.shape, policy, alike.shape, along.shape)
