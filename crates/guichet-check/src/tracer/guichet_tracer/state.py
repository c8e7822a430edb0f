"""What a manager holds, seen from outside: its servers, their ids, its counters."""

import collections
import re

from . import bounds

CONTAINERS = (list, dict, set, collections.deque)
ID_WORDS = ("id", "num", "uuid", "identifiant")


def containers(run):
    """Everything that could be the list of servers: (path, container)."""
    found = []
    for owner, values in places(run):
        for name, value in values.items():
            if isinstance(value, CONTAINERS):
                found.append(("%s.%s" % (owner, name), value))
            elif run.file.is_own(_file_of(value)) and hasattr(value, "__dict__"):
                for inner, below in vars(value).items():
                    if isinstance(below, CONTAINERS):
                        found.append(("%s.%s.%s" % (owner, name, inner), below))
    return found


def at(run, path):
    """The value of a path that `containers` or `numbers` gave."""
    owner, name, *below = path.split(".")
    if owner == "self":
        value = getattr(run.manager, "__dict__", {}).get(name)
    elif owner:
        value = getattr(getattr(run.module, owner, None), name, None)
    else:
        value = getattr(run.module, name, None)
    for inner in below:
        value = getattr(value, inner, None)
    return value


def places(run):
    cls = type(run.manager)
    own = {name: value for name, value in vars(cls).items() if not name.startswith("__")}
    module = {name: value for name, value in vars(run.module).items() if not name.startswith("__")}
    return [("self", getattr(run.manager, "__dict__", {})), (cls.__name__, own), ("", module)]


def _file_of(value):
    import sys

    module = sys.modules.get(type(value).__module__)
    return getattr(module, "__file__", None) or ""


def numbers(run):
    """Whole numbers that could be counters: (path, value)."""
    found = {}
    for owner, values in places(run):
        for name, value in values.items():
            if isinstance(value, int) and not isinstance(value, bool):
                found["%s.%s" % (owner, name)] = value
    return found


def size(value):
    if value is None:
        return None
    try:
        return len(value)
    except TypeError:
        return None


def elements(container):
    """(key, element) of each server."""
    if isinstance(container, dict):
        return list(container.items())
    try:
        return [(None, element) for element in list(container)]
    except TypeError:
        return []


def atoms(value, depth=None):
    """The plain values in an element."""
    depth = bounds.element_depth if depth is None else depth
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return [value]
    if depth == 0:
        return []
    if isinstance(value, dict):
        inner = list(value.keys()) + list(value.values())
    elif isinstance(value, (tuple, list, set)):
        inner = list(value)
    else:
        inner = list(getattr(value, "__dict__", {}).values())
    return [atom for part in inner for atom in atoms(part, depth - 1)]


def holds(key, element, label):
    values = atoms(element) + atoms(key)
    return any(value == label or (isinstance(value, str) and label in value) for value in values)


def identity(key, element):
    """The id of a server, if it has one."""
    fields = element if isinstance(element, dict) else getattr(element, "__dict__", {})
    for name, value in fields.items():
        word = str(name).lower().strip("_")
        if isinstance(value, (int, str)) and any(word == w or word.startswith(w + "_") or word.endswith("_" + w) for w in ID_WORDS):
            return value
    if isinstance(element, tuple) and element and isinstance(element[0], int):
        return element[0]
    return element if isinstance(element, int) and key is None else None


def shape(value, printed):
    """What kind of answer this is: the same for each success, as far as one can tell."""
    return (_shape(value), _pattern(printed.strip().splitlines()[-1]) if printed.strip() else "")


def _shape(value):
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "text " + _pattern(value)
    if isinstance(value, tuple):
        return "(%s)" % ", ".join(_shape(part) for part in value[: bounds.answer_parts])
    return type(value).__name__


def _pattern(text):
    text = re.sub(r"web-\d+|no-such-server", "NAME", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27,}", "ID", text)
    return re.sub(r"\d+", "#", text)[: bounds.shown_error]
