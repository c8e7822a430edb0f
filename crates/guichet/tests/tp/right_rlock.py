"""Right: methods that call each other under a lock that its owner may take again."""

from threading import RLock
import time


class Server:
    def __init__(self, server_id, name):
        self.server_id = server_id
        self.name = name
        self.status = "ACTIVE"


class ServerManager:
    MAX_SERVERS = 5

    def __init__(self):
        self._lock = RLock()
        self._servers = {}
        self._created = 0

    def create(self, name: str) -> Server:
        time.sleep(0.2)
        with self._lock:
            if len(self.active_servers()) >= self.MAX_SERVERS:
                raise RuntimeError("no room for another server")
            self._created += 1
            server = Server(self._created, name)
            self._servers[server.server_id] = server
            return server

    def reboot(self, server_id: int) -> None:
        with self._lock:
            self._get(server_id).status = "REBOOT"
        time.sleep(0.1)
        with self._lock:
            if server_id in self._servers:
                self._servers[server_id].status = "ACTIVE"

    def delete(self, server_id: int) -> None:
        with self._lock:
            self._get(server_id)
            del self._servers[server_id]

    def active_servers(self):
        with self._lock:
            return list(self._servers.values())

    def _get(self, server_id):
        if server_id not in self._servers:
            raise LookupError("no server %s" % server_id)
        return self._servers[server_id]
