"""The program that the child process runs: options as JSON on stdin, lines of JSON on stdout."""

import gc
import json
import os
import sys
import threading


def close_inherited():
    """What whoever started us left open takes up places of the few that the file may have."""
    try:
        numbers = [int(name) for name in os.listdir("/dev/fd")]
    except OSError:
        # No such directory here: the numbers that are given out first.
        numbers = range(4096)
    for number in numbers:
        if number > 2:
            try:
                os.close(number)
            except OSError:
                # It was never open, or was the directory's own.
                continue


def main():
    close_inherited()
    options = json.load(sys.stdin)
    # Our own way out; what the file writes to its own stdout goes where its errors go.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if sys.version_info < (3, 9):
        version = "%d.%d" % sys.version_info[:2]
        out.write(json.dumps({"event": "refused", "what": "python", "text": version}).encode() + b"\n")
        out.flush()
        os._exit(0)
    from guichet_tracer import bounds, guard, report, subject
    from guichet_tracer.check import Check

    bounds.give(options["bounds"])
    guard.limit(options["seconds"])
    # Runs leave little behind; looking for it after each few hundred objects costs a tenth.
    gc.set_threshold(bounds.garbage)
    threading.stack_size(bounds.stack_bytes)
    # From 3.12 on, instructions are traced once any frame has asked for that before `settrace`.
    sys._getframe().f_trace_opcodes = True
    writer = report.Writer(out)
    try:
        Check(options, writer).run()
    except subject.BadFile as bad:
        writer.write("refused", what=bad.what, **bad.detail)
    except MemoryError:
        writer.write("refused", what="memory")
    except RecursionError:
        writer.write("refused", what="recursion")
    # Threads of the file that would not end are left behind.
    os._exit(0)


main()
