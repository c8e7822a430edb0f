"""Wrong: two clients see the same server, and both are told that they deleted it."""

import threading
import time


class ServerManager:
    def __init__(self):
        self.servers = {}
        self.lock = threading.Lock()

    def create(self, name):
        with self.lock:
            self.servers[name] = "ACTIVE"

    def delete(self, name):
        if name not in self.servers:
            print(f"cannot delete {name}: no such server")
            return
        time.sleep(0.05)
        with self.lock:
            self.servers.pop(name, None)
        print(f"{name} deleted")

    def reboot(self, name):
        with self.lock:
            if name in self.servers:
                self.servers[name] = "ACTIVE"
