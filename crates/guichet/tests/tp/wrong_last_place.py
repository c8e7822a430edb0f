"""Faux : la place est comptée avant l'attente, et prise après."""

import threading
import time


class ServeurManager:
    def __init__(self, capacite=10):
        self.capacite = capacite
        self.serveurs = []
        self.verrou = threading.Lock()

    def ajouter_serveur(self, nom):
        with self.verrou:
            if len(self.serveurs) >= self.capacite:
                return False
        time.sleep(0.1)
        with self.verrou:
            self.serveurs.append(nom)
        return True

    def enlever_serveur(self, nom):
        with self.verrou:
            if nom not in self.serveurs:
                return False
            self.serveurs.remove(nom)
            return True
