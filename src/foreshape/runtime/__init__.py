"""Live models and arrays: held against each other before training, explained when something raises."""
