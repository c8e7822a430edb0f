"""Juste : un pool exécute les requêtes, un sémaphore en borne le nombre, un verrou garde la liste."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore, Lock


class ServeurManager:
    def __init__(self, nb_workers=3):
        self.pool = ThreadPoolExecutor(max_workers=nb_workers)
        self.jetons = BoundedSemaphore(2)
        self.verrou = Lock()
        self.serveurs = []
        self.total = 0

    def creer(self, nom):
        return self.pool.submit(self._creer, nom)

    def supprimer(self):
        return self.pool.submit(self._supprimer)

    def redemarrer(self, nom):
        return self.pool.submit(self._redemarrer, nom)

    def lister(self):
        with self.verrou:
            return list(self.serveurs)

    def _creer(self, nom):
        with self.jetons:
            time.sleep(0.05)
            with self.verrou:
                self.serveurs.append(nom)
                self.total += 1
        return True

    def _supprimer(self):
        with self.jetons:
            with self.verrou:
                if not self.serveurs:
                    return None
                return self.serveurs.pop()

    def _redemarrer(self, nom):
        with self.jetons:
            time.sleep(0.02)
            with self.verrou:
                return nom in self.serveurs

    def fermer(self):
        self.pool.shutdown(wait=True)
