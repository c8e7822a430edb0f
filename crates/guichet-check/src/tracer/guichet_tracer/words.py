"""Which method does what, by its name."""

import unicodedata

STEMS = {
    "create": ["creer", "create", "ajout", "add", "nouveau", "new", "provision", "deploy"],
    "delete": ["supprim", "delete", "remove", "enlev", "detrui", "destroy", "retir", "efface"],
    "reboot": ["redemarr", "reboot", "restart", "relanc"],
    "list": ["list", "consult", "affich", "serveursactifs", "activeservers", "getservers",
             "getactive", "obtenir", "show", "voir", "etat"],
    "close": ["fermer", "close", "shutdown", "arreter", "stop", "terminer"],
}
# An action for one server: not the method that takes all down.
ABOUT_SERVERS = ("serveur", "server", "vm")


def plain(name):
    """Without accents, underscores and capitals."""
    text = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in text if letter.isalnum()).lower()


def kind_of(name):
    word = plain(name)
    for kind, stems in STEMS.items():
        if any(word.startswith(stem) for stem in stems):
            if kind == "close" and any(noun in word for noun in ABOUT_SERVERS):
                return None
            return kind
    return None


def methods_of(cls, mapping):
    """The methods of a class that are wanted: kind to name. The shortest name is the plainest."""
    found = {}
    names = [name for name in dir(cls) if not name.startswith("_") and callable(getattr(cls, name))]
    for name in sorted(names, key=lambda name: (len(name), name)):
        kind = kind_of(name)
        if kind and kind not in found:
            found[kind] = name
    found.update(mapping)
    return found
