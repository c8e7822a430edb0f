"""Where the program is."""

from __future__ import annotations

import os
import shutil
import sysconfig


def program() -> str:
    """The path of the program ``guichet``: what ``GUICHET_BIN`` names, the wheel's, or one on ``PATH``.

    :raises FileNotFoundError: there is none.
    """
    named = os.environ.get("GUICHET_BIN")
    if named:
        return named
    schemes = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", f"{os.name}_user")]
    for directory in schemes:
        found = shutil.which("guichet", path=directory)
        if found:
            return found
    found = shutil.which("guichet")
    if found is None:
        raise FileNotFoundError("there is no program guichet: pip install guichet, or set GUICHET_BIN")
    return found
