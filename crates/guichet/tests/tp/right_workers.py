"""Right: workers take requests from a queue, look now and then whether to stop, and use a lock."""

import queue
import threading


class Worker(threading.Thread):
    def __init__(self, manager):
        super().__init__(daemon=True)
        self.manager = manager

    def run(self):
        while not self.manager.stopping.is_set():
            try:
                work, name, done = self.manager.requests.get(timeout=0.5)
            except queue.Empty:
                continue
            work(name)
            done.set()


class ServerManager:
    def __init__(self):
        self.requests = queue.Queue()
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.names = set()
        for _ in range(2):
            Worker(self).start()

    def _ask(self, work, name):
        done = threading.Event()
        self.requests.put((work, name, done))
        done.wait()

    def add(self, name):
        self._ask(self._add, name)

    def remove(self, name):
        self._ask(self._remove, name)

    def shutdown(self):
        self.stopping.set()

    def _add(self, name):
        with self.lock:
            self.names.add(name)

    def _remove(self, name):
        with self.lock:
            self.names.discard(name)
