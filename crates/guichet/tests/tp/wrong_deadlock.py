"""Faux : deux verrous, pris dans un ordre ici et dans l'autre là."""

import threading


class ServeurManager:
    def __init__(self):
        self.serveurs = []
        self.journal = []
        self.verrou_liste = threading.Lock()
        self.verrou_journal = threading.Lock()

    def creer(self, nom):
        with self.verrou_liste:
            self.serveurs.append(nom)
            with self.verrou_journal:
                self.journal.append("créé " + nom)
        return True

    def supprimer(self, nom):
        with self.verrou_journal:
            self.journal.append("supprime " + nom)
            with self.verrou_liste:
                if nom not in self.serveurs:
                    return False
                self.serveurs.remove(nom)
                return True
