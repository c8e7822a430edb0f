"""Juste : quand il n'y a plus de place, une création attend qu'une suppression en libère une."""

import threading


class GestionnaireServeurs:
    def __init__(self, capacite):
        self.capacite = capacite
        self.serveurs = {}
        self.change = threading.Condition()

    def creer(self, nom):
        with self.change:
            if nom in self.serveurs:
                return "refusé : %s existe déjà" % nom
            if not self.change.wait_for(lambda: len(self.serveurs) < self.capacite, timeout=5):
                return "refusé : plus de place"
            if nom in self.serveurs:
                return "refusé : %s existe déjà" % nom
            self.serveurs[nom] = "actif"
            return "créé"

    def supprimer(self, nom):
        with self.change:
            if self.serveurs.pop(nom, None) is None:
                return "refusé : %s n'existe pas" % nom
            self.change.notify_all()
            return "supprimé"

    def redémarrer(self, nom):
        with self.change:
            if nom not in self.serveurs:
                return "refusé : %s n'existe pas" % nom
            self.serveurs[nom] = "redémarré"
            return "redémarré"

    def consulter(self):
        with self.change:
            return dict(self.serveurs)
