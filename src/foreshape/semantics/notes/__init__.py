"""What runs and is probably not meant, told by where values come from: several libraries meet it."""
