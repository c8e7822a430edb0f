"""Faux : la liste est regardée sous le verrou, et vidée sous le verrou, mais pas sous le même."""

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
            vide = len(self.serveurs) == 0
        if vide:
            print("aucun serveur à supprimer")
            return None
        with self.verrou:
            return self.serveurs.pop()
