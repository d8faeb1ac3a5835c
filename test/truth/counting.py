"""Counts for the scripts beside it."""


def count(weights):
    """The numbers in weights of any Keras."""
    total = 0
    for weight in weights:
        size = 1
        for dim in weight.shape:
            size *= int(dim)
        total += size
    return total
