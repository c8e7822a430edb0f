"""What Python 3.13 needs before a function is called that is to be stopped in at each instruction.

There, asking for that takes effect with the next call only, and a thread whose trace function has
raised takes it away from each function that it still passes, for all threads. So each function is
called once more beforehand and stopped at its very beginning, before anything of it has happened.
"""

import sys
import types

IS_NEEDED = sys.version_info >= (3, 13)


class Enough(BaseException):
    """Ends such a call."""


def functions_in(code):
    """The functions of a file, those inside others too."""
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield inner
            yield from functions_in(inner)


def warm(codes):
    for code in codes:
        _warm(code)


def _warm(code):
    def stop(frame, _event, _):
        if frame.f_code is not code:
            return None
        frame.f_trace = stop
        frame.f_trace_opcodes = True
        raise Enough

    function = types.FunctionType(code, {}, None, None, tuple(types.CellType() for _ in code.co_freevars))
    count = code.co_argcount
    named = dict.fromkeys(code.co_varnames[count:count + code.co_kwonlyargcount])
    try:
        sys.settrace(stop)
        made = function(*[None] * count, **named)
        # A generator begins when it is first asked.
        if isinstance(made, types.GeneratorType):
            next(made)
    except Enough:
        pass
    finally:
        sys.settrace(None)
