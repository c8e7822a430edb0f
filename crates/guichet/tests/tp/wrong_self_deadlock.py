"""Wrong: a method under the lock calls another that takes it, and a Lock is not taken twice."""

import threading


class ServerManager:
    def __init__(self, max_servers):
        self.max_servers = max_servers
        self.servers = []
        self.lock = threading.Lock()

    def list_servers(self):
        with self.lock:
            return list(self.servers)

    def create_server(self, name):
        with self.lock:
            if len(self.list_servers()) >= self.max_servers:
                return None
            self.servers.append(name)
            return name

    def delete_server(self, name):
        with self.lock:
            if name in self.servers:
                self.servers.remove(name)
                return True
        return False
