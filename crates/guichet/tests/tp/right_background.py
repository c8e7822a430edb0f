"""Juste : une création répond tout de suite, et un thread ajoute le serveur quand il est prêt."""

import threading
import time


class ServeurManager:
    verrou = threading.Lock()

    def __init__(self):
        self.serveurs = []

    def creer(self, nom):
        threading.Thread(target=self._preparer, args=(nom,)).start()
        print(f"{nom} : création acceptée")

    def _preparer(self, nom):
        time.sleep(1)
        with self.verrou:
            self.serveurs.append(nom)
        print(f"{time.strftime('%H:%M:%S')} {threading.current_thread().name} : {nom} créé")

    def supprimer(self, nom=None):
        with self.verrou:
            if not self.serveurs:
                print("aucun serveur à supprimer")
            elif nom in self.serveurs:
                self.serveurs.remove(nom)
                print(f"{nom} supprimé")
            else:
                print(f"{nom} n'existe pas")
