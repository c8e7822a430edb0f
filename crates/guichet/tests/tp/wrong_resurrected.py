"""Wrong: a reboot writes its server back after a delete took it away."""

import threading
import time


class ServerManager:
    def __init__(self):
        self.servers = {}
        self.lock = threading.Lock()

    def create(self, name):
        with self.lock:
            self.servers[name] = "ACTIVE"
        return True

    def reboot(self, name):
        with self.lock:
            if name not in self.servers:
                return False
            self.servers[name] = "REBOOT"
        time.sleep(0.05)
        with self.lock:
            self.servers[name] = "ACTIVE"
        return True

    def delete(self, name):
        with self.lock:
            return self.servers.pop(name, None) is not None
