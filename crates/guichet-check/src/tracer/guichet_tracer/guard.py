"""What the child process may use, set before the checked file is loaded.

This is a seat belt for honest mistakes. It is no sandbox: a file that wants to do harm can."""

import resource
import signal
import sys

from . import bounds

REFUSED_EVENTS = {
    "os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.kill",
    "subprocess.Popen", "signal.pthread_kill",
}


def limit(seconds):
    """`seconds` is the time there is; the process ends itself a little later."""
    end = seconds + bounds.grace_seconds
    for what, most in [
        ("RLIMIT_AS", bounds.memory_bytes),
        ("RLIMIT_FSIZE", bounds.file_bytes),
        ("RLIMIT_NOFILE", bounds.open_files),
        ("RLIMIT_CPU", int(end)),
        ("RLIMIT_CORE", 0),
    ]:
        number = getattr(resource, what, None)
        if number is None:
            continue
        try:
            resource.setrlimit(number, (most, most))
        except (ValueError, OSError):
            # A system that does not have this limit, or a lower one already.
            continue
    # Also if nobody is left to end it.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, end)
    sys.addaudithook(_refuse)


def _refuse(event, _):
    if event in REFUSED_EVENTS:
        raise PermissionError("not while it is checked: %s" % event)
