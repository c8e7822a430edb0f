"""Faux, sans être incorrect : le verrou est tenu pendant le sleep, et le pool ne sert à rien."""

import threading
import time


class ServeurManager:
    def __init__(self):
        self.serveurs = []
        self.lock = threading.Lock()

    def creer_serveur(self, nom):
        with self.lock:
            time.sleep(0.5)
            self.serveurs.append(nom)
        return True

    def supprimer_serveur(self, nom):
        with self.lock:
            if nom in self.serveurs:
                self.serveurs.remove(nom)
                return True
            return False
