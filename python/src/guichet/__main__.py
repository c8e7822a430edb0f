"""``python -m guichet``: the program itself."""

import os
import sys

from ._program import program

if __name__ == "__main__":
    binary = program()
    os.execv(binary, [binary, *sys.argv[1:]])
