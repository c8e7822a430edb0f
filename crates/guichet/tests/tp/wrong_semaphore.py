"""Wrong: a semaphore of two permits lets two clients in at once."""

import threading
import time


class ServerManager:
    def __init__(self):
        self.servers = []
        self.next_id = 1
        self.semaphore = threading.Semaphore(2)

    def create(self):
        with self.semaphore:
            server_id = self.next_id
            self.servers.append({"id": server_id})
            time.sleep(0.1)
            self.next_id = server_id + 1
            return server_id

    def delete(self, server_id):
        with self.semaphore:
            for server in list(self.servers):
                if server["id"] == server_id:
                    self.servers.remove(server)
                    return True
            return False
