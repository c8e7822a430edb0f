"""Un registre dont la clé est tirée à la création, et dont le paramètre s'appelle client_id."""

import threading
import uuid


class Registre:
    def __init__(self):
        self._clients = {}
        self._verrou = threading.RLock()

    def ajouter(self, connexion):
        client_id = str(uuid.uuid4())
        with self._verrou:
            self._clients[client_id] = connexion
        return client_id

    def retirer(self, client_id):
        with self._verrou:
            return self._clients.pop(client_id, None) is not None

    def lister(self):
        with self._verrou:
            return list(self._clients.values())
