"""The checked class: how it is loaded, made and called.

Nothing is asked of the file but methods with telling names. What they want is guessed from the
names of their parameters, and what a guess is worth is tried out: with one thread, in fresh runs.
"""

import ast
import inspect
import os
import sys
import types

from . import bounds, words

FIGURES = ("cpu", "ram", "taille", "size", "mem", "disk", "disque", "nb", "nombre", "quantit",
           "port", "prio", "coeur", "core")
LIMITS = ("capac", "max", "limit", "quota", "places")
WORKERS = ("worker", "thread", "pool", "ouvrier", "permit", "concurr", "simult")
PERSONS = ("client", "user", "utilisateur", "thread", "worker", "demandeur", "project", "projet")
TIMES = ("duree", "delai", "temps", "time", "delay", "duration", "pause", "seconde")
NAMES = ("nom", "name", "serveur", "server", "id", "host", "label", "vm", "identifiant", "num")

# What a refused or missing server is called.
MISSING = "no-such-server"


class BadFile(Exception):
    """The file cannot be checked; `what` says why, `detail` what it is about."""

    def __init__(self, what, **detail):
        super().__init__(what)
        self.what = what
        self.detail = detail


class Server:
    """A server that a run made: everything by which a method could want to be told of it."""

    def __init__(self, label, number):
        self.label = label
        self.number = number
        self.result = None
        self.key = None
        self.element = None


class File:
    """The checked file, read and compiled once."""

    def __init__(self, path):
        self.path = path
        self.directory = os.path.dirname(path)
        # Asked for each call that is made: answers by file name.
        self.own = {}
        self.module_name = os.path.splitext(os.path.basename(path))[0]
        with open(path, "rb") as file:
            source = file.read()
        try:
            self.tree = ast.parse(source, path)
            self.code = compile(source, path, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise BadFile("syntax", line=error.lineno or 0, text=str(error.msg)) from None
        except ValueError as error:
            raise BadFile("syntax", line=0, text=str(error)) from None

    def is_own(self, name):
        """Whether code is the file's, or lies beside it."""
        found = self.own.get(name)
        if found is None:
            found = self.own[name] = os.path.dirname(name) == self.directory
        return found

    def load(self):
        """Runs the file as a module, anew each time."""
        module = types.ModuleType(self.module_name)
        module.__file__ = self.path
        sys.modules[self.module_name] = module
        exec(self.code, module.__dict__)
        return module


def find_class(module, wanted, mapping):
    """The class to check, and its methods by kind."""
    classes = {
        name: value for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__
    }
    if wanted is not None:
        if wanted not in classes:
            raise BadFile("no_such_class", name=wanted, there=sorted(classes))
        return classes[wanted], words.methods_of(classes[wanted], mapping)
    found = []
    for name, cls in classes.items():
        methods = words.methods_of(cls, {k: v for k, v in mapping.items() if hasattr(cls, v)})
        score = sum(kind in methods for kind in ("create", "delete", "reboot", "list"))
        if "create" in methods and score >= 2:
            about = any(word in words.plain(name) for word in ("manager", "gestion", "serveurs"))
            found.append((score + about, name))
    if not found:
        raise BadFile("no_class", there=sorted(classes))
    best = max(score for score, _ in found)
    name = sorted(name for score, name in found if score == best)[0]
    return classes[name], words.methods_of(classes[name], mapping)


def parameters_of(function):
    """(name, annotation, has a default) of what a call has to or may give."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return []
    found = []
    for parameter in signature.parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        annotation = parameter.annotation
        if isinstance(annotation, str):
            annotation = {"int": int, "str": str, "float": float, "bool": bool}.get(annotation, annotation)
        has_default = parameter.default is not parameter.empty
        found.append((parameter.name, annotation, has_default, parameter.kind == parameter.KEYWORD_ONLY))
    return found


def has_word(name, known):
    word = words.plain(name)
    return any(stem in word for stem in known)


def plain_value(name, annotation, number):
    """A value for a parameter that does not say which server."""
    if annotation is bool:
        return False
    if annotation is list:
        return []
    if has_word(name, LIMITS):
        return bounds.capacity
    if has_word(name, PERSONS) and annotation in (str,):
        return "client-%d" % number
    if has_word(name, PERSONS) or has_word(name, FIGURES) or annotation is int:
        return number if has_word(name, PERSONS) else 1
    if has_word(name, TIMES) or annotation is float:
        return 0.1
    return "x"


def constructor_arguments(cls):
    positional, keywords = [], {}
    if cls.__init__ is object.__init__:
        return positional, keywords
    for name, annotation, has_default, by_name in parameters_of(cls.__init__)[1:]:
        if has_default and not has_word(name, LIMITS):
            continue
        if has_word(name, WORKERS):
            value = 2
        else:
            value = plain_value(name, annotation, 1)
        if by_name:
            keywords[name] = value
        else:
            positional.append((name, value))
    # After a parameter with a default that was left out, only names can be used.
    required = [name for name, _, has_default, _ in parameters_of(cls.__init__)[1:] if not has_default]
    given = [value for name, value in positional if name in required]
    keywords.update({name: value for name, value in positional if name not in required})
    return given, keywords


def _field(*names):
    def get(server):
        for source in (server.element, server.result):
            for name in names:
                if isinstance(source, dict) and name in source:
                    return source[name]
                if source is not None and hasattr(source, name):
                    return getattr(source, name)
        raise LookupError

    return get


def _index(server):
    return server.number - 1


# By what a method may want to be told which server, the likeliest first.
NAMED_BY = {
    "label": lambda server: server.label,
    "key": lambda server: server.key,
    "result": lambda server: server.result,
    "id": _field("id", "identifiant", "server_id", "id_serveur", "num", "numero", "uuid", "_id"),
    "name": _field("nom", "name", "_nom", "_name", "hostname"),
    "element": lambda server: server.element,
    "number": lambda server: server.number,
    "index": _index,
    "nothing": None,
}
# Where nothing of it removes a server, the parameter that seemed to say who asks may say which one.
PERSON = "person_"
NAMED_BY.update({PERSON + by: NAMED_BY[by] for by in ("label", "key", "result")})


def value_by(by, server):
    """The value that tells of a server; LookupError if there is none."""
    value = NAMED_BY[by](server)
    if value is None:
        raise LookupError(by)
    return value


def arguments(function, server, by, number):
    """What to call a bound method with: `server` told of by `by`. None if that cannot be."""
    positional, keywords = [], {}
    is_named = by == "nothing"
    persons = () if by.startswith(PERSON) else PERSONS
    for name, annotation, has_default, by_name in parameters_of(function):
        is_about = has_word(name, NAMES) and not has_word(name, persons + FIGURES)
        if not is_named and (is_about or (not has_default and not has_word(name, persons + FIGURES + TIMES))):
            value = value_by(by, server)
            is_named = True
        elif has_default:
            continue
        elif is_about and by != "nothing":
            value = server.label
        elif by == "nothing" and is_about:
            raise LookupError(by)
        else:
            value = plain_value(name, annotation, number)
        if by_name or has_default:
            keywords[name] = value
        else:
            positional.append(value)
    if not is_named:
        raise LookupError(by)
    return positional, keywords


def shown_call(name, positional, keywords):
    shown = [clip(repr(value), bounds.shown_argument) for value in positional]
    shown += ["%s=%s" % (key, clip(repr(value), bounds.shown_argument)) for key, value in keywords.items()]
    return "%s(%s)" % (name, ", ".join(shown))


def clip(text, most):
    text = text.replace("\n", " ")
    return text if len(text) <= most else text[: most - 1] + "…"
