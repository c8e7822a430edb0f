"""Right: one thread has the list to itself, and clients send it requests through a queue."""

import queue
import threading
import time
from concurrent.futures import Future


class ServerManager:
    def __init__(self):
        self.servers = []
        self.requests = queue.Queue(maxsize=10)
        self.worker = threading.Thread(target=self._work, daemon=True)
        self.worker.start()

    def _ask(self, action, name):
        answer = Future()
        self.requests.put((action, name, answer))
        return answer.result()

    def add_server(self, name):
        return self._ask(self._add, name)

    def remove_server(self, name):
        return self._ask(self._remove, name)

    def restart_server(self, name):
        return self._ask(self._restart, name)

    def list_servers(self):
        return self._ask(lambda _: list(self.servers), None)

    def _work(self):
        while True:
            action, name, answer = self.requests.get()
            try:
                answer.set_result(action(name))
            except Exception as error:
                answer.set_exception(error)
            finally:
                self.requests.task_done()

    def _add(self, name):
        time.sleep(0.01)
        self.servers.append(name)
        return True

    def _remove(self, name):
        if name not in self.servers:
            return False
        self.servers.remove(name)
        return True

    def _restart(self, name):
        return name in self.servers
