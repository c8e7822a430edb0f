# Ce que dit le laboratoire de Guichet. Le fichier anglais a les mêmes messages, avec les mêmes
# arguments. Devant « : ; ! ? % » et une unité, une espace insécable.

## Nombres et durées

times = { $factor } fois
days = { $number } jours
listed = { $first } et { $last }

## Le programme

error = erreur : { $what }

## simulate

simulate-try-next = Et ensuite
