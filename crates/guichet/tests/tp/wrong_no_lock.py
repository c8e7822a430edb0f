"""Faux : aucun verrou. Le compteur perd des tours, et la liste refaite perd des serveurs."""

import time


class ServeurManager:
    def __init__(self):
        self.serveurs = []
        self.compteur = 0

    def creer(self, nom):
        self.compteur += 1
        time.sleep(0.1)
        self.serveurs = self.serveurs + [nom]
        print("serveur", nom, "créé")

    def supprimer(self, nom):
        if nom not in self.serveurs:
            print("rien à supprimer")
            return
        self.serveurs = [s for s in self.serveurs if s != nom]
        self.compteur -= 1
        print("serveur", nom, "supprimé")

    def lister(self):
        return self.serveurs
