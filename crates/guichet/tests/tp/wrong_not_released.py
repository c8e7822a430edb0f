"""Faux : sur un refus, le verrou n'est jamais rendu."""

import threading


class ServeurManager:
    def __init__(self):
        self.serveurs = []
        self.verrou = threading.Lock()

    def creer(self, nom):
        self.verrou.acquire()
        self.serveurs.append(nom)
        self.verrou.release()
        return True

    def supprimer(self, nom):
        self.verrou.acquire()
        if nom not in self.serveurs:
            print("erreur : serveur introuvable")
            return False
        self.serveurs.remove(nom)
        self.verrou.release()
        return True
