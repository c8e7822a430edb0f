"""Wrong: who was woken looks with `if`, not with `while`, and another was woken too."""

import threading


class ServerManager:
    def __init__(self, capacity):
        self.capacity = capacity
        self.servers = []
        self.changed = threading.Condition()

    def create(self, name):
        with self.changed:
            if len(self.servers) >= self.capacity:
                self.changed.wait()
            self.servers.append(name)
            return True

    def delete(self, name):
        with self.changed:
            if name not in self.servers:
                return False
            self.servers.remove(name)
            self.changed.notify_all()
            return True
