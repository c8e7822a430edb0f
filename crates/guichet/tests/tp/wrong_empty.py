"""Faux : rien ne vérifie que la liste n'est pas vide."""

import threading


class ServeurManager:
    def __init__(self):
        self.serveurs = []
        self.verrou = threading.Lock()

    def creer(self, nom):
        with self.verrou:
            self.serveurs.append(nom)

    def supprimer(self):
        with self.verrou:
            return self.serveurs.pop()
