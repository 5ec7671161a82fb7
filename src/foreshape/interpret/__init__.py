"""The interpreter: evaluates a program over what is known of its values, without running it."""
