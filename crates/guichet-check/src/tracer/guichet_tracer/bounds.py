"""Every bound of a check. They come from outside, where each has its reason; none is written here."""


def give(values):
    """Makes each value an attribute of this module: `bounds.steps`."""
    globals().update(values)
