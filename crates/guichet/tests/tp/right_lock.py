"""Juste : un verrou autour de la liste, jamais pendant l'attente."""

import logging
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(threadName)s %(message)s")


class ServeurManager:
    def __init__(self):
        self.serveurs = []
        self.verrou = threading.Lock()
        self.prochain = 1

    def creer_serveur(self, nom):
        time.sleep(0.1)
        with self.verrou:
            numero = self.prochain
            self.prochain += 1
            self.serveurs.append({"id": numero, "nom": nom, "etat": "actif"})
        logging.info("serveur %s créé", nom)
        return numero

    def redemarrer_serveur(self, nom):
        with self.verrou:
            serveur = self._trouver(nom)
            if serveur is None:
                logging.info("redémarrage refusé : %s n'existe pas", nom)
                return False
            serveur["etat"] = "redémarrage"
        time.sleep(0.05)
        with self.verrou:
            serveur["etat"] = "actif"
        return True

    def supprimer_serveur(self, nom):
        with self.verrou:
            if not self.serveurs:
                logging.info("suppression refusée : la liste est vide")
                return False
            serveur = self._trouver(nom)
            if serveur is None:
                return False
            self.serveurs.remove(serveur)
        time.sleep(0.05)
        return True

    def lister_serveurs(self):
        with self.verrou:
            return [s["nom"] for s in self.serveurs if s["etat"] == "actif"]

    def _trouver(self, nom):
        for serveur in self.serveurs:
            if serveur["nom"] == nom:
                return serveur
        return None


def client(manager, numero):
    for tour in range(5):
        action = random.choice(["creer", "redemarrer", "supprimer"])
        getattr(manager, action + "_serveur")("serveur-%d" % random.randint(1, 5))


if __name__ == "__main__":
    manager = ServeurManager()
    with ThreadPoolExecutor(max_workers=4) as pool:
        for numero in range(8):
            pool.submit(client, manager, numero)
    print(manager.lister_serveurs())
