# Ce que dit le laboratoire de Guichet. Le fichier anglais a les mêmes messages, avec les mêmes
# arguments. Devant « : ; ! ? % » et une unité, une espace insécable.

## Nombres et durées

times = { $factor } fois
days = { $count ->
    [one] { $number } jour
   *[other] { $number } jours
}
listed = { $first } et { $last }

## Le programme

error = erreur : { $what }

## simulate

simulate-try-next = Et ensuite
simulate-label-requests = requêtes
simulate-label-actions = actions
simulate-label-operations = opérations
simulate-label-failed = échecs
simulate-label-servers = serveurs
simulate-label-bounds = bornes
simulate-label-speed = débit
simulate-label-journal = journal
simulate-column-count = nombre
simulate-row-wait = attente
simulate-row-service = service
simulate-row-latency = latence
simulate-row-reads = lectures
simulate-no-action = aucune
simulate-no-server = aucun
simulate-requests = { $sent ->
    [one] { $sent } envoyée
   *[other] { $sent } envoyées
} : { $accepted ->
    [one] { $accepted } acceptée
   *[other] { $accepted } acceptées
}, { $repeated ->
    [one] { $repeated } répétée
   *[other] { $repeated } répétées
}, { $refused ->
    [one] { $refused } refusée
   *[other] { $refused } refusées
}{ $reasons }{ $reads }
simulate-and-reads = { $count ->
    [one]  ; et { $count } lecture
   *[other]  ; et { $count } lectures
}
simulate-operations = { $accepted ->
    [one] { $accepted } acceptée
   *[other] { $accepted } acceptées
} = { $succeeded ->
    [one] { $succeeded } réussie
   *[other] { $succeeded } réussies
} + { $failed ->
    [one] { $failed } échouée
   *[other] { $failed } échouées
} + { $cancelled ->
    [one] { $cancelled } annulée
   *[other] { $cancelled } annulées
} ; { $retried ->
    [one] { $retried } nouvel essai
   *[other] { $retried } nouveaux essais
}
simulate-failed-by = aucun hôte possible { $host }, pilote { $driver }, délai dépassé { $deadline }
simulate-failed-interrupted = , interruption { $count }
simulate-servers = { $total } à la fin ({ $active } ACTIVE, { $shutoff } SHUTOFF, { $error } ERROR) ; au plus { $peak } en même temps
simulate-busiest-hour = { $count ->
    [one] , { $count } création dans l’heure la plus chargée
   *[other] , { $count } créations dans l’heure la plus chargée
}
simulate-bounds = au plus { $flight } en cours, { $waiting } en attente (file de { $queue }) et { $again } en attente d’un nouvel essai
simulate-span = { $span } de temps virtuel en { $seconds }
simulate-cpu-each = , { $micros } µs par opération
simulate-speed = { $span } : { $requests } requêtes/s, { $operations } opérations/s ; { $cpu } s de processeur{ $each } ; verrou tenu { $lock } µs au plus ; { $memory } Mio
simulate-invariants = { $checked ->
    [one] invariants : { $checked } vérifié, { $broken } rompu
   *[other] { $broken ->
        [one] invariants : { $checked } vérifiés, { $broken } rompu
       *[other] invariants : { $checked } vérifiés, { $broken } rompus
    }
}
simulate-journal = { $batches ->
    [one] { $batches } lot
   *[other] { $batches } lots
} de { $rows } lignes et { $answers } réponses ; { $backlog } en attente au plus
simulate-holds = { $checks ->
    [one] Tout ce qui a été vérifié est juste ({ $checks } vérification) : aucune requête n’a été perdue, aucun serveur n’a été perdu, dédoublé ni ressuscité.
   *[other] Tout ce qui a été vérifié est juste ({ $checks } vérifications) : aucune requête n’a été perdue, aucun serveur n’a été perdu, dédoublé ni ressuscité.
}
simulate-broken = { $checks ->
    [one] Quelque chose est faux : { $broken } vérification sur { $checks } a échoué. La ligne « rompu » dit laquelle.
   *[other] { $broken ->
        [one] Quelque chose est faux : { $broken } vérification sur { $checks } a échoué. La ligne « rompu » dit laquelle.
       *[other] Quelque chose est faux : { $broken } vérifications sur { $checks } ont échoué. Les lignes « rompu » disent lesquelles.
    }
}
simulate-accepted = { $count ->
    [one] { $count } acceptée
   *[other] { $count } acceptées
}
simulate-repeated = { $count ->
    [one] { $count } répétée
   *[other] { $count } répétées
}
simulate-refused = { $count ->
    [one] { $count } refusée
   *[other] { $count } refusées
}
simulate-reads = { $count ->
    [one] { $count } lecture
   *[other] { $count } lectures
}
simulate-none-sent = Aucune requête n’a été envoyée.
simulate-answered = { $count ->
    [1] La seule requête a reçu sa réponse : { $parts }.
   *[other] Les { $count } requêtes ont toutes reçu une réponse : { $parts }.
}
simulate-interrupted = { $count ->
    [1] Interruption : { $count } requête était partie et a reçu sa réponse : { $parts }.
   *[other] Interruption : { $count } requêtes étaient parties et ont reçu une réponse : { $parts }.
}
simulate-succeeded = { $count ->
    [one] { $count } a réussi
   *[other] { $count } ont réussi
}
simulate-failed = { $count ->
    [one] { $count } a échoué
   *[other] { $count } ont échoué
}
simulate-gave-way = { $count ->
    [one] { $count } a cédé la place à une suppression ou à un redémarrage forcé
   *[other] { $count } ont cédé la place à une suppression ou à un redémarrage forcé
}
simulate-ends = De celles qui ont été acceptées, { $ends }.
simulate-ends-left = { $left ->
    [one] De celles qui ont été acceptées, { $ends } ; { $left } n’est pas finie à temps.
   *[other] De celles qui ont été acceptées, { $ends } ; { $left } ne sont pas finies à temps.
}
simulate-durations = De l’envoi à la fin, la moitié a pris { $half } au plus, et 99 sur 100 { $most } au plus ; la moitié a attendu son tour { $wait } au plus.

## simulate : l’affichage en direct et le journal

live-requests = { $over } sur { $all }, { $rate } par seconde
live-requests-virtual = { $over } sur { $all }, { $rate } par seconde, { $span } de temps virtuel
live-operations = { $flight } en cours, { $waiting } sur { $queue } en attente ; { $ends }
live-operations-again = { $flight } en cours, { $waiting } sur { $queue } en attente et { $again } à refaire ; { $ends }
live-succeeded = { $count ->
    [one] { $count } réussie
   *[other] { $count } réussies
}
live-failed = { $count ->
    [one] { $count } échouée
   *[other] { $count } échouées
}
live-cancelled = { $count ->
    [one] { $count } annulée
   *[other] { $count } annulées
}
live-left = encore { $span }
log-accepted = acceptée
log-started = lancée
log-succeeded = réussie
log-requeued = reportée
log-cancelled = annulée
log-failed = échouée
log-refused = refusée
log-dropped = omises
log-dropped-count = { $count }, lecture trop lente
log-dropped-records = { $count } lignes : lecture trop lente
log-wait = attente
log-service = service
log-after = après
log-in = en
log-attempt = essai

## simulate : ce qui va être exécuté, et ce qui s’ajoute aux chiffres

count-requests = { $count ->
    [one] { $count } requête
   *[other] { $count } requêtes
}
count-clients = { $count ->
    [one] { $count } client
   *[other] { $count } clients
}
simulate-heading = guichet simulate : { $load }
simulate-heading-virtual = guichet simulate : { $load }, en temps virtuel
simulate-setup = modèle { $model }, au plus { $flight } en cours, file de { $queue }, profil { $profile }, graine { $seed }
simulate-load-closed = { $requests } de { $clients } ; chacun attend la fin d’une requête avant d’envoyer la suivante
simulate-load-open = { $requests } de { $clients }, { $rate } par seconde
simulate-load-bursts = { $requests } de { $clients }, { $rate } par seconde, pics { $bursts }
simulate-load-trace = { $requests } d’une trace, de { $clients }
simulate-load-faster = { $requests } d’une trace, de { $clients }, { $speed } fois plus vite
simulate-hosts = { $count ->
    [one] { $count } hôte de { $vcpus } vCPU et { $ram } Mio
   *[other] { $count } hôtes de { $vcpus } vCPU et { $ram } Mio
}
simulate-hosts-enough = { $count ->
    [one] { $count } hôte de { $vcpus } vCPU et { $ram } Mio : assez pour toutes les créations, même sans aucune suppression (--hosts pour un autre parc)
   *[other] { $count } hôtes de { $vcpus } vCPU et { $ram } Mio : assez pour toutes les créations, même sans aucune suppression (--hosts pour un autre parc)
}
simulate-hosts-from = { $count ->
    [one] { $count } hôte, lu dans { $file }
   *[other] { $count } hôtes, lus dans { $file }
}
simulate-log-dropped = journal : { $lines } lignes écrites, { $dropped } omises, faute d’être lues assez vite
simulate-profile-rule = profil : { $rule }
simulate-not-finished = { $waiting ->
    [one] pas fini à temps : { $waiting } opération encore en attente, { $running } encore en cours
   *[other] pas fini à temps : { $waiting } opérations encore en attente, { $running } encore en cours
}
simulate-violation = rompu : { $found }
simulate-active-none = serveurs actifs : aucun
simulate-active-first = serveurs actifs : les { $shown } premiers sur { $total } (--all les montre tous)
simulate-active = serveurs actifs : { $total }
simulate-column-id = id
simulate-column-name = nom
simulate-column-project = projet
simulate-column-status = statut
simulate-column-flavor = gabarit
simulate-column-host = hôte
simulate-column-created = création
simulate-next-compare = avec et sans pool, mesuré
simulate-next-pool = huit threads : les requêtes attendent leur tour
simulate-next-race = ce qui tourne mal sans le verrou
simulate-next-report = l’exécution en une page de graphiques
simulate-next-log = une ligne pour chaque transition
simulate-stopping = les requêtes acceptées vont être finies ; Ctrl-C encore une fois arrête tout de suite
simulate-stopping-line = guichet : arrêt : { $what }
simulate-error-profile = --profile : { $name } trouvé ; attendu : { $known } ou un fichier TOML
simulate-error-client-threads = --client-threads : { $found } clients demandés, { $most } au plus : chacun est un thread avec sa propre pile ; sans --client-threads, les clients sont des tâches
simulate-error-bursts = --bursts : il n’y a de pics qu’en boucle ouverte : donnez aussi --rate, par exemple --rate 500
simulate-error-speed = --speed : seul ce qui a été enregistré peut être rejoué plus vite : donnez aussi --trace

## La ligne de commande et le parcours de l’énoncé

tp-list = Les douze points de l’énoncé. Chacun dit ce qu’il faut regarder, l’exécute, montre les chiffres et pose une question.
tp-list-next = Pour en parcourir un : guichet tp 3. Avec la réponse à sa question : guichet tp 3 --answer. Pour votre propre classe : guichet tp check serveur_manager.py
tp-question = Question : { $question }
tp-answer = Réponse : { $answer }
tp-answer-how = La réponse : guichet tp { $point } --answer
tp-ask = Entrée pour voir la réponse, ou n’importe quel texte puis Entrée pour passer :{" "}
tp-next = Ensuite : guichet tp { $point }
tp-last = C’était le dernier. Pour votre propre classe : guichet tp check serveur_manager.py
tp-figures-fleet = { $accepted } requêtes acceptées, { $refused } refusées ; { $servers } serveurs à la fin, { $peak } au plus en même temps
tp-figures-checks = { $checks } vérifications de ce qu’on a répondu aux clients, de ce que dit la liste et de ce qu’ont les machines ; erreurs : { $broken }
tp-figures-actions = { $actions } ; { $succeeded } réussies, { $cancelled } ont cédé la place à une suppression ou à un redémarrage forcé, { $refused } refusées
tp-figures-run = au plus { $flight } en cours ; { $rate } opérations/s ; la moitié a attendu son tour { $wait }, puis a été servie en { $service } ; { $cpu } µs de processeur par opération ; { $memory } Mio
tp-figures-refusals = { $sent } requêtes, { $refused } refusées ({ $kinds }) ; serveurs dans la liste : { $servers }
tp-figures-queue = { $accepted } acceptées, { $ended } menées à leur fin, perdues : { $lost } ; au plus { $waiting } en attente, 99 sur 100 ont attendu { $wait } au plus ; refusées parce que la file était pleine : { $refused }
tp-figures-row-io = travail qui attend, { $name } : { $rate } requêtes/s, { $times } fois « une à une »
tp-figures-row-cpu = travail qui calcule, { $name } : { $rate } requêtes/s, { $times } fois « une à une »
tp-figures-race-threads = threads sans le verrou : { $kinds } sortes de dégâts en { $requests } requêtes ; avec le verrou, { $locked }
tp-figures-race-schedules = tous les entrelacements de deux ou trois clients : sans le verrou, { $broken } sur { $schedules } tournent mal ; avec lui, { $lockedbroken } sur { $lockedschedules }
tp-1-title = Un ServeurManager et sa liste partagée
tp-1-watch = 64 clients se partagent une seule liste de serveurs. À regarder : à la fin, ce qu’on leur a répondu, ce que dit la liste et ce qu’ont les machines sont-ils d’accord ?
tp-1-question = On répond « acceptée » au client avant que son serveur existe. Que donnerait un guichet qui ne répondrait qu’à la fin ?
tp-1-answer = Il retiendrait une connexion, et un thread, par client pendant tout le travail de la machine ; et si la connexion se coupait, plus personne ne saurait ce qu’est devenue la demande.
tp-2-title = Créer, redémarrer et supprimer
tp-2-watch = Chaque action n’est permise que dans certains états. À regarder : combien de requêtes sont refusées, et combien sont abandonnées au profit d’une autre.
tp-2-question = Pourquoi certains redémarrages sont-ils refusés (conflict) ?
tp-2-answer = Une opération est déjà en cours sur ce serveur : il est encore en création, ou déjà en redémarrage. Une suppression ou un redémarrage forcé, eux, prennent sa place au lieu d’être refusés.
tp-3-title = Un verrou
tp-3-watch = Le même gestionnaire sans son verrou, puis avec : d’abord dans de vrais threads, ensuite dans tous les ordres où les étapes de deux ou trois clients peuvent se suivre.
tp-3-question = Un ServeurManager tient souvent son verrou pendant qu’il « crée » le serveur avec un sleep. Que devient le gain de son pool ?
tp-3-answer = Il disparaît : un seul thread dort à la fois, et quatre threads ne vont pas plus vite qu’un. On prend le verrou pour décider et inscrire, et on le rend avant d’attendre la machine.
tp-4-title = Des clients dans des threads, aux requêtes aléatoires
tp-4-watch = 200 clients, un thread chacun, et un thread par requête ; puis la même chose avec 200 tâches. À regarder : le temps de processeur par opération et la mémoire.
tp-4-question = Que coûte un thread qu’une tâche ne coûte pas ?
tp-4-answer = Une pile à lui, et un changement de contexte du système à chaque attente. Une tâche tient en quelques centaines d’octets, et c’est le programme lui-même qui la reprend.
tp-5-title = Un pool borné (ThreadPoolExecutor)
tp-5-watch = 8 ouvriers, puis 64, sur les mêmes requêtes d’environ 10 ms. À regarder : l’attente et la durée du service. Laquelle des deux le pool change-t-il ?
tp-5-question = D’après la loi de Little (en cours = débit × durée), combien d’ouvriers faut-il pour 2 000 requêtes par seconde de 10 ms ?
tp-5-answer = 2 000 × 0,010 s = 20, et quelques-uns de plus, car tous ne sont pas toujours occupés. Le pool change l’attente ; la durée du service est celle de la machine.
tp-6-title = Un journal horodaté
tp-6-watch = Une ligne par transition et par refus : l’heure, l’ouvrier, l’action, le serveur, ce qu’il devient. À regarder : comment chaque requête acceptée est lancée, puis finit.
tp-6-question = Pourquoi huit threads qui appellent print sans verrou donnent-ils un texte illisible, et que coûte un verrou autour de print ?
tp-6-answer = Le texte et la fin de ligne sont écrits l’un après l’autre : les lignes se mélangent. Avec un verrou, tous attendent le terminal le plus lent ; ici, un seul thread écrit ce que les autres mettent dans une file.
tp-7-title = Un sémaphore
tp-7-watch = 64 ouvriers, d’abord sans sémaphore, puis avec quatre jetons. À regarder : combien sont en cours au plus.
tp-7-question = Le pool et le sémaphore bornent tous deux ce qui tourne en même temps. Quand veut-on les deux ? Et un sémaphore est-il un verrou ?
tp-7-answer = Le pool borne les threads, le sémaphore ce qu’ils font d’une ressource : avec plusieurs ressources, on veut les deux. À un jeton, il exclut comme un verrou, mais n’a pas de propriétaire : n’importe qui peut le rendre. À deux jetons, ce n’en est plus un (guichet race --with semaphore=2).
tp-8-title = Ne rien supprimer d’une liste vide
tp-8-watch = Cinq suppressions, et rien à supprimer. À regarder : comment elles sont refusées.
tp-8-question = « if serveurs: serveurs.pop() » a l’air sûr. Que se passe-t-il si deux threads passent entre le if et le pop ?
tp-8-answer = Tous deux voient l’unique serveur. Le premier le prend, le second reçoit une IndexError (pop from empty list). Le test et la suppression doivent être sous le même verrou.
tp-9-title = Avec et sans pool : mesurer et commenter
tp-9-watch = Les mêmes requêtes une à une, avec un thread chacune, puis dans des pools ; avec un travail qui attend, puis avec un travail qui calcule. À regarder : ce que donne un pool de 16 pour chacun. Cela prend quelques secondes.
tp-9-question = Pourquoi un pool de 16 va-t-il tellement plus vite dans un cas, et pas dans l’autre ? Et sur huit cœurs ? Et en Python ?
tp-9-answer = Les attentes se recouvrent sans processeur ; les calculs n’ont que les cœurs qu’il y a. Sur huit cœurs, le travail qui calcule irait jusqu’à huit fois plus vite. En Python, un sleep rend le verrou d’interpréteur : l’attente gagne comme ici, le calcul reste à 1.
tp-10-title = Les serveurs actifs
tp-10-watch = À la fin, les serveurs ACTIVE sont listés, page par page, pendant que d’autres requêtes peuvent continuer.
tp-10-question = Que verraient les clients si la liste était lue d’un seul coup, sous le verrou ?
tp-10-answer = Ils attendraient tous la plus longue des listes. Lue par petites étapes, elle ne retient personne ; elle n’est donc pas la photo d’un instant, et sa documentation le précise.
tp-11-title = Une file d’attente pour les pics de charge
tp-11-watch = 500 requêtes par seconde et trois pics à 5 000, en temps virtuel : 16 ouvriers, puis 64. À regarder : combien attendent, combien de temps, et combien sont refusées.
tp-11-question = Dans quel cas un refus vaut-il mieux qu’une place dans la file ?
tp-11-answer = Quand le client aurait renoncé avant son tour. Un pic apporte environ 7 000 requêtes de plus que 16 ouvriers n’en traitent : la dernière attendrait à peu près cinq secondes.
tp-12-title = L’effet de la concurrence sur les données
tp-12-watch = La façon la plus courte de perdre un serveur quand deux clients en créent un chacun, étape par étape. À regarder : la croix est sur une lecture.
tp-12-question = Le verrou d’interpréteur de Python rend list.append indivisible. Est-ce que cela suffit ici ?
tp-12-answer = Non : ce qui a été lu est déjà périmé quand on l’écrit, et chaque étape est pourtant indivisible. Ce qu’il ne faut pas couper, c’est la lecture et l’écriture ensemble : c’est à cela que sert le verrou.
cli-commands = Commandes 
cli-help = Affiche l’aide
cli-version = Affiche la version
cli-default = [par défaut : { $value }]
cli-env = [environnement : { $name }]

## L’aide des commandes (l’anglais se trouve à côté de chaque option, dans le programme)

help-heading-load = Charge 
help-heading-execution = Exécution 
help-heading-cloud = Cloud 
help-heading-output = Sortie 
help-heading-what-is-compared = Ce qui est comparé 
help-heading-threads = Threads 
help-heading-schedules = Entrelacements 
help-heading-service = Service 
help-heading-worlds = Mondes 
help-heading-tls = TLS 
help-heading-nodes = Nœuds 
help-about = Reçoit de nombreux clients à la fois les demandes de création, de redémarrage et de suppression de serveurs, les met en file, les exécute en parallèle dans un pool borné, et n’en perd, n’en double et n’en abîme aucune.
help-color = Quand mettre de la couleur dans ce qui est affiché et journalisé (auto, always, never) ; jamais dans les fichiers
help-lang = La langue de ce que le programme affiche, en ou fr. Par défaut celle de l’environnement (LC_ALL, LC_MESSAGES, LANG), et l’anglais pour toute autre langue
help-simulate-about = Fait envoyer des requêtes par des clients simulés, ou rejoue une trace, et dit ce qui en est résulté
help-simulate-after = Codes de sortie : 0 tout va bien, 1 un invariant est rompu, 2 entrée erronée, 130 interruption.
help-simulate-clients = Clients simulés
help-simulate-client-threads = Chaque client est un thread, comme dans un programme à threads ; sans cette option, une tâche. Au plus 1 024, en boucle fermée et en temps réel
help-simulate-requests = Nombre total de requêtes, lectures comprises
help-simulate-mix = Ce que les clients demandent, pondéré : create, reboot, reboot_hard, start, stop, delete, list
help-simulate-rate = Boucle ouverte : les requêtes arrivent à ce rythme (par seconde), que les précédentes soient finies ou non. Sans elle, chaque client envoie sa requête suivante quand la précédente est finie
help-simulate-bursts = Pics d’une boucle ouverte : 3x2s@5000 donne 3 pics de 2 s à 5 000 requêtes par seconde
help-simulate-duration = Arrête d’envoyer au bout de ce temps (virtuel avec --virtual-time), par exemple 30s ou 2h
help-simulate-trace = Rejoue une trace enregistrée (- pour l’entrée standard) : les pods openb d’Alibaba, un fichier CSV dont l’en-tête est time_s,client,project,action,server,vcpus,ram_mib, ou ce que « serve --record » a écrit
help-simulate-speed = Combien de fois plus vite rejouer, jusqu’à 1 000 ; au-delà, utilisez --virtual-time [par défaut : 1]
help-simulate-model = Comment les opérations sont exécutées : sequential (une à la fois), threads (un thread par requête acceptée), pool (un nombre fixe de threads), async (un nombre fixe de tâches)
help-simulate-workers = Taille du pool (pool et async)
help-simulate-permits = Un sémaphore : opérations en cours au plus, dans tous les modèles
help-simulate-host-permits = Opérations en cours au plus sur un hôte
help-simulate-project-permits = Opérations en cours au plus pour un projet
help-simulate-queue = Opérations qui peuvent attendre ; au-delà, une requête est refusée (queue_full)
help-simulate-project-rate = Requêtes par seconde qu’un projet peut envoyer ; au-delà, elles sont refusées (rate_limited)
help-simulate-virtual-time = Temps virtuel : attendre ne coûte rien, et la même graine redonne la même exécution (async, sequential)
help-simulate-data = Garde la flotte dans ce répertoire, créé s’il n’existe pas, et reprend ce qui s’y trouve
help-simulate-projects = Projets ; le client c appartient au projet c mod N
help-simulate-hosts = Hôtes, par exemple 16 ou 16:64x262144. Sans elle, assez pour qu’ils ne manquent jamais
help-simulate-hosts-file = Hôtes lus dans un fichier : les nœuds openb d’Alibaba, ou name,vcpus,ram_mib
help-simulate-quota = Ce que chaque projet peut avoir, par exemple instances=10,cores=20,ram_mib=51200
help-simulate-profile = Le comportement des machines : instant, fast, realistic, flaky, ou votre fichier TOML [par défaut : fast, et realistic avec --trace]
help-simulate-seed = La graine dont vient tout le hasard
help-simulate-format = Ce qui est écrit sur la sortie standard : table (un résumé à lire) ou json (un objet)
help-simulate-log-format = La forme des lignes du journal sur la sortie d’erreur : text (des colonnes) ou json (un objet par ligne)
help-simulate-log = Une ligne pour chaque transition et chaque refus sur la sortie d’erreur, même dans un terminal, qui montre sinon les chiffres et les dernières transitions. Un tube ou un fichier reçoit toujours les lignes
help-simulate-quiet = Ni lignes de journal ni affichage en direct
help-simulate-full-ids = Les identifiants entiers dans un terminal, et non leurs 8 premiers caractères
help-simulate-all = Montre à la fin tous les serveurs actifs, et non les 10 premiers
help-simulate-history = Écrit tout ce qui se passe dans ce fichier, un objet JSON par ligne
help-simulate-report = Écrit un rapport dans ce fichier : une page HTML avec des graphiques, qui se suffit à elle-même
help-compare-about = Mesure les modèles d’exécution et les tailles de pool sur une même charge, et commente les chiffres
help-compare-after = Codes de sortie : 0 tout va bien, 1 un invariant est rompu, 2 entrée erronée, 130 interruption.
help-compare-models = Quels modèles, dans cet ordre : sequential (une à la fois), threads (un thread par requête acceptée), pool (un nombre fixe de threads), async (un nombre fixe de tâches)
help-compare-workers = Quelles tailles de pool (pool et async)
help-compare-cpu-share = Part du temps d’une requête qui est du calcul, de 0 à 1 ; le reste est de l’attente. Sans elle, le profil est comparé tel quel et, pour quelques tailles, avec tout son temps en calcul
help-compare-permits = Un sémaphore : opérations en cours au plus, dans tous les modèles
help-compare-runs = Exécutions mesurées pour chaque ligne ; une de plus les précède et ne compte pas
help-compare-requests = Requêtes de chaque exécution. Sans elle, autant qu’il en faut pour environ 0,4 s, ligne par ligne
help-compare-clients = Clients simulés, chacun avec une requête à la fois
help-compare-mix = Ce que les clients demandent, pondéré : create, reboot, reboot_hard, start, stop, delete
help-compare-profile = Le comportement des machines : instant, fast, realistic, flaky, ou votre fichier TOML
help-compare-seed = La graine dont vient tout le hasard ; chaque tour d’exécutions a la sienne
help-compare-format = Ce qui est écrit sur la sortie standard : table (tableaux et phrases), json (un objet) ou csv (une ligne d’en-tête, puis une par mesure)
help-compare-report = Écrit un rapport dans ce fichier : une page HTML avec des graphiques, qui se suffit à elle-même
help-compare-quiet = Pas de barre de progression
help-serve-about = Sert l’API OpenStack : un cloud pour des clients non modifiés
help-serve-after =
    Codes de sortie : 0 arrêté quand on l’a demandé, 2 entrée erronée, 74 le répertoire de données est en panne, 130 demandé deux fois.
    Une table [service] de la configuration dit ce qu’une option ne dit pas : listen = "0.0.0.0:8774".
help-serve-config = De quoi le cloud est fait : projets, utilisateurs, gabarits, images, réseaux, hôtes. Sans elle, un petit cloud tout fait
help-serve-dev = Un cloud fixe pour les tests : projets et utilisateurs demo, alt et admin, mot de passe secret, gabarit m1.tiny, image cirros, réseau private, 10 serveurs par projet
help-serve-limits = Combien de requêtes sont prises : unlimited, ou ovhcloud (20 par seconde et par projet pour Compute, 60 par minute et par utilisateur pour Identity)
help-serve-quota = Ce que chaque projet peut avoir, par exemple instances=10,cores=20,ram_mib=51200, ou unlimited
help-serve-profile = Le comportement des machines : instant, fast, realistic, flaky, ou votre fichier TOML
help-serve-seed = La graine dont vient le hasard des machines ; sans elle, chaque démarrage a la sienne
help-serve-listen = Où écouter ; le port 0 en prend un libre et l’affiche
help-serve-data = Garde tout dans ce répertoire, créé s’il n’existe pas, et reprend ce qui s’y trouve ; sans elle, tout est en mémoire et disparaît à la fin
help-serve-control-socket = Où root et l’utilisateur du service le pilotent, sans jeton : une socket unix. Avec --data, c’est control.sock dans ce répertoire, sauf si une autre est nommée
help-serve-metrics-listen = Répond aussi ici à /metrics, /healthz et /readyz, sans TLS et sans jeton, et à rien d’autre
help-serve-metrics-plain-http = Laisse d’autres machines atteindre --metrics-listen : les métriques nomment des projets, et qui est sur le chemin peut les lire
help-serve-otlp-endpoint = Envoie des traces à ce collecteur OpenTelemetry, en OTLP sur HTTP, par exemple `http://127.0.0.1:4318` : celle de chaque requête et de son opération, jusqu’à ce que le pilote ait fini. Seuls le peuvent les programmes construits avec `otlp`
help-serve-otlp-share = La part des requêtes dont les traces sont envoyées, de 0 à 1, quand le `traceparent` du client ne le dit pas
help-serve-drain = Combien de temps un arrêt attend ce qui est en file et en cours ; ce qui n’est pas fini est laissé au démarrage suivant, s’il y a --data
help-serve-public-url = Le début des liens et du catalogue, par exemple https://cloud.example.org ; sans elle, le nom sous lequel chaque client a appelé le service
help-serve-dev-insecure = Écoute avec --dev là où d’autres machines peuvent l’atteindre
help-serve-node-url = L’adresse par laquelle les autres nœuds atteignent celui-ci, par exemple https://node1.example.org:8774 ; avec --data postgres://…, ils transmettent les requêtes au nœud qui dirige. Par défaut ce que dit --listen, ou le nom de la machine si ce sont toutes ses adresses
help-serve-node-name = Le nom de ce nœud. Par défaut celui de la machine
help-serve-tls-cert = Parle TLS avec ce certificat en PEM, suivi de ceux de ses autorités
help-serve-tls-key = La clé de ce certificat, en PEM, non chiffrée
help-serve-tls-ca = L’autorité par laquelle les clients vérifient ce certificat, si elle n’est pas connue de tous ; elle est écrite dans clouds.yaml
help-serve-tls-client-ca = N’admet que les clients qui ont un certificat de ces autorités, en PEM
help-serve-tls-client-optional = Admet aussi les clients sans certificat ; celui qui est montré doit être valable quand même
help-serve-tls-self-signed = Parle TLS avec un certificat que le service se fait lui-même, gardé dans --data ou pour ce processus ; pour commencer vite
help-serve-http2 = Propose HTTP/2 sur TLS, à côté de HTTP/1.1 : yes ou no. Sans cela, oui
help-serve-plain-http = Écoute sans TLS là où d’autres machines peuvent l’atteindre ; mots de passe et jetons peuvent être lus en chemin. Pour un service derrière un mandataire qui parle TLS
help-serve-console = Servir la console, des pages sous /console/ pour les utilisateurs du cloud : yes ou no. Sans cela, oui avec --dev ou là où aucune autre machine n’atteint le service
help-serve-until-input-ends = S’arrête à la fin de l’entrée standard : celui qui l’a démarré n’est plus là
help-serve-write-clouds-yaml = Écrit ici un clouds.yaml pour les clients, mots de passe compris, dès que le service écoute
help-serve-record = Écrit ici une ligne en JSON par requête terminée, que « simulate --trace » peut rejouer : qui a demandé quoi, et ce qui en est advenu ; ni corps, ni jeton, ni mot de passe
help-serve-audit-log = Ajoute ici une ligne en JSON, aux noms de CADF, par connexion, par modification et par refus : qui a fait quoi, d’où, avec quel résultat ; jamais de mot de passe, de jeton ni de corps
help-serve-audit-on-full = Ce que devient une requête qui modifie quelque chose quand le journal d’audit ne prend plus rien : drop (elle est faite, et une ligne dit combien manquent) ou refuse (503, rien n’est fait)
help-serve-worlds = Combien de mondes peuvent être créés à côté du cloud du service, de 0 à 1 000 ; sans elle : 1 000 avec --dev, aucun sinon
help-serve-control-token = Le jeton qui permet de créer, de réinitialiser et de supprimer des mondes. Sans elle, un jeton est tiré au sort et affiché au démarrage s’il peut y avoir des mondes ; avec --dev, sur une adresse de cette machine, il n’en faut pas
help-serve-log = Ce qui est journalisé : off, error, warn, info, debug (les lectures aussi), trace ; ou un tel niveau pour une partie du programme, comme dans info,guichet_http=debug
help-serve-log-format = La forme des lignes du journal sur la sortie d’erreur : text (des colonnes) ou json (un objet par ligne)
help-run-about = Exécute une commande avec un cloud à elle, qu’elle trouve dans son environnement (OS_*)
help-run-after = Codes de sortie : celui de la commande ; 128 plus le numéro du signal si un signal l’a terminée ; 2 entrée erronée.
help-run-config = De quoi le cloud est fait, comme pour serve ; sans elle, celui de « serve --dev »
help-run-profile = Le comportement des machines : instant, fast, realistic, flaky, ou votre fichier TOML
help-run-seed = La graine dont vient le hasard des machines
help-run-speed = Secondes du cloud par seconde, par exemple 1000
help-run-jump = Fait finir tout ce qui est en cours avant chaque requête : personne n’attend une machine
help-run-worlds = Combien de mondes la commande peut créer
help-run-command = La commande et ses arguments
help-config-about = Vérifie, affiche et relit la configuration d’un service
help-config-check-about = Dit si une configuration est correcte, et sinon ce qui ne va pas et où
help-config-check-file = La configuration
help-config-show-about = Affiche ce qui vaut : le fichier, l’environnement et ces options ensemble, sans les mots de passe
help-config-default-about = Affiche une configuration qui dit tout ce qui vaut sans elle
help-config-reload-about = Fait relire sa configuration à un service en marche, comme « kill -HUP »
help-config-reload-url = Où est le service
help-config-reload-token = Le jeton de contrôle du service ; avec « serve --dev », il n’en faut pas
help-config-reload-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-config-reload-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-host-list-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-logs-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-operation-list-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-operation-show-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-project-list-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-project-show-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-queue-list-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-queue-show-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-quota-delete-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-quota-set-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-quota-show-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-role-list-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-server-delete-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-server-list-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-server-reset-state-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-server-show-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-token-list-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-token-revoke-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-user-list-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-user-show-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-wait-about = Attend qu’un service réponde
help-wait-after = Codes de sortie : 0 il répond, 1 il n’a pas répondu à temps, 2 entrée erronée.
help-wait-url = Où est le service
help-wait-timeout = Combien de temps attendre au plus
help-wait-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-clouds-yaml-about = Affiche un clouds.yaml pour les clients de serve
help-clouds-yaml-config = De quoi le cloud est fait : projets, utilisateurs, gabarits, images, réseaux, hôtes. Sans elle, un petit cloud tout fait
help-clouds-yaml-dev = Un cloud fixe pour les tests : projets et utilisateurs demo, alt et admin, mot de passe secret, gabarit m1.tiny, image cirros, réseau private, 10 serveurs par projet
help-clouds-yaml-url = Où se trouve le service
help-clouds-yaml-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-world-about = Crée, liste, réinitialise et supprime les mondes d’un service en marche : des clouds à part, pour les tests
help-world-create-about = Crée un monde : un cloud à part, à côté de celui du service
help-world-create-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-world-create-url = Où se trouve le service
help-world-create-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-world-create-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-world-create-config = De quoi le monde est fait, comme pour serve ; sans elle, il est fait comme le cloud du service
help-world-create-profile = Le comportement des machines : instant, fast, realistic, flaky
help-world-create-seed = La graine dont vient le hasard des machines
help-world-create-from = L’instantané dont il part, et le monde qui l’a : root/base, ou base tout court
help-world-create-idle = Le monde disparaît quand personne ne s’en est servi pendant cette durée
help-world-create-format = Ce qui est écrit sur la sortie standard : table (où il se trouve, et que faire ensuite), json (la réponse du service), env (des lignes pour le shell) ou clouds-yaml
help-world-list-about = Liste tous les mondes
help-world-list-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-world-list-url = Où se trouve le service
help-world-list-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-world-list-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-world-list-format = Ce qui est écrit sur la sortie standard : table (une ligne par monde) ou json (la réponse du service)
help-world-show-about = Montre un monde
help-world-show-id = Son identifiant ; root est le monde du service lui-même
help-world-show-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-world-show-url = Où se trouve le service
help-world-show-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-world-show-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-world-show-format = Ce qui est écrit sur la sortie standard : table (une phrase ou une ligne) ou json (la réponse du service)
help-world-reset-about = Remet un monde dans son état de départ, sans jetons : sans serveurs, ou comme son instantané
help-world-reset-id = Son identifiant ; root est le monde du service lui-même
help-world-reset-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-world-reset-url = Où se trouve le service
help-world-reset-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-world-reset-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-world-reset-format = Ce qui est écrit sur la sortie standard : table (une phrase ou une ligne) ou json (la réponse du service)
help-world-requests-about = Liste les dernières requêtes qu’un monde a reçues
help-world-requests-id = Son identifiant ; root est le monde du service lui-même
help-world-requests-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-world-requests-url = Où se trouve le service
help-world-requests-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-world-requests-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-world-requests-format = Ce qui est écrit sur la sortie standard : table (une ligne par requête) ou json (la réponse du service)
help-world-requests-method = Seulement celles de cette méthode
help-world-requests-path = Seulement celles pour ce chemin, par exemple /compute/v2.1/servers ; * remplace n’importe quel texte
help-world-requests-status = Seulement celles qui ont eu cette réponse, par exemple 202 ou 4* ; 0 : celles qui n’en ont pas eu
help-world-remember-about = Dit combien de requêtes un monde retient, et si c’est avec leur corps et des en-têtes
help-world-remember-id = Son identifiant ; root est le monde du service lui-même
help-world-remember-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-world-remember-url = Où se trouve le service
help-world-remember-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-world-remember-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-world-remember-format = Ce qui est écrit sur la sortie standard : table (une phrase) ou json (la réponse du service)
help-world-remember-most = Combien, parmi les dernières
help-world-remember-bodies = Avec les corps jusqu’à cette longueur en octets, sans ce qu’ils ont de secret ; 0 : sans
help-world-remember-header = Avec cet en-tête, par exemple X-OpenStack-Nova-API-Version ; peut être donné plusieurs fois
help-world-operations-about = Liste les dernières opérations d’un monde, et ce qu’elles sont devenues
help-world-operations-id = Son identifiant ; root est le monde du service lui-même
help-world-operations-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-world-operations-url = Où se trouve le service
help-world-operations-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-world-operations-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-world-operations-format = Ce qui est écrit sur la sortie standard : table (une ligne par opération) ou json (la réponse du service)
help-world-operations-request = Seulement celles de la requête qui a cet identifiant
help-world-operations-action = Seulement celles qui font cela, par exemple create
help-world-operations-state = Seulement celles qui sont queued, running, succeeded, failed ou cancelled
help-world-operations-server = Seulement celles des serveurs qui ont ce nom ou cet identifiant ; * remplace n’importe quel texte
help-world-end-about = Supprime un monde sur-le-champ ; ce qui y est en cours est abandonné
help-world-end-id = Son identifiant ; root est le monde du service lui-même
help-world-end-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-world-end-url = Où se trouve le service
help-world-end-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-world-end-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-world-end-format = Ce qui est écrit sur la sortie standard : table (une phrase ou une ligne) ou json (la réponse du service)
help-clock-about = Arrête, accélère ou fait avancer le temps d’un monde
help-clock-show-about = Montre le temps d’un monde
help-clock-show-world = L’identifiant du monde ; root est le monde du service lui-même
help-clock-show-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-clock-show-url = Où se trouve le service
help-clock-show-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-clock-show-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-clock-show-format = Ce qui est écrit sur la sortie standard : table (une phrase) ou json (la réponse du service)
help-clock-freeze-about = Arrête le temps d’un monde
help-clock-freeze-world = L’identifiant du monde ; root est le monde du service lui-même
help-clock-freeze-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-clock-freeze-url = Où se trouve le service
help-clock-freeze-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-clock-freeze-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-clock-freeze-format = Ce qui est écrit sur la sortie standard : table (une phrase) ou json (la réponse du service)
help-clock-jump-about = Fait sauter le temps d’un monde, avant chaque requête, là où rien n’est plus en cours
help-clock-jump-world = L’identifiant du monde ; root est le monde du service lui-même
help-clock-jump-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-clock-jump-url = Où se trouve le service
help-clock-jump-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-clock-jump-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-clock-jump-format = Ce qui est écrit sur la sortie standard : table (une phrase) ou json (la réponse du service)
help-clock-run-about = Relance le temps d’un monde, à sa vitesse habituelle ou plus vite
help-clock-run-world = L’identifiant du monde ; root est le monde du service lui-même
help-clock-run-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-clock-run-url = Où se trouve le service
help-clock-run-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-clock-run-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-clock-run-format = Ce qui est écrit sur la sortie standard : table (une phrase) ou json (la réponse du service)
help-clock-advance-about = Fait avancer le temps d’un monde, d’un événement au suivant
help-clock-advance-world = L’identifiant du monde ; root est le monde du service lui-même
help-clock-advance-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-clock-advance-url = Où se trouve le service
help-clock-advance-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-clock-advance-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-clock-advance-format = Ce qui est écrit sur la sortie standard : table (une phrase) ou json (la réponse du service)
help-clock-run-speed = Secondes du monde par seconde, par exemple 60
help-clock-advance-by = De cette durée, par exemple 90s ou 2h
help-clock-advance-to = Jusqu’à cet instant, par exemple 2026-12-01T00:00:00Z
help-clock-advance-until-idle = Jusqu’à ce qu’aucune opération ne soit en attente ni en cours
help-clock-tokens-about = Fait suivre aux jetons et aux débits d’un monde son propre temps, ou de nouveau le temps réel
help-clock-tokens-time = Le temps selon lequel les jetons expirent et les débits sont comptés : real ou world
help-clock-tokens-world = L’identifiant du monde ; root est le monde du service lui-même
help-clock-tokens-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-clock-tokens-url = Où se trouve le service
help-clock-tokens-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-clock-tokens-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-clock-tokens-format = Ce qui est écrit sur la sortie standard : table (une phrase) ou json (la réponse du service)
help-snapshot-about = Prend des instantanés d’un monde, y revient, et en fait des mondes
help-snapshot-take-about = Prend un instantané d’un monde : tout, à un même moment, avec ce qui est en cours
help-snapshot-take-name = Le nom de l’instantané : des lettres de a à z, des chiffres et . _ -
help-snapshot-take-replace = À la place d’un instantané de ce nom, s’il y en a un
help-snapshot-take-world = L’identifiant du monde ; root est le monde du service lui-même
help-snapshot-take-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-snapshot-take-url = Où se trouve le service
help-snapshot-take-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-snapshot-take-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-snapshot-take-format = Ce qui est écrit sur la sortie standard : table (une ligne par instantané) ou json (la réponse du service)
help-snapshot-list-about = Liste les instantanés d’un monde
help-snapshot-list-world = L’identifiant du monde ; root est le monde du service lui-même
help-snapshot-list-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-snapshot-list-url = Où se trouve le service
help-snapshot-list-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-snapshot-list-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-snapshot-list-format = Ce qui est écrit sur la sortie standard : table (une ligne par instantané) ou json (la réponse du service)
help-snapshot-show-about = Montre un instantané
help-snapshot-show-name = Le nom de l’instantané : des lettres de a à z, des chiffres et . _ -
help-snapshot-show-world = L’identifiant du monde ; root est le monde du service lui-même
help-snapshot-show-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-snapshot-show-url = Où se trouve le service
help-snapshot-show-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-snapshot-show-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-snapshot-show-format = Ce qui est écrit sur la sortie standard : table (une ligne par instantané) ou json (la réponse du service)
help-snapshot-restore-about = Remet le monde comme l’instantané l’a gardé ; ses jetons restent valables
help-snapshot-restore-name = Le nom de l’instantané : des lettres de a à z, des chiffres et . _ -
help-snapshot-restore-world = L’identifiant du monde ; root est le monde du service lui-même
help-snapshot-restore-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-snapshot-restore-url = Où se trouve le service
help-snapshot-restore-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-snapshot-restore-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-snapshot-restore-format = Ce qui est écrit sur la sortie standard : table (une ligne par instantané) ou json (la réponse du service)
help-snapshot-fork-about = Fait un monde qui commence comme un autre est à présent, ou comme un de ses instantanés
help-snapshot-fork-name = L’instantané dont il part ; sans lui, le monde tel qu’il est à présent
help-snapshot-fork-profile = Le comportement des machines : instant, fast, realistic ou flaky ; sans lui, celui de l’autre monde
help-snapshot-fork-idle = Il prend fin quand personne ne s’en est servi depuis ce temps
help-snapshot-fork-world = L’identifiant du monde ; root est le monde du service lui-même
help-snapshot-fork-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-snapshot-fork-url = Où se trouve le service
help-snapshot-fork-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-snapshot-fork-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-snapshot-fork-format = Ce qui est écrit sur la sortie standard : table (où il se trouve), json (la réponse du service), env (des lignes pour le shell) ou clouds-yaml
help-snapshot-export-about = Écrit un instantané sous forme d’un document JSON
help-snapshot-export-name = Le nom de l’instantané : des lettres de a à z, des chiffres et . _ -
help-snapshot-export-world = L’identifiant du monde ; root est le monde du service lui-même
help-snapshot-export-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-snapshot-export-url = Où se trouve le service
help-snapshot-export-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-snapshot-export-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-snapshot-export-format = Ce qui est écrit sur la sortie standard : table (une ligne par instantané) ou json (la réponse du service)
help-snapshot-import-about = Fait un instantané d’un document JSON, à la place de celui de ce nom
help-snapshot-import-name = Le nom de l’instantané : des lettres de a à z, des chiffres et . _ -
help-snapshot-import-file = Le document ; - est l’entrée standard
help-snapshot-import-world = L’identifiant du monde ; root est le monde du service lui-même
help-snapshot-import-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-snapshot-import-url = Où se trouve le service
help-snapshot-import-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-snapshot-import-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-snapshot-import-format = Ce qui est écrit sur la sortie standard : table (une ligne par instantané) ou json (la réponse du service)
help-snapshot-delete-about = Supprime un instantané ; les mondes qui en sont partis continuent
help-snapshot-delete-name = Le nom de l’instantané : des lettres de a à z, des chiffres et . _ -
help-snapshot-delete-world = L’identifiant du monde ; root est le monde du service lui-même
help-snapshot-delete-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-snapshot-delete-url = Où se trouve le service
help-snapshot-delete-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-snapshot-delete-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-snapshot-delete-format = Ce qui est écrit sur la sortie standard : table (une ligne par instantané) ou json (la réponse du service)
help-fault-about = Fait échouer des requêtes et des opérations d’un monde : lesquelles, quand et comment
help-fault-add-about = Fait échouer des requêtes ou des opérations d’un monde à partir de maintenant
help-fault-add-fields = Ce que dit la règle, par exemple on=request method=POST path=/compute/v2.1/servers nth=3 do=answer status=503 ; ou bien scenario=outage, brown-out, api-throttled, flapping, creates-fail ou host-dies
help-fault-add-world = L’identifiant du monde ; root est le monde du service lui-même
help-fault-add-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-fault-add-url = Où se trouve le service
help-fault-add-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-fault-add-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-fault-add-format = Ce qui est écrit sur la sortie standard : table (une phrase par règle) ou json (la réponse du service)
help-fault-list-about = Liste les règles d’un monde, et ce qu’elles ont touché
help-fault-list-world = L’identifiant du monde ; root est le monde du service lui-même
help-fault-list-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-fault-list-url = Où se trouve le service
help-fault-list-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-fault-list-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-fault-list-format = Ce qui est écrit sur la sortie standard : table (une phrase par règle) ou json (la réponse du service)
help-fault-clear-about = Retire des règles d’un monde : celle d’un numéro, ou toutes
help-fault-clear-rule = Le numéro de la règle ; sans lui, toutes
help-fault-clear-world = L’identifiant du monde ; root est le monde du service lui-même
help-fault-clear-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-fault-clear-url = Où se trouve le service
help-fault-clear-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-fault-clear-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-fault-clear-format = Ce qui est écrit sur la sortie standard : table (une phrase par règle) ou json (la réponse du service)
help-project-about = Montre les projets d’un service en marche
help-project-list-about = Liste les projets
help-project-list-limit = Combien au plus
help-project-list-offset = En omet autant au début
help-project-list-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-project-list-url = Où se trouve le service
help-project-list-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-project-list-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-project-show-about = Montre un projet
help-project-show-name = Son nom ou son identifiant
help-project-show-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-project-show-url = Où se trouve le service
help-project-show-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-project-show-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-user-about = Montre les utilisateurs d’un service en marche
help-user-list-about = Liste les utilisateurs, avec ce qu’ils peuvent faire et où
help-user-list-limit = Combien au plus
help-user-list-offset = En omet autant au début
help-user-list-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-user-list-url = Où se trouve le service
help-user-list-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-user-list-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-user-show-about = Montre un utilisateur
help-user-show-name = Son nom ou son identifiant
help-user-show-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-user-show-url = Où se trouve le service
help-user-show-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-user-show-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-role-about = Montre les rôles que les utilisateurs peuvent avoir
help-role-list-about = Liste les rôles qui existent, et ce que chacun comprend
help-role-list-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-role-list-url = Où se trouve le service
help-role-list-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-role-list-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-quota-about = Montre ce qu’un projet peut détenir, et le change
help-quota-show-about = Montre ce qu’un projet peut détenir, et ce qu’il détient
help-quota-show-name = Son nom ou son identifiant
help-quota-show-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-quota-show-url = Où se trouve le service
help-quota-show-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-quota-show-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-quota-set-about = Fixe ce qu’un projet peut détenir désormais
help-quota-set-name = Son nom ou son identifiant
help-quota-set-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-quota-set-url = Où se trouve le service
help-quota-set-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-quota-set-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-quota-set-instances = Autant de serveurs ; -1 : n’importe quel nombre
help-quota-set-cores = Autant de processeurs virtuels ; -1 : n’importe quel nombre
help-quota-set-ram = Autant de mémoire, en Mio ; -1 : n’importe combien
help-quota-set-force = Même en dessous de ce qui est utilisé
help-quota-delete-about = Rend à un projet son quota déclaré
help-quota-delete-name = Son nom ou son identifiant
help-quota-delete-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-quota-delete-url = Où se trouve le service
help-quota-delete-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-quota-delete-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-token-about = Compte les jetons, et y met fin
help-token-list-about = Compte les jetons de chaque utilisateur ; aucun n’est montré
help-token-list-limit = Combien au plus
help-token-list-offset = En omet autant au début
help-token-list-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-token-list-url = Où se trouve le service
help-token-list-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-token-list-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-token-revoke-about = Met fin à tous les jetons d’un utilisateur, ou pour un projet
help-token-revoke-user = Ceux de cet utilisateur
help-token-revoke-project = Ceux pour ce projet
help-token-revoke-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-token-revoke-url = Où se trouve le service
help-token-revoke-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-token-revoke-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-operation-about = Montre les opérations : ce qui a été demandé, ce qu’il en est, le temps pris
help-operation-list-about = Liste les dernières opérations, la dernière en tête
help-operation-list-project = Seulement celles de ce projet
help-operation-list-server = Seulement celles du serveur de cet identifiant
help-operation-list-state = Seulement celles qui sont queued, running, succeeded, failed ou cancelled
help-operation-list-limit = Combien au plus
help-operation-list-offset = En omet autant au début
help-operation-list-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-operation-list-url = Où se trouve le service
help-operation-list-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-operation-list-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-operation-show-about = Montre une opération
help-operation-show-id = Son identifiant : celui de son serveur, une barre oblique et son numéro
help-operation-show-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-operation-show-url = Où se trouve le service
help-operation-show-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-operation-show-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-queue-about = Montre ce qui attend
help-queue-list-about = Liste les projets qui ont le plus en file, et depuis quand le plus ancien attend
help-queue-list-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-queue-list-url = Où se trouve le service
help-queue-list-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-queue-list-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-queue-show-about = Montre les opérations qui viennent ensuite
help-queue-show-limit = Combien au plus
help-queue-show-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-queue-show-url = Où se trouve le service
help-queue-show-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-queue-show-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-host-about = Montre les hôtes, combien ils sont remplis, et les vide
help-host-list-about = Liste les hôtes, les plus remplis en tête, et ceux qui ne prennent pas de serveurs
help-host-list-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-host-list-url = Où se trouve le service
help-host-list-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-host-list-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-server-about = Montre les serveurs de tous les projets, corrige leur état, les supprime
help-server-list-about = Liste les serveurs de tous les projets, les plus récents en tête
help-server-list-project = Seulement ceux de ce projet
help-server-list-status = Seulement ceux de ce statut, par exemple ERROR
help-server-list-marker = Seulement ceux qui suivent le serveur de cet identifiant
help-server-list-limit = Combien au plus
help-server-list-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-server-list-url = Où se trouve le service
help-server-list-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-server-list-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-server-show-about = Montre un serveur
help-server-show-id = Son identifiant
help-server-show-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-server-show-url = Où se trouve le service
help-server-show-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-server-show-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-server-reset-state-about = Déclare un serveur actif ou en panne, quoi qu’on ait constaté ; ce qui tourne pour lui est abandonné
help-server-reset-state-id = Son identifiant
help-server-reset-state-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-server-reset-state-url = Où se trouve le service
help-server-reset-state-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-server-reset-state-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-server-reset-state-state = Ce qu’il est déclaré : active ou error
help-server-delete-about = Supprime un serveur, comme le ferait son propriétaire
help-server-delete-id = Son identifiant
help-server-delete-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-server-delete-url = Où se trouve le service
help-server-delete-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-server-delete-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-logs-about = Écrit ce qui se passe dans un service, à mesure, et ce qui s’est passé
help-logs-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-logs-url = Où se trouve le service
help-logs-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-logs-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-logs-server = Seulement les entrées du serveur de cet identifiant
help-logs-project = Seulement les entrées de ce projet
help-logs-request = Seulement les entrées de la requête de cet identifiant
help-logs-kind = Seulement les entrées de ce genre, par exemple failed ou refused
help-completions-about = Écrit ce dont un interpréteur a besoin pour compléter commandes et options
help-completions-shell = Pour quel interpréteur : bash, elvish, fish, powershell ou zsh
help-man-about = Écrit les pages de manuel, une par commande
help-man-dir = Où les écrire, un fichier par commande ; créé s’il n’existe pas
help-backup-about = Copie toutes les données dans un seul fichier, même pendant que des services y tournent
help-backup-after = Codes de sortie : 0 tout va bien, 2 entrée erronée, 130 interrompu.
help-backup-data = Le répertoire de données, ou une base, sous la forme postgres://USER@HOST/DATABASE ; des services peuvent y tourner. À la suite, « ?cell=NAME » désigne une autre cellule que la première
help-backup-dest = Le fichier à écrire, qui ne doit pas exister
help-restore-about = Remet une sauvegarde dans un répertoire de données vide, ou dans une base vide
help-restore-after = Codes de sortie : 0 tout va bien, 1 quelque chose est faux dans la sauvegarde, 2 entrée erronée, 130 interrompu.
help-restore-data = Le répertoire de données, ou une base, sous la forme postgres://USER@HOST/DATABASE, avec « ?cell=NAME » pour une autre cellule que la première ; il ne doit pas y avoir de données
help-restore-backup = Le fichier que guichet backup a écrit, d’un répertoire ou d’une base
help-verify-about = Vérifie tout ce qui doit être vrai dans un répertoire de données, ou dans une base
help-verify-after = Codes de sortie : 0 tout va bien, 1 quelque chose est faux, 2 entrée erronée.
help-verify-data = Le répertoire de données, où aucun service ne doit tourner ; ou une base, sous la forme postgres://USER@HOST/DATABASE, où il peut en tourner. À la suite, « ?cell=NAME » désigne une autre cellule que la première
help-data-about = Déplace des données entre un répertoire et une base
help-data-copy-about = Copie toutes les données d’un répertoire dans une base, ou l’inverse, et compare les deux
help-data-copy-after =
    Rien ne doit tourner ni sur FROM ni sur TO. FROM reste tel quel ; ensuite, ne servez que l’un des deux.
    PGPASSWORD est le mot de passe d’une base.
    Codes de sortie : 0 tout va bien, 1 quelque chose est faux dans ce qui a été copié, 2 entrée erronée, 130 interrompu.
help-data-copy-from = Un répertoire de données, ou une base, sous la forme postgres://USER@HOST/DATABASE, avec « ?cell=NAME » pour une autre cellule que la première
help-data-copy-to = Un répertoire ou une base sans données
help-report-about = Met côte à côte les résultats de plusieurs exécutions, ou de plusieurs comparaisons
help-report-results = Deux résultats ou plus : ce que simulate, ou compare, a écrit avec --format json
help-report-report = Écrit un rapport dans ce fichier : une page HTML avec des graphiques, qui se suffit à elle-même
help-race-about = Montre ce qui tourne mal sans le verrou, et que rien ne tourne mal avec lui
help-race-after = Codes de sortie : 0 le verrou tient dans tous les entrelacements et, sans lui, quelque chose a cassé (ou l’entrelacement rejoué montre ce qu’il annonce), 1 sinon, 2 entrée erronée.
help-race-clients = Clients qui s’affrontent d’abord, chacun dans un vrai thread
help-race-requests = Requêtes qu’ils envoient au plus ; ils s’arrêtent quand chaque sorte de dégât s’est montrée
help-race-seed = La graine dont vient ce qu’ils demandent. L’ordre dans lequel les vrais threads avancent n’en vient pas : c’est le système qui en décide
help-race-with = Explore aussi un gestionnaire qui a un sémaphore à N jetons à la place du verrou
help-race-states = États d’un gestionnaire explorés au plus ; ce qui manque alors est dit
help-race-replay = Remontre un seul entrelacement, celui d’une ligne « rejouer avec », et rien d’autre
help-race-format = Ce qui est écrit sur la sortie standard : table (un résumé à lire) ou json (un objet)
help-race-report = Écrit un rapport dans ce fichier : une page HTML avec les chronologies, qui se suffit à elle-même
help-race-quiet = Ne dit pas ce qui est en train de se faire
help-tp-about = L’énoncé du TP : le parcourir point par point, ou vérifier une classe qui le résout
help-tp-point = Le point de l’énoncé, de 1 à 12. Sans lui : la liste des points
help-tp-answer = Montre aussi la réponse à la question
help-tp-check-about = Vérifie un ServeurManager écrit en Python : l’exécute dans de nombreux entrelacements et montre ce qui casse
help-tp-check-after =
    Codes de sortie : 0 rien n’a été trouvé dans les entrelacements essayés (ce qui ne prouve rien), 1 quelque chose a été trouvé, 2 entrée erronée : fichier absent, aucune classe à vérifier, Python ne peut pas le lire, pas de Python, 130 interrompu.
    Les fichiers sont exécutés, chacun dans un processus à lui avec des limites. Ce n’est pas un bac à sable.
help-tp-check-files = Des fichiers contenant chacun une classe, en Python 3.9 ou plus récent, avec sa bibliothèque standard
help-tp-check-class = La classe, quand un fichier en a plusieurs qui conviendraient
help-tp-check-map = Quelle méthode fait quoi, quand son nom ne le dit pas (creer…, create…, supprimer…, delete…, redemarrer…, reboot…, lister…, list… sont connus)
help-tp-check-preemptions = Combien de fois, au plus, un entrelacement prend la main à un thread qui pourrait continuer
help-tp-check-schedules = Entrelacements au plus pour une classe
help-tp-check-time = Secondes pour un fichier, après quoi la vérification est arrêtée
help-tp-check-python = Le Python qui exécute les fichiers
help-tp-check-report = Écrit aussi une page dans ce fichier : le code et, à côté, les entrelacements les plus courts, à suivre pas à pas ou à quitter. Pour une seule classe à la fois
help-tp-check-format = Ce qui est écrit sur la sortie standard : table (un résumé à lire) ou json (un tableau avec un objet par fichier)

## Ce qui est faux dans une commande

error-join = {" : "}
cli-usage = Utilisation : { $usage }
cli-more = Pour en savoir plus : --help
cli-error-no-value = { $arg } : il manque une valeur
cli-error-value = { $arg } : { $value } ne convient pas ; attendu : { $known }
cli-error-wrong = { $arg } : { $value } ne convient pas : { $why }
cli-error-unknown = il n’y a pas d’option { $arg }
cli-error-command = il n’y a pas de commande { $command }
cli-error-similar = { $sentence } ; vouliez-vous dire { $suggested } ?
cli-error-twice = { $arg } est donné deux fois
cli-error-conflict = { $arg } et { $other } ne vont pas ensemble
cli-error-missing = il manque { $arg }
cli-error-no-command = il manque une commande
cli-error-utf8 = ce qui a été tapé n’est pas de l’UTF-8
cli-error-other = { $arg } ne peut pas être compris
expected-whole = attendu : un nombre entier de { $min } à { $max }
expected-speed = attendu : un nombre décimal de { $min } à { $max } ; au-delà, utilisez --virtual-time, où attendre ne coûte rien

## tp check : une classe dans de nombreux entrelacements

check-none = aucune
check-a-thread = un thread
check-a-lock = un verrou
check-or = { $first } ou { $last }
check-schedules = { $count ->
    [one] { $count } entrelacement
   *[other] { $count } entrelacements
}
check-heading = { $file } : classe { $class }, méthodes { $methods }
check-cut-short = Arrêté au bout du temps accordé ; ce qui a été trouvé jusque-là :
check-nothing = Rien trouvé en { $schedules }
check-kinds = { $count ->
    [one] { $count } sorte d’erreur trouvée en { $schedules }
   *[other] { $count } sortes d’erreurs trouvées en { $schedules }
}
check-depth-none = , dont tous ceux prévus sans interruption
check-depth = { $count ->
    [one] , jusqu’à { $count } interruption
   *[other] , jusqu’à { $count } interruptions
}
check-stopped-time =  ; arrêté par la limite de temps (--time), une nouvelle exécution ira peut-être plus loin
check-stopped-schedules =  ; arrêté par --schedules
check-stopped-stuck =  ; un client seul reste bloqué, rien d’autre n’a été essayé
check-stopped-stubborn =  ; arrêté parce qu’un thread n’a pas pu être terminé
check-stopped-cut =  ; --schedules permet d’en essayer davantage
check-no-proof = Cela ne prouve pas que la classe est juste.
check-stray = La classe ne fait pas chaque fois la même chose (hasard, dates) : certains entrelacements n’ont pas pu être exécutés comme prévu.
check-headed-none = { $title } (sans aucune interruption)
check-headed = { $count ->
    [one] { $title } ({ $count } interruption)
   *[other] { $title } ({ $count } interruptions)
}
check-before = avant : { $calls }
check-before-nothing = avant : rien
check-not-shown = { $title } : le temps a manqué pour le montrer
check-step = étape
check-by = { $name } :
check-by-thread = ligne, par thread
check-takes = prend { $name }
check-gives = rend { $name }
check-waits = attend { $name }
check-puts = met dans { $name }
check-gets = retire de { $name }
check-submits = confie un travail à { $name }
check-starts = démarre { $name }
check-sleeps = dort { $seconds } s
check-ends = finit
check-stops-before = arrêté juste avant : { $access }
check-calls = appelle
check-reads = lit { $name }
check-writes = écrit { $name }
check-reads-something = lit
check-writes-something = écrit
check-title-lost-server = un serveur perdu
check-title-too-many-servers = plus de serveurs qu’il n’en est permis
check-title-double-delete = un serveur supprimé deux fois
check-title-resurrected = un serveur supprimé qui réapparaît
check-title-duplicate-id = deux serveurs avec le même identifiant
check-title-wrong-count = un compteur faux
check-title-wrong-answer = des réponses qu’aucun ordre des requêtes ne donne
check-title-empty-pop = un pop sur une liste vide
check-title-uncaught-exception = une exception là où il faudrait un refus
check-title-deadlock = une requête qui attend sans fin
check-title-lock-not-released = un verrou qui n’est jamais rendu
check-title-lock-over-sleep = un verrou tenu pendant un sleep
check-title-never-ends = une requête qui ne finit jamais
check-servers = { $count ->
    [one] À la fin, il y a { $count } serveur ; exécutées l’une après l’autre, ces requêtes en laisseraient { $expected }.
   *[other] À la fin, il y a { $count } serveurs ; exécutées l’une après l’autre, ces requêtes en laisseraient { $expected }.
}
check-double-delete = On a répondu à { $deletes } requêtes qu’elles avaient supprimé un serveur, alors qu’il y en avait un de moins à supprimer.
check-resurrected = { $labels } a été supprimé, et se trouve dans la liste à la fin.
check-duplicate-id = À la fin, deux serveurs sur { $count } ont le même identifiant.
check-wrong-answer = Les serveurs qui restent ne correspondent à aucun ordre des requêtes qui donnerait ces réponses.
check-raised-alone = Un seul client suffit : la ligne { $line } termine { $call } par { $error }. Le client devrait recevoir un refus.
check-raised = La ligne { $line } termine { $call } par { $error }. Le client devrait recevoir un refus.
check-counter = { $name } vaut { $value } à la fin ; exécutées l’une après l’autre, ces requêtes donneraient { $expected }.
check-waits-itself = { $who } attend, ligne { $line }, { $what } qu’il tient lui-même.
check-waits-other = { $who } attend, ligne { $line }, { $what } que tient { $owner }.
check-waits-nobody = { $who } attend, ligne { $line }, { $what }, et il ne reste personne pour le réveiller.
check-not-released = { $call } est fini et tient encore { $lock } : le prochain qui le veut attend sans fin. Avec with, un verrou est rendu quoi qu’il arrive.
check-over-sleep = La ligne { $line } dort en tenant { $lock }. { $requests } appels de { $method } par { $workers } threads prennent { $took } s ; si le verrou était rendu pendant le sleep, ils prendraient { $without } s. Le pool pourrait aller { $times } fois plus vite.
check-never-ends = Arrêté après { $steps } instructions : une boucle attend ce qui ne vient pas.
check-syntax = ligne { $line } : { $reason } : Python ne peut pas le lire
check-python = Python { $version } est trop ancien : il faut 3.9 ou plus récent
check-no-such-class = il n’y a pas de classe { $name } ; ses classes : { $there }
check-no-class = aucune classe n’a de méthodes pour créer et pour supprimer des serveurs. Donnez-la avec --class, et ses méthodes avec --map create=METHODE,delete=METHODE. Ses classes : { $there }
check-no-method = la classe { $class } n’a pas de méthode dont le nom dirait l’action { $kind } : donnez-la avec --map { $kind }=METHODE. Elle a : { $there }
check-no-such-method = la classe { $class } n’a pas de méthode { $name }. Elle a : { $there }
check-import = ligne { $line } : { $reason }, au chargement
check-import-ends-not = son chargement ne finit pas : mettez ce qui lance les clients sous if __name__ == "__main__":
check-refused-module = ligne { $line } : le fichier importe { $name }, que la vérification ne sait pas maîtriser : des threads seulement
check-coroutine = ses méthodes sont des coroutines (async def) : des threads seulement
check-create-fails = ligne { $line } : { $call } avec un seul thread et une liste vide : { $reason }
check-grows-not = { $call } n’ajoute rien à aucune liste, aucun dict ni set de l’objet, et aucune méthode ne donne la liste des serveurs. Si c’est un thread qui fait le travail, démarrez-le dans __init__
check-cannot-call = impossible de deviner comment appeler { $call } : donnez des valeurs par défaut à ses paramètres
check-delete-removes-not = { $call } n’a supprimé aucun serveur, quoi qu’on lui donne (nom, identifiant, objet, indice) : si c’est une autre méthode qui supprime, donnez-la avec --map delete=METHODE
check-memory = le fichier a pris plus de mémoire qu’il n’est permis (512 Mio)
check-recursion = le fichier s’appelle lui-même sans fin
check-other = impossible à vérifier : { $what }
check-not-utf8 = son chemin n’est pas de l’UTF-8 : renommez-le
check-no-file = ce n’est pas un fichier : donnez le fichier qui contient la classe
check-too-long = il dépasse 1 Mio, le plus qui soit lu
check-late = arrêté après { $seconds } s sans résultat : une boucle n’y finit pas, ou --time est trop court
check-too-much = il a produit plus de 4 Mio et a été arrêté
check-ended-with = Python s’est arrêté trop tôt : { $last }
check-ended-early = Python s’est arrêté trop tôt : le fichier a peut-être terminé son processus (os._exit), ou pris plus de mémoire qu’il n’est permis (512 Mio)
check-no-python = { $python } : { $error }. C’est Python 3.9 ou plus récent qui exécute la classe : installez-le (Debian et Ubuntu : apt install python3), ou donnez-le avec --python
check-stopped = la vérification a été interrompue
check-io = la vérification n’a pas pu avoir lieu : { $error }
check-expected-method = { $found } trouvé ; attendu : le nom d’une méthode
check-expected-pair = { $found } trouvé ; attendu : ACTION=METHODE, où ACTION est create, reboot, delete ou list
check-twice = { $kind } est donné deux fois
check-report-one = { $found } fichiers trouvés, un seul attendu : --report écrit la page d’une seule classe
check-files-most = { $found } fichiers donnés, { $most } au plus


## compare : le nom des choses

compare-work-io = travail qui attend
compare-work-cpu = travail qui calcule
compare-io = attend
compare-cpu = calcule
compare-sequential = le traitement une à une
compare-threads = un thread par requête
compare-pool = { $workers ->
    [one] un pool de 1 ouvrier
   *[other] un pool de { $workers } ouvriers
 }
compare-async = { $workers ->
    [one] async avec 1 tâche
   *[other] async avec { $workers } tâches
 }
compare-interval = intervalle à 95 % : de { $low } à { $high }

## compare : ce que disent les chiffres

compare-winner = { $work } : meilleur débit pour { $first }, { $rate } requêtes/s, soit { $ahead } celui obtenu par { $second }{ $verdict ->
    [draw] { " " }({ $interval }) ; l’écart ne dépasse pas le bruit : match nul
    [little] { " " }({ $interval }) ; l’écart dépasse le bruit, mais il est faible
    [unknown] { " " }; une seule exécution ne dit pas si l’écart dépasse le bruit
   *[more] { " " }({ $interval }) ; l’écart dépasse le bruit
 }.
compare-gain = { $work } : { $pool } va { $gain } plus vite que le traitement une à une ({ $interval }), { $rate } requêtes/s au lieu de { $alone }, soit { $each } par ouvrier.{ $verdict ->
    [slower] { " " }C’est plus lent que sans lui.
    [noise] { " " }L’écart ne dépasse pas le bruit : on n’y gagne rien ici.
   *[faster] { "" }
 }
compare-cores = { $work } : ce sont les cœurs qui limitent. Une requête coûte { $cpu } ms de processeur ; { $cores ->
    [one] un cœur en traite donc
   *[other] { $cores } cœurs en traitent donc
 } { $most } par seconde, et pas plus. { $pool } en occupe déjà { $busy } ; des ouvriers de plus ne font que se les partager.
compare-cores-shared = { $work } : ce sont les cœurs qui limitent. Une requête coûte { $cpu } ms de processeur ; { $cores ->
    [one] un cœur en traite donc
   *[other] { $cores } cœurs en traitent donc
 } { $most } par seconde, et pas plus. { $pool } en occupe déjà { $busy } (le reste de la machine, { $others }) ; des ouvriers de plus ne font que se les partager.
compare-waits = { $work } : une requête prend { $service } ms et coûte { $cpu } ms de processeur (part de son client comprise) ; pendant que l’une attend, d’autres avancent. { $pool } n’occupe que { $busy } { $cores ->
    [one] du seul cœur
   *[other] des { $cores } cœurs
 } : ce ne sont pas les cœurs qui limitent, mais le nombre de requêtes qui peuvent attendre en même temps.
compare-others = La machine n’était pas libre : d’autres programmes occupaient { $busy } { $cores ->
    [one] de son seul cœur
   *[other] de ses { $cores } cœurs
 } pendant ce temps ; le travail qui calcule a donc été plus lent qu’il ne peut l’être, et les intervalles sont plus larges. Refaites la comparaison quand elle le sera.
compare-turns = { $work } : une à une, la moitié des requêtes attend son tour { $alone } ms ou plus, contre { $wait } ms avec { $pool } ; de l’envoi à la fin, une sur cent prend { $alone_latency } ms ou plus, contre { $latency } ms.
compare-threads-stop = { $work } : { $pool } fait autant qu’un thread par requête ({ $rate } requêtes/s contre { $threads }) ; à partir de là, ces threads ne valent plus leur prix.
compare-threads-pay = { $work } : un thread par requête fait encore plus que tous les pools essayés, { $threads } requêtes/s contre { $rate } avec { $pool } : { $threads_flight } étaient en cours au plus, et non { $flight }.
compare-threads-cost = Une requête coûte { $threads_cpu } µs de processeur avec son propre thread et { $cpu } µs avec { $pool } ; { $threads_count } threads et { $threads_memory } Mio au plus, contre { $count } et { $memory }.
compare-both = Le même nombre d’ouvriers, mais une autre limite : avec { $pool }, un travail qui attend va { $waits } plus vite, et un travail qui calcule { $computes }. Les attentes se recouvrent ; les calculs, seulement s’il y a des cœurs ({ $cores } ici).
compare-permits = À partir de { $workers } ouvriers, c’est le sémaphore qui limite, et non le pool : { $permits ->
    [one] 1 jeton
   *[other] { $permits } jetons
 }, { $flight } en cours au plus, { $rate } requêtes/s avec { $pool }.
compare-clients = À partir de { $workers } ouvriers, ce sont les clients qui limitent, et non le pool : { $clients } en tout, avec une seule requête à la fois, donc { $flight } en cours au plus. Pour le remplir, donnez-en plus (--clients).
compare-queue-full = La file d’attente était pleine { $count ->
    [one] une fois
   *[other] { $count } fois
 } avec { $pool } : { $count ->
    [one] cette requête a été refusée, et non perdue
   *[other] ces requêtes ont été refusées, aucune n’a été perdue
 }.

## compare : les lois

compare-little = Loi de Little, en cours = débit × durée moyenne : { $best } ({ $best_work }) avait { $seen } opérations en cours en moyenne, et { $rate } requêtes/s × { $time } ms font { $product }. L’écart est le plus grand pour { $worst } ({ $worst_work }), { $worst_seen } et { $worst_product }, soit { $apart } : { $verdict ->
    [holds] elle se vérifie
   *[fails] elle ne s’y vérifie pas, parce que l’observateur a été retardé ou que le régime n’était pas stable
 }.
compare-amdahl-none = Loi d’Amdahl, { $model }, { $work } : la part séquentielle est trop petite pour être mesurée ; l’accélération croît avec le nombre d’ouvriers.
compare-amdahl-cores = Loi d’Amdahl, { $model }, { $work } : une part séquentielle de { $share } convient le mieux, et ce n’est pas celle du programme : { $cores ->
    [one] au-delà d’un ouvrier, on attend le seul cœur
   *[other] au-delà des { $cores } cœurs, les ouvriers les attendent
 }, ce que la loi prend pour du travail séquentiel.
compare-amdahl = Loi d’Amdahl, { $model }, { $work } : une part séquentielle de { $share } convient le mieux, celle des étapes qu’une seule requête franchit à la fois (file d’attente, verrou, processeurs) ; quel que soit le nombre d’ouvriers, on n’ira pas plus de { $most } plus vite.
compare-usl-unread = { $model }, { $work } : { $measured }. On ne lit aucune loi de passage à l’échelle dans ces tailles : elles dépassent { $cores ->
    [one] le seul cœur, dont elle ne sait rien
   *[other] les { $cores } cœurs, dont elle ne sait rien
 }.
compare-usl = Loi universelle de passage à l’échelle (USL), { $model }, { $work } : contention { $contention }, cohérence { $coherency }, à { $error } au plus d’un débit mesuré ; { $predicted } ; { $measured }.
compare-knee = son coude, au-delà duquel des ouvriers de plus ralentissent, est à { $knee }
compare-knee-far = son coude serait à { $knee } ouvriers, bien au-delà de ce qui a été essayé : autant dire qu’elle n’en a pas
compare-knee-none = elle n’a pas de coude : des ouvriers de plus ne ralentissent jamais
compare-measured = dans les mesures, { $best ->
    [one] 1 ouvrier en fait
   *[other] { $best } ouvriers en font
 } le plus
compare-measured-knee = dans les mesures, { $best ->
    [one] 1 ouvrier en fait
   *[other] { $best } ouvriers en font
 } le plus, et { $knee } autant, au bruit près

## compare : tableaux

compare-col-work = travail
compare-col-model = modèle
compare-col-workers = ouvriers
compare-col-rate = requêtes/s (95 %)
compare-col-speedup = accélération (95 %)
compare-col-efficiency = efficacité
compare-col-wait = attente ms p50
compare-col-latency = latence ms p50
compare-col-flight = en cours
compare-col-refused = refusées
compare-col-cpu = CPU s
compare-col-cpu-each = µs/requête
compare-col-busy = cœurs pris
compare-col-others = autres
compare-col-threads = threads
compare-col-memory = Mio
compare-col-switches = bascules

## compare : la page

compare-page-measured = Les mêmes requêtes tirées au hasard, de { $clients ->
    [one] 1 client
   *[other] { $clients } clients
 }, à travers { $models } : { $rows ->
    [one] 1 ligne mesurée
   *[other] { $rows } lignes, chacune mesurée
 } { $runs ->
    [one] une fois
   *[other] { $runs } fois
 } dans un processus à part, tour par tour, pour que ce qui varie sur la machine touche toutes les lignes de la même façon. Profil { $profile }, mélange { $mix }, { $cores ->
    [one] 1 cœur
   *[other] { $cores } cœurs
 }.
compare-page-holds = { $checked ->
    [one] { $checked } vérification a été faite après les exécutions, et elle est juste
   *[other] { $checked } vérifications ont été faites après les exécutions, et toutes sont justes
 }.
compare-page-broken = { $broken } des { $checked } vérifications ont ÉCHOUÉ : voir à la fin.
compare-page-rates = { $work } : le débit
compare-page-times = { $work } : les durées
compare-page-costs = { $work } : le coût
compare-page-io = Une requête passe l’essentiel de son temps à attendre, comme on attend un hyperviseur.
compare-page-cpu = Une requête passe l’essentiel de son temps à calculer.
compare-page-throughput = Le débit selon la taille du pool
compare-page-throughput-read = La médiane des exécutions avec son intervalle à 95 %. Les modèles sans pool sont placés au plus grand nombre d’opérations qu’ils ont eues en cours.
compare-page-logarithmic = Les deux axes sont logarithmiques : sur une droite de pente 1, le débit double quand le nombre d’ouvriers double.
compare-page-law = La loi et les mesures : { $model }
compare-page-law-read = Les médianes mesurées et, en tirets, la loi universelle de passage à l’échelle ajustée.
compare-page-speedup = L’accélération par ouvrier
compare-page-speedup-read = L’accélération par rapport au traitement une à une, divisée par le nombre d’ouvriers : à 100 %, on va autant de fois plus vite qu’il y a d’ouvriers. Là où une courbe descend, c’est autre chose que le pool qui limite.
compare-page-amdahl-read = En tirets, la loi d’Amdahl avec la part séquentielle ajustée.
compare-page-wait = L’attente
compare-page-wait-read = De l’acceptation d’une requête à son début : la moitié attend aussi longtemps que le point ou plus, une sur cent aussi longtemps que le haut de son trait ou plus. Les durées de moins de 1 µs sont dessinées à 1 µs.
compare-page-latency = La latence
compare-page-latency-read = De l’envoi à la fin, dessinée de la même façon : l’attente et le service.
compare-page-cpu-each = Le processeur par requête
compare-page-cpu-each-read = Le temps de processeur de tout le processus, clients compris, pour chaque requête exécutée.
compare-page-switches = Les bascules de threads par requête
compare-page-switches-read = Combien de fois le système a pris un cœur à un thread du processus pour le donner à un autre.
compare-page-figures = Tous les chiffres
compare-page-violation = Faux : { $what }
compare-page-best = { $name } : { $rate }/s
compare-page-fitted = { $model }, loi ajustée
compare-page-amdahl = { $model }, Amdahl { $share }
compare-axis-workers = ouvriers
compare-axis-rate = requêtes/s
compare-axis-each = accélération par ouvrier, %
compare-axis-ms = ms
compare-axis-cpu = µs de processeur
compare-axis-switches = bascules de threads

## compare : le programme

compare-heading = guichet compare : { $rows ->
    [one] 1 ligne
   *[other] { $rows } lignes
 } de { $runs ->
    [one] 1 exécution
   *[other] { $runs } exécutions
 }, plus une exécution de chauffe qui ne compte pas, { $each } : au plus { $time }
compare-heading-about = environ { $seconds } s chacune
compare-heading-requests = { $requests ->
    [one] 1 requête
   *[other] { $requests } requêtes
 } chacune
compare-heading-load = { $clients ->
    [one] 1 client
   *[other] { $clients } clients
 }, mélange { $mix }, profil { $profile }, { $cores ->
    [one] 1 cœur
   *[other] { $cores } cœurs
 }, graine { $seed }
compare-bar = {"{bar:40}"} {"{percent}"} %  encore {"{eta}"}
compare-broken = rompu : { $what }
compare-of-row = { $row } ({ $work }) : { $what }
compare-of-first = première exécution : { $what }
compare-invariants = invariants : { $checked ->
    [one] { $checked } vérifié
   *[other] { $checked } vérifiés
 }, { $broken ->
    [one] { $broken } rompu
   *[other] { $broken } rompus
 }
compare-too-long = cette comparaison prendrait environ { $time }, et rien de plus de { $most } n’est entrepris : prenez un --profile plus rapide, ou moins de --requests, --runs, --models ou --workers
compare-sizes = --workers : { $found } tailles données, { $most } au plus attendues
compare-run-of = l’exécution de { $model } avec { $workers ->
    [one] 1 ouvrier
   *[other] { $workers } ouvriers
 }
output-standard = sortie standard

## report : avec quoi chaque page a été faite

report-fact-command = commande
report-fact-seed = graine
report-fact-version = version
report-fact-machine = machine
report-fact-created = créée le
report-fact-run = exécution
report-machine = { $system } ({ $architecture }), { $cores ->
    [one] 1 cœur
   *[other] { $cores } cœurs
 }, { $processor }
report-machine-cores-unknown = { $system } ({ $architecture }), nombre de cœurs inconnu, { $processor }
report-processor-unknown = processeur inconnu
report-cannot = { $path } : écriture impossible
report-is-read = { $flag } : { $path } est lu par cette exécution ; donnez un autre fichier
report-is-written = { $flag } : { $path } est écrit par cette exécution ; donnez un autre fichier

## report : une exécution, ce qu’elle a donné

report-unit-days = jours
report-load-closed = { $clients ->
    [one] 1 client, qui attend la fin de sa requête précédente
   *[other] { $clients } clients, chacun attendant la fin de sa requête précédente
 }
report-load-open = { $clients ->
    [one] 1 client
   *[other] { $clients } clients
 }, { $rate } requêtes par seconde
report-load-bursts = { $load }, pics { $bursts }
report-load-trace = une trace de { $clients ->
    [one] 1 client
   *[other] { $clients } clients
 }
report-setup = { $load } ; modèle { $model }, { $flight } en cours au plus, file de { $queue }, profil { $profile }
report-setup-virtual = { $load } ; modèle { $model }, { $flight } en cours au plus, file de { $queue }, profil { $profile }, en temps virtuel
report-interrupted = L’exécution a été interrompue : voici ce qui s’est passé jusque-là.
report-requests-sent = { $sent ->
    [one] { $sent } requête
   *[other] { $sent } requêtes
 } en { $time } : { $accepted ->
    [one] { $accepted } acceptée
   *[other] { $accepted } acceptées
 }, { $refused ->
    [one] { $refused } refusée
   *[other] { $refused } refusées
 }.
report-requests-repeated = { $sent ->
    [one] { $sent } requête
   *[other] { $sent } requêtes
 } en { $time } : { $accepted ->
    [one] { $accepted } acceptée
   *[other] { $accepted } acceptées
 }, { $repeated ->
    [one] { $repeated } répétée
   *[other] { $repeated } répétées
 }, { $refused ->
    [one] { $refused } refusée
   *[other] { $refused } refusées
 }.
report-virtual-time = { $time } de temps virtuel
report-operations = Parmi les opérations, { $succeeded ->
    [one] { $succeeded } a réussi
   *[other] { $succeeded } ont réussi
 }, { $failed ->
    [one] { $failed } a échoué
   *[other] { $failed } ont échoué
 } et { $cancelled ->
    [one] { $cancelled } a été annulée
   *[other] { $cancelled } ont été annulées
 }.
report-peak-none = Au plus, { $running ->
    [one] { $running } opération était
   *[other] { $running } opérations étaient
 } en cours en même temps ; aucune n’a jamais attendu.
report-peak = Au plus, { $running ->
    [one] { $running } opération était
   *[other] { $running } opérations étaient
 } en cours en même temps, et { $waiting ->
    [one] { $waiting } attendait
   *[other] { $waiting } attendaient
 }, { $at } après le début.
report-peak-start = Au plus, { $running ->
    [one] { $running } opération était
   *[other] { $running } opérations étaient
 } en cours en même temps, et { $waiting ->
    [one] { $waiting } attendait
   *[other] { $waiting } attendaient
 }, tout au début.
report-limit-pool = C’est le pool qui a limité : en moyenne, { $used } de ses { $places } places étaient occupées.
report-limit-clients = Ce sont les clients qui ont limité, puisque chacun attend la fin de sa requête précédente : en moyenne, { $used } des { $places } places étaient occupées.
report-limit-load = C’est la charge qui a limité, et non le pool : en moyenne, { $used } de ses { $places } places étaient occupées.
report-limit-queue = C’est la file de { $queue } qui a limité : { $refused ->
    [one] { $refused } requête a été refusée
   *[other] { $refused } requêtes ont été refusées
 } faute d’y trouver une place ; en moyenne, { $used } des { $places } places pour s’exécuter étaient occupées.
report-over-within = La moitié des opérations ont fini { $half } au plus après le moment prévu pour leur envoi, 99 sur 100 { $most } au plus.
report-holds = Clients, base et pilote sont d’accord : { $checks ->
    [one] { $checks } vérification des invariants, aucun
   *[other] { $checks } vérifications des invariants, aucun
 } de faux.
report-broke = Sur { $checks ->
    [one] { $checks } vérification
   *[other] { $checks } vérifications
 } des invariants, { $broken ->
    [one] { $broken } a échoué
   *[other] { $broken } ont échoué
 } : voir la fin de cette page.

## report : une exécution, ses parties

report-queue-title = La file d’attente et les opérations en cours
report-queue-text = Une opération attend, depuis son acceptation, que { $places ->
    [one] la seule place pour s’exécuter
   *[other] l’une des { $places } places pour s’exécuter
 } soit libre ; elle est en cours jusqu’à sa fin.
report-queue-kept = Dès qu’il y a plus d’un projet, les dernières places de la file sont gardées pour ceux qui n’ont rien en attente : les autres sont refusés avant qu’elle soit pleine.
report-queue-again = Au plus, { $again ->
    [one] { $again } opération attendait
   *[other] { $again } opérations attendaient
 } un nouvel essai, après un échec passager.
report-requests-title = Les requêtes
report-sent = Ont été envoyées : { $sent }.
report-sent-of = { $sent } { $action }
report-refused-none = Rien n’a été refusé.
report-latency-title = La latence
report-latency-text = L’attente va de l’acceptation au premier début, la durée du service de là à la fin, la latence du moment où la requête devait être envoyée à la fin.
report-latency-share = En moyenne, une opération a attendu { $waited } sur les { $latency } qu’elle a duré en tout, soit { $share }.
report-latency-virtual = En temps virtuel, décider ne coûte rien : seuls comptent les attentes et le travail du pilote.
report-workers-title = Les ouvriers
report-workers-some = { $attempts ->
    [one] { $attempts } essai a été exécuté
   *[other] { $attempts } essais ont été exécutés
 } ; on en voit ici { $drawn }, autour du moment le plus chargé.
report-workers-all = { $attempts ->
    [one] Le seul essai qui a été exécuté.
   *[other] Les { $attempts } essais qui ont été exécutés.
 }
report-servers-title = Les serveurs
report-servers-text = À la fin, il y a { $total ->
    [one] { $total } serveur
   *[other] { $total } serveurs
 } : { $active } ACTIVE, { $shutoff } SHUTOFF et { $error } ERROR. Il y en a eu au plus { $peak } en même temps.
report-cost-title = Le coût de l’exécution
report-cost-text = La tenue du verrou comprend le temps pendant lequel le système avait suspendu celui qui le tenait.
report-cost-seconds = temps réel, s
report-cost-requests = requêtes par seconde
report-cost-operations = opérations par seconde
report-cost-cpu = processeur du processus, clients compris, s
report-cost-cpu-each = processeur par opération acceptée, µs
report-cost-lock = plus longue tenue du verrou, µs
report-cost-memory = mémoire au plus, Mio
report-measured = mesure
report-value = valeur
report-checked-title = Ce qui a été vérifié
report-violation = Faux : { $what }
report-profile = Profil : { $rule }
report-unfinished = Pas fini à temps : { $waiting ->
    [one] { $waiting } opération en attente
   *[other] { $waiting } opérations en attente
 }, { $running } en cours.
report-missed = Il manque { $missed ->
    [one] { $missed } enregistrement
   *[other] { $missed } enregistrements
 } à ce rapport.

## report : une exécution, ses graphiques et ses tableaux

report-since-start = { $unit } depuis le début
report-since-start-from = { $unit }, comptés à partir de { $origin } après le début
report-step = Chaque marche est le maximum sur { $step }.
report-step-cancelled = Chaque marche est le maximum sur { $step }. Une opération annulée pendant qu’elle s’exécute compte aussitôt comme finie.
report-waiting = en attente
report-waiting-bound = en attente au plus : { $bound }
report-waiting-peak = maximum en attente : { $peak }, à { $at }
report-waiting-title = Les opérations en attente
report-again = pour un nouvel essai
report-running = en cours
report-running-bound = en cours au plus : { $bound }
report-running-peak = le plus en cours : { $peak }, à { $at }
report-running-title = Les opérations en cours
report-axis-operations = opérations
report-axis-requests-s = requêtes/s
report-axis-requests = requêtes
report-axis-servers = serveurs
report-refused = refusées
report-rates-title = Les requêtes par seconde, selon ce qu’elles sont devenues
report-rates-caption = Les acceptées selon ce qu’elles demandent et, au-dessus, les refusées. Comptées par tranches de { $step } ; les lectures n’y sont pas.
report-refusals-title = Les requêtes refusées, par raison
report-refusals-caption = Un refus dit pourquoi et que faire, et ne change rien.
report-status-title = Les serveurs au cours du temps, par état
report-status-caption = Un serveur en cours de suppression garde son état jusqu’à ce qu’il ait disparu.
report-cut-short = échouées ou annulées
report-spans-title = Ce que chaque ouvrier a exécuté
report-spans-caption = Une ligne par ouvrier ; un trou, c’est un ouvrier qui n’a rien à faire.
report-spans-shown = On en voit { $shown } sur { $all ->
    [one] { $all } ouvrier
   *[other] { $all } ouvriers
 }.
report-span = { $worker } : { $action } de { $server }… pour le client { $client }, { $end ->
    [succeeded] réussie
    [failed] échouée
    [requeued] remise en file
    [cancelled] annulée
   *[other] { $end }
 } en { $time }
report-span-attempt = { $worker } : { $action } de { $server }… pour le client { $client }, essai { $attempt }, { $end ->
    [succeeded] réussie
    [failed] échouée
    [requeued] remise en file
    [cancelled] annulée
   *[other] { $end }
 } en { $time }
report-span-why = { $span } ({ $why })
report-tail-title = Combien ont duré les plus lentes
report-tail-axis = la plus lente sur …
report-tail-caption = Les deux axes sont logarithmiques : à 2 se trouve la médiane, à 10 le 90e centile, à 100 le 99e, à 1 000 le 99,9e. Les durées de moins de 1 µs sont dessinées à 1 µs.
report-time-wait = attente
report-time-service = durée du service
report-time-latency = latence
report-time-reads = lectures
report-time-count = nombre

## report : des résultats côte à côte

report-unreadable = { $path } : lecture impossible : { $why }
report-long = { $path } : plus de { $most } Mio trouvés, au lieu du résultat d’une exécution ou d’une comparaison
report-no-json = { $path } : ce n’est pas du JSON ({ $why }) ; il faut ce que guichet simulate ou guichet compare écrit avec --format json
report-other = { $path } : c’est un autre JSON ; il faut ce que guichet simulate ou guichet compare écrit avec --format json
report-without = { $path } : pas de { $field } ; il faut ce que guichet simulate ou guichet compare écrit avec --format json
report-unlike = { $path } : c’est un résultat de { $found } ; il faut un résultat de { $expected }, comme dans le premier fichier
report-beside-lead = Les résultats de { $files ->
    [one] 1 fichier
   *[other] { $files } fichiers, côte à côte
 }.
report-beside-ratio = Entre parenthèses : combien de fois le chiffre du premier fichier.
report-beside-charts = Ce qu’on regarde d’abord
report-beside-figures = Tous les chiffres
report-beside-figure = chiffre
report-beside-seconds = durée, s
report-beside-requests = requêtes/s
report-beside-refused = requêtes refusées
report-beside-failed = opérations échouées
report-beside-wait = attente p50, ms
report-beside-wait-slow = attente p99, ms
report-beside-latency = latence p50, ms
report-beside-latency-slow = latence p99, ms
report-beside-flight = en cours au plus
report-beside-queue = en attente au plus
report-beside-cpu = CPU par opération, µs
report-beside-memory = mémoire au plus, Mio
report-beside-rate = { $row } : requêtes/s
report-beside-row-cpu = { $row } : CPU, µs
report-beside-row-slow = { $row } : latence p99, ms
report-beside-most = { $row } : requêtes/s au plus


## race

race-title-lost = serveur perdu
race-title-overbooked = hôte surchargé
race-title-quota = quota dépassé
race-title-double = double suppression
race-title-back = serveur supprimé qui réapparaît
race-title-count = compte faux
race-why-lost = deux créations ont lu la même longueur de la liste, et ont donc mis leur serveur à la même place
race-why-overbooked = deux créations ont lu la même place libre d’un hôte avant que l’une des deux n’écrive ce qu’elle avait pris
race-why-quota = deux créations ont lu la même utilisation, et chacune a trouvé de la place pour elle dans le quota
race-why-double = deux suppressions ont lu le serveur avant que l’une des deux n’écrive qu’il est en cours de suppression
race-why-back = une action a lu le serveur avant qu’il soit supprimé, et l’a réécrit ensuite
race-why-count = l’utilisation ou la place libre a été calculée d’après ce qui avait été lu avant les écritures d’un autre, et écrite après elles
race-harm-lost = la création du serveur { $server } a été acceptée, personne ne l’a supprimé, et il n’est pas dans la liste
race-harm-overbooked = l’hôte { $host } a de la place pour { $room ->
    [one] { $room } serveur
   *[other] { $room } serveurs
 }, et { $holds ->
    [one] { $holds } y est placé
   *[other] { $holds } y sont placés
 }
race-harm-quota = le quota autorise { $allowed ->
    [one] { $allowed } serveur
   *[other] { $allowed } serveurs
 }, et il en existe { $exist }
race-harm-double = le serveur { $server } a été supprimé { $times } fois, et chaque suppression a été acceptée comme la première
race-harm-back = le serveur { $server } avait été supprimé, avait disparu, et il est réapparu
race-harm-usage = l’utilisation annonce { $says ->
    [one] { $says } serveur
   *[other] { $says } serveurs
 }, et il en existe { $exist }
race-harm-room = l’hôte { $host } annonce de la place pour { $says } de plus, et en a pour { $room }
race-start-empty = aucun serveur ; un hôte avec de la place pour quatre
race-start-active = le serveur A est ACTIVE ; son hôte a encore de la place pour trois
race-start-waiting = la création du serveur A a été acceptée et attend encore un ouvrier
race-start-room = le serveur A est ACTIVE ; son hôte a encore de la place pour un seul, un second hôte aussi
race-start-quota = le serveur A est ACTIVE ; le quota du projet en autorise encore un
race-answered = { $done } ; { $answer }
race-whole = { $request } en une seule étape ; { $answer }
race-a-job = un travail
race-a-request = une requête
race-accepted = acceptée
race-repeated = même réponse que la première
race-refused = refusée : { $code }
race-gone = { $server } supprimé
race-empty = vide
race-uncounted = { $server } (pas encore compté)
race-usage-of = { $used } sur { $allowed }
race-host-room = hôte { $host } : place pour { $room }
race-beside = { $first } ; { $second }
race-rows = liste : { $list } ; utilisation : { $usage } ; { $hosts } ; { $waiting } en attente
race-reads-usage = lit l’utilisation : { $usage }
race-reads-host = lit l’hôte { $host } : place pour { $room }
race-reads-length = lit la longueur de la liste : { $length }
race-reads-queue = lit la file : { $waiting } en attente
race-reads-nothing = ne lit rien
race-looks-up = cherche { $server }
race-looks-up-absent = cherche { $server } : absent
race-writes-over = écrit { $server } à la place { $place }, par-dessus { $over }
race-writes-place = écrit { $server } à la place { $place }
race-writes-server = écrit { $server }
race-writes-length = écrit la longueur de la liste : { $length }
race-writes-usage = écrit l’utilisation : { $usage }
race-writes-host = écrit l’hôte { $host } : place pour { $room }
race-job-off = retire de la file le travail de { $server }
race-job-on = met en file le travail de { $server }
race-job-ran = exécute un travail : { $server }
race-job-void = exécute un travail de { $server } : déjà fait, ou serveur disparu
race-step = étape
race-column = client { $client } : { $requests }
race-worker = ouvrier
race-by-client = le client { $client }
race-by-worker = l’ouvrier
race-no-job = la file est vide
race-no-request = il n’a plus rien à demander
race-no-permit = aucun jeton n’est libre
race-step-refused = l’étape { $step } de l’entrelacement est impossible pour { $who } : { $why }
race-no-threads = les threads des clients n’ont pas pu démarrer : { $error }
race-harm-step = { $mark } étape { $step } : { $why }.
race-unavoidable = À partir d’ici, on ne peut plus l’éviter : chacune des { $ways } suites possibles y mène.
race-not-judged = Quelqu’un est encore au milieu d’une requête : pas de jugement.
race-sound = Rien n’est cassé.
race-broken = { $kind } : { $sentence }.
race-start-fleet = flotte de départ { $name } : { $about }
race-unmarked = Le moment du dégât n’est pas marqué : { $states } états n’ont pas suffi pour le trouver.
race-breaks-nothing = Il ne casse rien.
race-breaks-above = Il casse ce qui est dit ci-dessus.
race-shows = Il montre bien ce qu’il annonce : { $kind }.
race-shows-not = Il ne montre pas ce qu’il annonce : { $kind }.
race-heading = guichet race : ce qui tourne mal sans le verrou
race-heading-threads = { $clients ->
    [one] { $clients } client
   *[other] { $clients } clients
 }, chacun dans son thread, { $requests } requêtes au plus, graine { $seed }
race-too-few = --requests : trouvé { $requests }, attendu au moins { $round } : un tour de { $clients } clients
race-doing-threads = course entre de vrais threads
race-doing-unlocked = exploration de tous les entrelacements sans le verrou
race-doing-locked = exploration de tous les entrelacements avec le verrou
race-doing-semaphore = exploration de tous les entrelacements avec le sémaphore
race-threads = De vrais threads
race-explored = Tous les entrelacements
race-shortest = L’entrelacement le plus court pour chaque dégât
race-shortest-semaphore = L’entrelacement le plus court avec un sémaphore à { $permits ->
    [one] { $permits } jeton
   *[other] { $permits } jetons
 }
race-is-semaphore-lock = Un sémaphore à { $permits ->
    [one] { $permits } jeton
   *[other] { $permits } jetons
 } est-il un verrou ?
race-mark = { $mark } marque l’étape après laquelle le dégât ne peut plus être évité, quelle que soit la suite.
race-threads-all = { $requests ->
    [one] { $requests } requête
   *[other] { $requests } requêtes
 } sur { $clients ->
    [one] { $clients } thread
   *[other] { $clients } threads
 } sans le verrou, jusqu’à ce que chaque sorte de dégât soit apparue ; puis { $again ->
    [one] { $again } requête
   *[other] { $again } requêtes
 } avec lui.
race-threads-some = { $requests ->
    [one] { $requests } requête
   *[other] { $requests } requêtes
 } sur { $clients ->
    [one] { $clients } thread
   *[other] { $clients } threads
 } sans le verrou, { $shown ->
    [one] { $shown } anomalie sur { $kinds } s’est montrée
   *[other] { $shown } anomalies sur { $kinds } se sont montrées
 } ; puis { $again ->
    [one] { $again } requête
   *[other] { $again } requêtes
 } avec lui.
race-head-anomaly = anomalie
race-head-unlocked = sans verrou
race-head-locked = avec verrou
race-head-first = la première trouvée
race-first-found = La première trouvée de chaque sorte :
race-first-of = { $name } : { $what }
race-scope = { $cases ->
    [one] { $cases } cas
   *[other] { $cases } cas
 } : { $starts } flottes de départ et, pour chacune, tous les choix de create, reboot et delete pour 2 clients avec 1 ou 2 requêtes chacun et pour 3 clients avec 1 requête chacun, plus l’ouvrier qui exécute ce qu’ils mettent en file.
race-a-step-is = Une étape est la lecture ou l’écriture d’une case, ou l’exécution d’un travail ; avec le verrou, une requête entière. Un entrelacement est un ordre de toutes ces étapes, jusqu’à la fin. Il est cassé si les données partagées sont fausses à un moment où personne n’est au milieu d’une requête.
race-a-permit-is = Avec un sémaphore, chaque requête et chaque travail a besoin d’un jeton, de sa première étape à la dernière.
race-incomplete = Incomplet ({ $manager }) : arrêté à { $states } états ; les chiffres portent sur ce qui a été vu.
race-without-lock = sans le verrou
race-with-lock = avec le verrou
race-with-semaphore = sémaphore à { $permits ->
    [one] { $permits } jeton
   *[other] { $permits } jetons
 }
race-head-manager = gestionnaire
race-head-states = états
race-head-schedules = entrelacements
race-head-broken = cassés
race-head-share = part
race-head-complete = complet
race-yes = oui
race-no = non
race-unlocked-breaks = Sans le verrou, { $broken } { $count ->
    [one] entrelacement sur { $schedules } tourne mal
   *[other] entrelacements sur { $schedules } tournent mal
 } : chaque lecture et chaque écriture est entière, mais ce qui a été lu peut être périmé au moment où l’on s’en sert pour écrire, parce que quelqu’un d’autre est passé entre les deux.
race-unlocked-on-threads = Sans le verrou, les threads ont fait des dégâts, mais aucun des entrelacements vus ne tourne mal.
race-unlocked-holds = Sans le verrou, rien n’a cassé : cela ne dit rien du verrou.
race-locked-holds = Avec le verrou, rien ne casse dans aucun de ses { $schedules } entrelacements, ni avec de vrais threads : personne ne passe entre la première lecture d’une requête et sa dernière écriture.
race-locked-unsure = Avec le verrou, rien ne casse dans les { $schedules } entrelacements vus, mais ce ne sont pas tous : explorez davantage d’états.
race-locked-breaks = Avec le verrou, { $broken } { $count ->
    [one] entrelacement sur { $schedules } tourne mal
   *[other] entrelacements sur { $schedules } tournent mal
 }, et { $kinds ->
    [one] { $kinds } sorte de dégât s’est montrée
   *[other] { $kinds } sortes de dégât se sont montrées
 } avec de vrais threads : le verrou ne tient pas.
race-semaphore-breaks = Un sémaphore à { $permits ->
    [one] { $permits } jeton
   *[other] { $permits } jetons
 } n’est pas un verrou : { $broken } { $count ->
    [one] entrelacement sur { $schedules } tourne mal
   *[other] entrelacements sur { $schedules } tournent mal
 }, le plus court en { $steps ->
    [one] { $steps } étape
   *[other] { $steps } étapes
 }.
race-semaphore-holds = Un sémaphore à { $permits ->
    [one] { $permits } jeton
   *[other] { $permits } jetons
 } est un verrou : aucun de ses { $schedules } entrelacements ne tourne mal.
race-semaphore-unsure = Un sémaphore à { $permits ->
    [one] { $permits } jeton
   *[other] { $permits } jetons
 } : rien n’a cassé, mais tous les entrelacements n’ont pas été vus.
race-a-schedule = entrelacement
race-found = { $kind }, en { $steps ->
    [one] { $steps } étape
   *[other] { $steps } étapes
 }
race-replay-with = à rejouer avec : { $command }
race-fact-threads = threads
race-fact-requests = requêtes
race-chart-title = Ce qui a été trouvé à la fin de chaque tour
race-chart-caption = Des clients sur de vrais threads ; avec le verrou, autant de requêtes.
race-chart-found = nombre de fois
race-timelines = Une colonne par client, le temps descend. L’étape marquée est celle après laquelle le dégât ne peut plus être évité, quelle que soit la suite.
race-timelines-rows = La dernière colonne n’appartient à aucun client : elle dit ce que contiennent toutes les données partagées une fois l’étape faite, et reste vide si l’étape n’a rien changé. Un serveur écrit avant la longueur de la liste n’est « pas encore compté » : qui lit la liste ne le voit pas.
race-timeline = { $kind } ; au départ : { $about }

## play

play-section = Soyez l’ordonnanceur
play-choose = Choisissez ce que demandent les clients et décidez, à chaque étape, qui avance. Une étape est une seule lecture ou une seule écriture d’une donnée partagée ; l’ouvrier exécute tout un travail en une étape. Saurez-vous perdre un serveur ? Et avec le verrou ?
play-followed = Chaque état et chaque étape ont été explorés d’avance, avec les règles mêmes du gestionnaire ; la page ne fait que les suivre.
play-title = À qui le tour ?
play-left-out = Ce choix a plus de { $states } états, trop pour cette page. Choisissez une autre flotte de départ ou d’autres requêtes, ou jouez-le dans le terminal.
play-none = rien
play-none-about = Chaque lecture et chaque écriture est entière ; entre deux d’entre elles, n’importe qui peut passer.
play-each = un verrou par lecture ou écriture
play-each-about = Le verrou est rendu après chaque lecture et chaque écriture. Personne n’attend jamais la fin de la requête d’un autre ; il peut donc arriver la même chose que sans rien.
play-each-holder = personne : il n’est pris que le temps d’une lecture ou d’une écriture
play-lock = le verrou
play-lock-about = Il est tenu de la première lecture d’une requête à sa dernière écriture. L’ouvrier le prend aussi.
play-lock-label = verrou
play-lock-waits = attend le verrou
play-two = un sémaphore à 2 jetons
play-two-about = Deux peuvent être au milieu de quelque chose en même temps, et le troisième attend.
play-three = un sémaphore à 3 jetons
play-three-about = Trois peuvent être au milieu de quelque chose en même temps. Avec deux clients, personne n’attend jamais.
play-permits-label = jetons
play-permits-waits = attend un jeton
play-holder = client { $client }
play-nobody-holds = personne
play-permits-free = { $names } ; { $free ->
    [one] { $free } libre
   *[other] { $free } libres
 } sur { $permits }
play-row-list = liste
play-row-length = longueur de la liste
play-row-usage = utilisation
play-row-host = hôte { $host }
play-row-queue = file
play-place = place { $place } : { $server }
play-room = place pour { $room }
play-job = travail { $number } de { $server }
play-shortest = jouer le plus court : { $kind }, { $steps ->
    [one] { $steps } étape
   *[other] { $steps } étapes
 }
play-client = client { $client }
play-worker = ouvrier
play-the-client = le client { $client }
play-the-worker = l’ouvrier
play-button = client { $client } : { $request }
play-no-job = n’a rien dans la file
play-no-request = n’a plus rien à demander
play-absent = n’est pas là
play-apart = Ce qui sépare les requêtes
play-next = Qui avance
play-tools = Étapes en arrière et en avant
play-undo = annuler
play-redo = refaire
play-restart = recommencer
play-copy = copier le lien
play-ways = Chemins les plus courts vers un dégât
play-no-way = Aucun chemin ne mène à un dégât : tous ont été essayés.
play-steps = Étapes jusqu’ici
play-refused = { $who } { $why }.
play-stopped = L’étape { $step } sur { $steps } est impossible : { $who } { $why }.
play-undone = Annulé : { $who } { $what }.
play-not-undone = Il n’y a rien à annuler.
play-not-redone = Aucune étape n’a été annulée.
play-copied = Le lien est copié.
play-in-address = Le lien est dans la barre d’adresse.
play-bad-link = Le lien nomme quelque chose qui n’est pas dans cette page.
play-begin = Personne n’a encore avancé.
play-taken = Étape { $step } : { $who } { $what }.
play-sealed = À partir d’ici, le dégât est inévitable, quelle que soit la suite : { $kind }.
play-harm-shows = Le dégât se voit maintenant : { $what }.
play-ended = C’était la dernière étape.
play-ended-sound = C’était la dernière étape, et rien n’est cassé.
play-terminal = Dans le terminal :
play-changed = changé
play-sealed-since = { $kind } : inévitable depuis l’étape { $step } ; { $why }.
play-shown-at = Vu à l’étape { $step } : { $what }.
play-sound = Aucun dégât jusqu’ici.
play-sound-yet = Aucun dégât jusqu’ici, et on peut encore l’éviter.
play-sign-sealed = inévitable
play-sign-shown = se voit
play-two-clients = deux clients
play-three-clients = trois clients
play-start = Flotte de départ
play-requests = Requêtes
play-rows = Les données partagées
play-keys = Touches, une fois dans cette partie : { $clients } un client, { $worker } l’ouvrier, { $undo } annuler, { $redo } refaire, { $restart } recommencer.
play-failed = Cette partie n’a pas pu démarrer.

## walk : un programme dont le lecteur ordonne les threads

walk-section = Pas à pas
walk-choose = Le code est d’un côté, ce qui se passe de l’autre. Suivez le chemin le plus court étape par étape, ou choisissez à chaque étape le thread qui avance : une étape va jusqu’au prochain endroit où un autre thread peut s’intercaler.
walk-gathered = Tout ce qui suit d’un choix a été trouvé en exécutant la classe, étape par étape ; la page ne fait que le suivre.
walk-title = Quel thread avance ?
walk-finding = Ce qui a été trouvé
walk-code = Code de { $file }
walk-values = Ce que les threads partagent, et ce que chacun connaît
walk-start = au début
walk-back = reculer
walk-on = avancer
walk-end = à la fin
walk-again = le chemin le plus court
walk-not-there = pas encore là
walk-out = absent de cette page
walk-begin = Le chemin le plus court a { $steps } étapes. Suivez-les une à une, ou choisissez vous-même qui avance.
walk-taken = Étape { $step } : { $who }, { $what }.
walk-line = ligne { $line }
walk-lines = lignes { $first } à { $last }
walk-refused = { $who } : { $what }.
walk-absent = Il n’y a pas de tel thread.
walk-sealed = À partir d’ici, le dégât est inévitable, quelle que soit la suite.
walk-harm-shows = Le dégât se voit maintenant : { $what }
walk-ended-sound = C’était la dernière étape, et rien n’est cassé.
walk-sealed-since = Le dégât est inévitable depuis l’étape { $step }.
walk-sound = Aucun dégât jusqu’ici.
walk-keys = Touches : { $back } { $on } une étape en arrière ou en avant, { $actors } qui avance, { $start } { $end } au début et à la fin, { $again } le chemin le plus court.
walk-beyond = Ce que donne ce choix n’est pas dans la page : elle a de la place pour { $states } états de cette classe, ou le temps a manqué pour en chercher d’autres.
walk-beyond-stray = Ce que donne ce choix n’est pas dans la page : la classe ne fait pas la même chose à chaque fois (nombres aléatoires), seul le chemin le plus court y est donc.
walk-begins = commence
walk-next-line = ensuite : ligne { $line }
walk-next-access = ensuite : ligne { $line }, { $access }
walk-waits = attend { $name } (ligne { $line })
walk-sleeps = dort (ligne { $line })
walk-done = terminé
walk-goes-on = continue
walk-holds = tient { $names }
walk-lock-free = personne ne le tient
walk-lock-held = { $names }
walk-lock-waited = { $held } ; en attente : { $waits }
walk-not-told = Son entrelacement n’a pas pu être montré : le temps était écoulé.

## page

page-facts = Ce avec quoi ce rapport a été fait
page-contents = Sommaire
page-table = Tableau : { $title }
page-step = étape
page-afterwards = données partagées après l’étape
page-harm = dégât
page-scrolls = La suite est à droite : faites glisser, ou utilisez les flèches du clavier une fois le tableau sélectionné.
page-play-unmoved = Cette partie est animée par un script, désactivé ici. Dans le terminal, { $command } montre n’importe quel entrelacement.
page-charts-undrawn = Les graphiques sont dessinés par un script, désactivé ici ; les textes et les tableaux sont complets sans lui.
page-footer-plain = Un seul fichier : rien n’est chargé, rien n’est envoyé.
page-footer = Un seul fichier : rien n’est chargé, rien n’est envoyé. Pointez un graphique pour lire les valeurs, tracez un cadre pour agrandir, double-cliquez pour tout revoir, cliquez sur un nom de la légende pour le masquer ou l’afficher.
page-chart-failed = Ce graphique n’a pas pu être dessiné.
page-chart-picture = Télécharger l’image
page-chart-zoom = Agrandir
page-chart-pan = Déplacer
page-chart-in = Zoom avant
page-chart-out = Zoom arrière
page-chart-reset = Réinitialiser les axes
page-chart-back = Double-cliquez pour tout revoir
page-chart-alone = Double-cliquez sur la légende pour isoler une courbe
page-chart-saving = L’image se prépare, quelques secondes au plus
page-chart-saved = L’image est enregistrée
page-chart-unsaved = L’image n’a pas pu être enregistrée

## input : ce qui est faux dans un fichier ou dans la valeur d’une option

input-unreadable = { $file } : lecture impossible : { $reason }
input-directory = { $file } : c’est un répertoire ; attendu : un fichier CSV
input-too-large = { $file } : plus de { $limit } octets, le plus qui soit lu
input-not-text = { $file }:{ $line } : octet 0x{ $byte } trouvé à la place { $column } de la ligne ; attendu : du texte en UTF-8
input-long-line = { $file }:{ $line } : ligne de { $length } octets, { $limit } au plus
input-empty = { $file } : fichier vide ; attendu : l’en-tête { $header }
input-no-rows = { $file } : rien après l’en-tête ; attendu : au moins une ligne
input-nothing-recorded = { $file } : un enregistrement où il n’y a rien à rejouer : { $rows ->
    [one] sa requête ne demande
   *[other] aucune de ses { $rows } requêtes ne demande
} rien de serveurs pour un projet
input-many-rows = { $file }:{ $line } : plus de { $limit } lignes, le plus qui soit lu
input-header = { $file }:{ $line } : en-tête : { $found } ; attendu : { $expected }
input-header-unknown = colonne inconnue { $name } ({ $number })
input-header-twice = colonne { $name } en double ({ $first } et { $second })
input-header-missing = pas de colonne { $name }
input-header-order = { $header }, dans n’importe quel ordre
input-header-either = { $one } ou { $other }
input-file-trace = une trace
input-file-pods = une trace de pods openb
input-file-hosts = une liste d’hôtes
input-file-nodes = une liste de nœuds openb
input-field-count = { $file }:{ $line } : { $found ->
    [one] { $found } champ
   *[other] { $found } champs
 } au lieu de { $expected } : { $columns }
input-field = { $file }:{ $line } : colonne { $name } ({ $column }) : { $found } trouvé ; attendu : { $expected }
input-line = { $file }:{ $line } : { $found } trouvé ; attendu : { $expected }
input-recorded = une ligne d’un enregistrement : un objet avec time_s, et des nombres entiers pour count, vcpus et ram_mib
control-unanswered = { $named } ne répond pas ; guichet serve y tourne-t-il (--url) ? Sur sa propre machine, on interroge sa socket de contrôle avec --socket
control-untrusted = { $named } répond, mais son certificat n’est pas de confiance : nommez l’autorité qui le vérifie (--cacert FILE ou OS_CACERT)
control-is-authority = { $named } répond avec le certificat d’une autorité (CA:TRUE), qui ne vaut pas pour un service : faites-en un avec basicConstraints=CA:FALSE, ou laissez le service en faire un (--tls-self-signed)
control-wants-certificate = { $named } répond, mais veut de vous un certificat qu’il connaît : nommez-en un dans OS_CERT, et sa clé dans OS_KEY
control-half-certificate = { $set } est défini et { $unset } ne l’est pas : un certificat ne sert qu’avec sa clé
control-no-socket = { $named } : il n’y a pas de telle socket (--socket) ; un service en a une s’il a été lancé avec --data (control.sock dans ce répertoire) ou --control-socket
control-dead-socket = { $named } : plus personne n’y écoute : relancez guichet serve
control-denied = { $named } : elle est réservée à root et à l’utilisateur du service : lancez ceci sous l’un d’eux (sudo)
control-silent-socket = { $named } : le service ne répond pas
wait-in-vain = { $url } n’a pas répondu en { $timeout } : { $problem }
wait-strange = ce qui répond là n’est pas guichet serve (/healthz : { $status })
input-operation = attendu : SERVER/NUMBER, tel que guichet operation list l’affiche
input-remember = que faut-il retenir ? Dites-le par --most N, --bodies BYTES ou --header NAME
input-advance = jusqu’où ? Dites-le par --by TIME, --to INSTANT ou --until-idle
input-recorded-newer = une ligne de la version { $known } au plus, comme ce programme la lit ; elle est de la version { $version } : utilisez le guichet qui l’a écrite, ou un plus récent
input-value = { $what } : { $found } trouvé ; attendu : { $expected }, par exemple { $example }
input-hinted = { $problem } ({ $hint })
input-hint-semicolons = il y a des points-virgules là où des virgules sont attendues
input-hint-quote = un guillemet n’est-il pas fermé ?
input-hint-compressed = le fichier semble compressé : décompressez-le d’abord avec gunzip
input-hint-utf16 = le fichier semble être en UTF-16 : convertissez-le d’abord
input-whole = un nombre entier de { $min } à { $max }
input-seconds = des secondes, en nombre décimal de 0 à { $most } (100 ans), avec un point, comme 12.5
input-name = un nom de 1 à { $most } caractères, dont aucun caractère de contrôle
input-clients-most = { $most } clients différents au plus
input-projects-most = { $most } projets différents au plus
input-one-of = une valeur parmi { $words }
input-list-no-server = rien : list ne nomme pas de serveur
input-no-size = rien : seul create a une taille
input-new-create = un nom qu’aucun create précédent n’a
input-new-row = un nom qu’aucune ligne précédente n’a
input-new-host = un nom qu’aucun hôte précédent n’a
input-not-before = un temps qui ne précède pas creation_time, { $time }
input-part = partie { $number }
input-pair = NOM=NOMBRE
input-once = { $name } une seule fois
input-mix = mélange
input-mix-kind = sorte de requête
input-mix-weight = poids de { $name }
input-mix-above = au moins un poids supérieur à 0
input-bursts = pics
input-bursts-form = NOMBRExDURÉE@DÉBIT
input-bursts-count = nombre de pics
input-bursts-length = durée d’un pic
input-bursts-length-form = une durée supérieure à 0, comme 500ms, 2s ou 1m
input-bursts-rate = débit d’un pic
input-duration = durée
input-duration-form = un nombre décimal avec son unité (ns, us, ms, s, m, h ou d), 100 ans au plus
input-duration-above = une durée supérieure à 0
input-rate = débit
input-rate-form = des requêtes par seconde, en nombre décimal supérieur à 0, { $most } au plus
input-hosts-count = nombre d’hôtes
input-hosts-capacity = capacité d’un hôte
input-hosts-vcpus = processeurs virtuels d’un hôte
input-hosts-ram = mémoire d’un hôte
input-quota = quota
input-quota-form = { $unlimited }, ou des limites comme NOM=NOMBRE
input-quota-resource = ressource
input-quota-resources = instances, cores ou ram_mib
input-quota-of = quota de { $name }
input-cut = { $start }… ({ $bytes } octets)
input-note-begins-late = la première requête est à { $time } s : la trace commence par elle
input-note-never-created = { $changes ->
    [one] { $changes } changement porte
   *[other] { $changes } changements portent
 } sur un serveur que la trace ne crée jamais : not_found, ou no_server si son projet n’en a aucun
input-note-created-later = { $changes ->
    [one] { $changes } changement porte
   *[other] { $changes } changements portent
 } sur un serveur que la trace ne crée que plus tard : not_found, ou no_server si son projet n’en a aucun
input-note-left-out = { $requests ->
    [one] { $requests } requête sur { $rows } demande autre chose que ce qui est rejoué : laissée de côté
   *[other] { $requests } requêtes sur { $rows } demandent autre chose que ce qui est rejoué : laissées de côté
 }
input-note-again = { $creates ->
    [one] { $creates } create a été renvoyé sous la même clé : laissé de côté
   *[other] { $creates } create ont été renvoyés sous la même clé : laissés de côté
}
input-note-gpus = { $asking ->
    [one] { $asking } ligne sur { $rows } demande des GPU, qui sont ignorés
   *[other] { $asking } lignes sur { $rows } demandent des GPU, qui sont ignorés
 }
input-note-unscheduled = { $pods ->
    [one] { $pods } ligne sur { $rows } n’a jamais été placée sur la grappe d’origine ; son serveur est créé quand même
   *[other] { $pods } lignes sur { $rows } n’ont jamais été placées sur la grappe d’origine ; leurs serveurs sont créés quand même
 }
input-system = { $kind ->
    [not-found] fichier ou répertoire introuvable
    [denied] permission refusée
    [directory] c’est un répertoire
    [not-directory] ce n’est pas un répertoire
    [full] plus de place sur le disque
    [read-only] système de fichiers en lecture seule
    [exists] il existe déjà
    [refused] connexion refusée
   *[other] { $told }
 }
input-semaphore = attendu : semaphore=N, par exemple semaphore=2
input-permits = jetons : { $problem }
input-url = attendu : une adresse comme https://cloud.example.org
input-cpu-share = attendu : un nombre décimal, avec un point, de 0 (les requêtes ne font qu’attendre) à 1 (elles ne font que calculer)
input-program = chemin de ce programme
input-profile-large = { $file } : plus de { $most } octets, le plus qu’un profil puisse avoir
input-profile-bytes = { $file } : ce n’est pas du texte en UTF-8, à l’octet { $column } de la ligne { $line }
input-profile-wrong = { $file } : { $problem }
input-toml-at = erreur de TOML à la ligne { $line }, colonne { $column }
input-toml-in = dans `{ $path }`
input-toml-missing = il manque le champ `{ $name }`
input-toml-twice = cette clé est là deux fois
input-toml-expected = { $found }, attendu { $expected }
input-toml-field = champ inconnu `{ $name }`
input-toml-variant = valeur inconnue `{ $name }`
input-toml-action = action inconnue `{ $name }`
input-toml-type = type incorrect, { $what }
input-toml-value = valeur incorrecte, { $what }
input-toml-text = un texte de { $length } caractères
input-toml-rules = { $count } règles `fault`
input-toml-empty = { $name } est vide
input-toml-order = { $name } vaut { $value } et `max_ms` vaut { $bound }
input-toml-nothing = rien
input-toml-several = plusieurs
input-toml-integer = entier { $value }
input-toml-string = texte { $value }
input-toml-boolean = booléen { $value }
input-toml-float = nombre { $value }
input-toml-map = table
input-toml-one-of = l’un de { $list }
input-toml-millis = un nombre de millisecondes
input-toml-cpu-millis = un nombre de millisecondes de processeur
input-toml-probability = une probabilité
input-toml-sigma = l’écart type du logarithme, un nombre
input-toml-range = { $what } de 0 à { $most }
input-toml-or-both = { $fields } ou les deux
input-toml-table = une table avec { $fields }
input-toml-most = { $most } au plus
input-toml-one-to = de 1 à { $most }
input-toml-sequence = liste
input-toml-a-sequence = une liste
input-toml-a-boolean = vrai ou faux (true, false)
input-toml-a-string = un texte
input-toml-sample = au moins un échantillon
input-toml-some-action = au moins une, ou pas de `actions` du tout pour les avoir toutes
input-toml-distribution = une seule distribution, comme { $such }
input-toml-and = { $first } et { $last }
input-run-virtual = le modèle `{ $model }` attend des threads du système, ce que le temps virtuel ne peut pas ; attendu : `async` ou `sequential`
input-run-thread = impossible de démarrer un thread ouvrier : { $why }
input-run-history = historique : { $why }
input-run-client-thread = pas de thread pour chaque client : { $why } ; prenez-en moins
input-run-runtime = impossible de démarrer : { $why }
input-run-short = { $ran ->
    [one] { $ran } opération exécutée
   *[other] { $ran } opérations exécutées
 } : trop peu pour en tirer un débit ; demandez plus de requêtes (--requests)
input-unwritable = { $file } : écriture impossible : { $reason }
expected-address = attendu : une adresse et un port, par exemple 127.0.0.1:8774 ou localhost:8774
expected-share = attendu : une part entre 0 et 1, comme 0.1
cli-options = Options 
cli-arguments = Arguments 
cli-error-extra = { $arg } est de trop
cli-error-beside = { $other } ne va pas avec une commande
cli-error-few = { $arg } : il manque une valeur
compare-interval-one = une seule exécution : on ne sait pas quelle part est du bruit
race-not-over = Ce n’est pas fini : quelqu’un est au milieu d’une requête, on ne peut encore rien conclure.
tp-figures-others = d’autres programmes occupaient { $busy } des cœurs de la machine pendant ce temps : à refaire quand elle sera libre

## La console

console-skip = Aller au contenu
console-menu = Menu
console-menu-overview = Vue d’ensemble
console-menu-servers = Serveurs
console-menu-hosts = Hôtes
console-menu-faults = Pannes
console-menu-clock = Horloge
console-menu-worlds = Mondes
console-languages = Langue :
console-project = Projet
console-project-go = Aller
console-back = Retour à la vue d’ensemble
console-problem-title = Impossible à afficher ou à faire
console-word-all = tous
console-word-other = autres
console-word-at = Heure
console-word-wait = attente
console-word-service = temps de service
console-filter-go = Afficher
console-pages = Pages
console-pages-first = Première page
console-pages-next = Page suivante
console-world = Monde
console-sign-in-title = Connexion
console-sign-in-text = Avec un nom et un mot de passe de ce cloud.
console-sign-in-user = Nom
console-sign-in-password = Mot de passe
console-sign-in-go = Se connecter
console-sign-out = Se déconnecter
console-overview-title = Vue d’ensemble
console-no-script = Sans script, cette page ne bouge pas : rechargez-la pour la suite. Tout le reste fonctionne tel quel.
console-live-on = En direct
console-live-connecting = Connexion en cours
console-live-lost = Connexion perdue, nouvel essai
console-live-full = Trop de consoles ouvertes, nouvel essai
console-tile-servers = Serveurs
console-tile-running = En cours
console-tile-waiting = En attente
console-tile-requests = Requêtes par seconde
console-tile-wait = Attente, p95
console-tile-service = Temps de service, p95
console-tile-oldest = Plus ancienne attente
console-chart-outcome = Requêtes par seconde, par issue
console-chart-action = Requêtes par seconde, par action
console-chart-wait = Attente, ms
console-chart-service = Temps de service, ms
console-chart-queue = Opérations en attente
console-chart-workers = Ouvriers occupés
console-statuses-title = Serveurs par état
console-projects-title = File par projet
console-log-title = Journal
console-log-pause = Pause
console-log-go = Reprendre
console-log-missed = { $count } omises
console-log-request = Requête
console-log-server = Serveur
console-log-kind = Quoi
console-log-why = { $kind } : { $why }
console-kind-edited = serveur modifié
console-kind-powered-off = serveur éteint
console-kind-gone = serveur disparu
console-state-queued = en file
console-state-running = en cours
console-column-id = Identifiant
console-column-name = Nom
console-column-status = État
console-column-state = Avancement
console-column-project = Projet
console-column-flavor = Gabarit
console-column-image = Image
console-column-network = Réseau
console-column-address = Adresse
console-column-host = Hôte
console-column-server = Serveur
console-column-created = Création
console-column-updated = Modification
console-column-action = Action
console-column-at = À
console-column-time = Durée
console-column-accepted = Acceptée
console-column-wait = Attente
console-column-service = Temps de service
console-column-by = Par
console-column-request = Requête
console-column-attempts = Essais
console-servers-title = Serveurs
console-servers-begins = Nom commençant par
console-servers-all = de tous les projets
console-servers-none = Aucun serveur ne correspond.
console-flavor = { $name } ({ $cores } vCPU, { $ram } Mio, { $disk } Gio)
console-quota-title = Quota
console-quota-servers = Serveurs
console-quota-cores = vCPU
console-quota-ram = Mémoire, Mio
console-server-facts = Description
console-server-act = Agir
console-server-history = Historique
console-server-console = Console
console-server-no-console = Sa machine est en cours de création.
console-act-reboot = Redémarrer
console-act-reboot-hard = Redémarrer de force
console-act-start = Démarrer
console-act-stop = Arrêter
console-act-flavor = Autre gabarit
console-act-resize = Redimensionner
console-act-confirm = Garder le nouveau gabarit
console-act-revert = Revenir à l’ancien gabarit
console-act-delete = Supprimer…
console-act-delete-text = { $name } et tout son contenu disparaîtront.
console-act-delete-go = Supprimer
console-create-title = Nouveau serveur
console-create-count = Combien
console-create-go = Créer
console-operation-title = { $action } de { $server }
console-operation-time = Chronologie
console-step-accepted = acceptée
console-step-started = lancée
console-step-again = à réessayer
console-step-succeeded = réussie
console-step-failed = échouée
console-step-cancelled = annulée
console-hosts-title = Hôtes
console-hosts-none = Aucun hôte ne correspond.
console-hosts-more = Les { $shown } premiers sur { $count } ; un nom en réduit le nombre.
console-host-open = accepte des serveurs
console-host-closed = n’en accepte pas
console-host-draining = en cours de vidage
console-host-drained = vidé
console-host-down = en panne
console-host-dead = sans nouvelles
console-host-set = Régler
console-host-reason = Motif
console-host-disable = Ne plus accepter de serveurs
console-host-enable = Accepter de nouveau
console-host-force = Déclarer en panne
console-host-up = Déclarer en service
console-host-drain = Déplacer ses serveurs ailleurs
console-host-stay = Ne plus rien déplacer
console-drain-counts = Restants : { $left }, dont en cours de déplacement : { $moving }. Déplacés : { $moved }.
console-drain-stuck = { $count ->
    [one] Un serveur ne peut pas être déplacé pour l’instant :
   *[other] { $count } serveurs ne peuvent pas être déplacés pour l’instant ; les premiers :
}
console-drain-busy = une opération est en cours ({ $state }) ; il est le prochain.
console-drain-no-room = aucun autre hôte ouvert n’a assez de place. Rouvrez un hôte ou supprimez des serveurs.
console-drain-state = un serveur à l’état { $state } ne se déplace pas. Ramenez-le à ACTIVE ou SHUTOFF, ou supprimez-le.
console-drain-unconfirmed = il occupe encore son ancienne place ici, tant que son propriétaire n’a pas confirmé ou annulé le redimensionnement.
console-drain-failed = le déplacement a échoué ({ $failure }) ; il sera retenté.
console-faults-title = Pannes
console-faults-text = Ce qui doit mal tourner, pour qui teste avec ce cloud. Un * vaut n’importe quel texte.
console-faults-there = Règles
console-faults-none = Rien ne doit mal tourner.
console-faults-add = Une de plus
console-faults-what = Ce qui tourne mal
console-faults-about = Avec quoi
console-faults-when = Quand
console-faults-seen = Vues
console-faults-struck = Touchées
console-faults-remove = Retirer
console-faults-operation = Opérations et hôtes
console-faults-request = Requêtes
console-faults-both = Les deux
console-faults-method = Méthode
console-faults-path = Chemin
console-faults-status = Code de la réponse
console-faults-message = Ce qui est dit
console-faults-delay = Secondes
console-faults-every = Une sur
console-faults-percent = En % des cas
console-faults-times = Au plus
console-faults-go = Ajouter
console-fault-operation-error = Une opération échoue pour de bon
console-fault-operation-again = Une opération échoue et est réessayée
console-fault-operation-done = Une opération est faite et dite échouée
console-fault-operation-stuck = Une opération ne finit jamais
console-fault-operation-slow = Une opération dure plus longtemps
console-fault-request-answer = Une requête reçoit un code
console-fault-request-delay = Une requête attend
console-fault-request-close = La connexion d’une requête est coupée
console-fault-request-expire = Le jeton d’une requête a expiré
console-fault-request-lack = Il manque un élément à une liste
console-fault-host-dies = Un hôte est mort, ses serveurs s’affichent comme avant
console-fault-host-lost = Un hôte est mort, ses serveurs sont perdus
console-fault-message = Une panne demandée.
console-fault-always = toujours
console-fault-nth = seulement la { $nth }e
console-fault-every = une sur { $every }
console-fault-share = dans { $share } des cas
console-fault-times = { $times } fois au plus
console-clock-title = Horloge
console-clock-text = Le temps du monde : serveurs, délais et échéances le suivent.
console-clock-now = Il est
console-clock-speed = Vitesse
console-clock-stopped = arrêtée
console-clock-next = Prochain événement à
console-clock-operations = Opérations
console-clock-how = Son cours
console-clock-run = Laisser aller
console-clock-freeze = Arrêter
console-clock-jump = Sauter à la fin des travaux avant chaque requête
console-clock-no-jump = Ne plus sauter
console-clock-times = Fois plus vite
console-clock-set = Régler
console-clock-on = Avancer
console-clock-seconds = Secondes
console-clock-advance = Avancer
console-clock-idle = Jusqu’à ce que rien n’attende ni ne tourne
console-worlds-title = Mondes
console-worlds-text = Des clouds à part, chacun pour un test : { $count } sur { $most } au plus, à côté de celui du service.
console-worlds-made = Le monde { $id } prend des requêtes
console-worlds-once = Ce qui suit n’est affiché qu’une fois.
console-worlds-token = Jeton de contrôle :
console-worlds-url = Adresse
console-worlds-idle = Finit si inutilisé pendant
console-worlds-seed = Graine
console-worlds-end = Finir
console-worlds-open = Un de plus
console-worlds-profile = Les machines se comportent comme
console-worlds-same = celles du service
console-worlds-minutes = Minutes d’inactivité avant la fin
console-worlds-go = Ouvrir
console-done-created = C’est accepté, le serveur est en cours de création.
console-done-asked = C’est accepté.
console-done-deleted = La suppression est en cours.
console-done-host = L’hôte est réglé.
console-done-fault = La règle vaut dès maintenant.
console-done-fault-removed = La règle est retirée.
console-done-clock = L’heure est réglée.
console-done-not-reached = Le but n’a pas été atteint à temps ; redemander poursuit.
console-done-ended = Le monde est fini.
console-refused-conflict = Impossible de faire « { $action } » : le serveur est dans l’état { $state }.
console-refused-locked = Le serveur est verrouillé.
console-refused-quota = Le quota ne le permet pas : { $requested } { $resource } demandés, { $used } sur { $most } utilisés.
console-refused-full = Le cloud a { $most } serveurs, autant qu’il peut.
console-refused-address = Le réseau n’a plus d’adresse libre.
console-refused-queue = La file est pleine : { $waiting } opérations attendent.
console-refused-rate = Le projet envoie trop de requêtes.
console-refused-unrecorded = Rien ne peut être enregistré pour l’instant. Rien n’a changé.
console-refused-draining = Le service s’arrête et n’accepte plus rien.
console-refused-repeat = Ce formulaire a déjà été envoyé, avec un autre contenu.
console-refused-gone = Le serveur n’existe plus.
console-refused-host-down = L’hôte de ce serveur est en panne.
console-refused-not-ready = La machine est en cours de création.
console-refused-flavor = Ce gabarit n’existe pas.
console-refused-same-flavor = Le serveur a déjà ce gabarit.
console-refused-image = Cette image n’existe pas.
console-refused-network = Ce réseau n’existe pas.
console-refused-shrinks = Le disque du gabarit est plus petit que celui du serveur.
console-refused-memory = Le gabarit a trop peu de mémoire pour l’image.
console-refused-disk = Le disque du gabarit est trop petit pour l’image.
console-refused-count = Une requête crée de 1 à { $most } serveurs.
console-refused-name-blank = Le nom est vide.
console-refused-name-ends = Le nom commence ou finit par une espace.
console-refused-name-long = Le nom dépasse 255 caractères.
console-refused-name-print = Le nom contient un caractère qui ne s’imprime pas.
console-refused-number = Ce n’est pas un nombre entier.
console-refused-reader = Un lecteur regarde et ne change rien.
console-refused-marker = Le serveur d’où partait cette page n’existe plus.
console-refused-admin = Seuls les administrateurs voient et font cela.
console-refused-sign-in = Le nom ou le mot de passe est faux.
console-refused-no-project = Cet utilisateur n’a de rôle dans aucun projet.
console-refused-attempts = Trop d’essais de connexion.
console-refused-busy = Beaucoup se connectent en ce moment.
console-refused-form = Ce formulaire ne vient pas d’une page de cette console, ou vient d’une session passée.
console-refused-unread = Le formulaire est illisible : { $error }
console-refused-method = Rien ne peut être envoyé à cette adresse.
console-refused-not-found = Cette page n’existe pas.
console-refused-worlds-off = Ce service ne fait pas de mondes.
console-refused-worlds-many = Il y a { $most } mondes, le plus possible.
console-refused-world-gone = Ce monde n’existe pas ; il est peut-être fini.
console-refused-world-first = Le monde du service finit avec le service.
console-refused-not-steerable = L’heure de ce monde suit l’horloge de son répertoire de données.
console-refused-steered = Quelqu’un d’autre avance l’heure de ce monde.
console-refused-speed = Une vitesse va de 0 à { $most }.
console-refused-far = L’heure avance de 0 s à { $days } jours à la fois.
console-refused-pattern = Un motif a au plus { $bytes } octets et { $stars } étoiles.
console-refused-when = Les nombres valent 1 ou plus, une part plus de 0 et 100 % au plus.
console-refused-status = Un code va de 200 à 599.
console-refused-delay = Les secondes vont de 0 à { $most }.
console-refused-action = Aucune action ne porte ce nom.
console-refused-host = Aucun hôte ne s’appelle { $pattern } ; il y a { $known }.
console-refused-rules = Il y a au plus { $most } règles.
console-refused-no-faults = Rien ne peut mal tourner dans ce cloud.
console-do-again = Redemandez dans { $seconds } s.
console-do-wait = Attendez la fin de ce qui est en cours, puis redemandez.
console-do-unlock = Faites-le déverrouiller par son propriétaire ou un administrateur.
console-do-quota = Supprimez des serveurs, choisissez un gabarit plus petit ou demandez un plus grand quota à un administrateur.
console-do-delete = Supprimez des serveurs inutiles.
console-do-look = Regardez la liste et choisissez de nouveau.
console-do-choose = Corrigez et renvoyez.
console-do-role = Demandez à un administrateur le rôle member dans un projet.
console-do-admin = Connectez-vous en administrateur.
console-do-sign-in = Vérifiez les deux et réessayez.
console-do-form = Rouvrez la page et renvoyez le formulaire.
console-do-worlds-off = Démarrez-le avec --worlds N.
console-do-worlds-many = Finissez-en un, ou attendez la fin d’un monde inutilisé.
console-do-not-steerable = Ouvrez un monde à côté, ou démarrez le service sans --data.

## top
top-title = guichet top : { $place }
top-up = actif { $span }
top-now = { $time } UTC, toutes les { $period }
top-missed = ; { $missed } entrées du journal ont été manquées et ne comptent dans aucun débit
top-paused = en pause à { $time } UTC ; p continue
top-silent = pas de réponse depuis { $since } UTC ; ce qui suit est plus ancien
top-trouble = pas de réponse depuis { $since } UTC, nouvel essai dans { $left } : { $why }
top-stalled = rien ne peut être écrit sur le disque : les demandes qui changent quelque chose sont refusées
top-small = guichet top demande { $columns } colonnes et { $rows } lignes ; ce terminal en a { $width } et { $height }. Agrandissez-le, ou utilisez --once.
top-keys = q quitter  p pause  Tab partie  ↑↓ ligne  s ordre  Entrée seule  ? aide
top-help-title = Touches
top-help =
    q, Échap, Ctrl-C   quitter
    p, espace          figer l’image, et continuer
    Tab, ← →           passer à une autre partie
    ↑ ↓, PgUp PgDn     parcourir ses lignes
    s                  ses lignes dans un autre ordre (▼)
    Entrée             cette partie seule, puis toutes
    ?                  ceci
top-rates = PAR SECONDE
top-accepted = reçues
top-started = début
top-succeeded = finies
top-failed = échec
top-requeued = essai
top-cancelled = annul.
top-others = autres
top-none = rien d’accepté
top-most = ≤ { $most } reçues/s
top-refused = ; { $refused } refus : { $reason }
top-queue = FILE
top-of = { $count } sur { $of }
top-waiting = attente
top-oldest = doyenne
top-again = reprises
top-permits = permis
top-workers = workers
top-times = DURÉES
top-longest = max
top-wait-last = attente, 1 s
top-service-last = travail, 1 s
top-wait-all = attente, tout
top-service-all = travail, tout
top-servers = SERVEURS
top-projects = PROJETS
top-more-projects = { $count } autres
top-wait = attend
top-run = actives
top-hosts = HÔTES { $count }
top-shut = { $closed } fermés
top-memory = mém.
top-state = état
top-host-up = actif
top-down = arrêté
top-down-and = arrêté, { $state }
top-disabled = désactivé
top-drained = vidé
top-left = reste { $left }
top-stuck = { $stuck }/{ $left } bloqués
top-flight = EN COURS
top-action = action
top-server = serveur
top-project = projet
top-waited = attendu
top-ran = dure
top-attempt = { $state } { $attempt }
expected-output-file = la sortie standard reçoit déjà le résultat ; attendu : le nom d’un fichier, ou ./- pour celui qui s’appelle ainsi
expected-moment = attendu : une durée comme 10m, ou un instant comme 2026-12-01T10:00:00Z
expected-period = attendu : une durée de { $min } à { $max }

help-host-show-about = Montre un hôte, combien il est rempli, et où en est son vidage
help-host-show-name = Son nom
help-host-show-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-host-show-url = Où se trouve le service
help-host-show-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-host-show-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-host-show-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-host-drain-about = Vide un hôte : il ne prend plus de serveurs, et les siens partent vers d’autres
help-host-drain-after = Codes de sortie : 0 il se vide, ou avec --wait il est vide ; 1 avec --wait il ne l’est pas : ce qui reste est bloqué, le temps est écoulé, ou quelqu’un a mis fin au vidage ; 2 entrée erronée.
help-host-drain-name = Son nom
help-host-drain-reason = Pourquoi, pour qui regarde l’hôte
help-host-drain-wait = Attend qu’il soit vide, et dit où il en est. Se termine aussi quand plus rien ne bouge sans que quelqu’un agisse, et dit quels serveurs sont bloqués et pourquoi
help-host-drain-timeout = Avec --wait : combien de temps attendre au plus. Le vidage continue après
help-host-drain-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-host-drain-url = Où se trouve le service
help-host-drain-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-host-drain-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-host-drain-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-host-undrain-about = Ne vide plus un hôte ; avec --enable, il prend de nouveau des serveurs
help-host-undrain-name = Son nom
help-host-undrain-enable = Le fait aussi prendre de nouveau des serveurs
help-host-undrain-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-host-undrain-url = Où se trouve le service
help-host-undrain-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-host-undrain-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-host-undrain-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-top-about = Regarde un service qui tourne : sa file, ses débits, ses attentes, ses hôtes, et ce qui est lent
help-top-interval = Tous les combien le service est interrogé, de 0.5s à 60s
help-top-once = L’écrit une fois en texte, et se termine ; de même quand la sortie standard n’est pas un terminal
help-top-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-top-url = Où se trouve le service
help-top-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-top-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-logs-since = Écrit ce qui s’est passé depuis lors, tant que le service l’a encore : il y a tant de temps, par exemple 10m, ou un instant, par exemple 2026-12-01T10:00:00Z. Sans --follow, rien de ce qui vient ensuite ne suit
help-logs-until = Écrit ce qui s’est passé avant, et rien d’ultérieur
help-logs-follow = Avec --since : continue avec ce qui se passe, jusqu’à l’interruption ; sans --since, c’est toujours ainsi

help-cell-about = Montre les nœuds d’un service qui en compte plusieurs sur une même base, et en fait diriger un autre
help-cell-list-about = Liste les cellules : quel nœud dirige chacune, depuis quand, et lesquels suivent
help-cell-list-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-cell-list-url = Où se trouve le service
help-cell-list-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-cell-list-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-cell-list-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
help-cell-move-about = Fait diriger une cellule par un autre nœud, et attend que ce soit le cas ; ce que demandent les clients entre-temps attend
help-cell-move-after = Codes de sortie : 0 un autre nœud dirige ; 1 le même dirige de nouveau, car aucun autre n’a pris la relève ; 2 entrée erronée, ou aucun autre nœud ne suit.
help-cell-move-cell = Son nom ou son numéro ; nécessaire s’il y en a plusieurs
help-cell-move-socket = La socket de contrôle d’un service de cette machine, à la place de --url et de --token : pour root et l’utilisateur du service
help-cell-move-url = Où se trouve le service
help-cell-move-token = Le jeton de contrôle du service, ou celui du monde ; avec « serve --dev », il n’en faut pas
help-cell-move-cacert = L’autorité qui vérifie le certificat du service, en PEM ; sans elle, celles que le système connaît
help-cell-move-format = Ce qui est écrit sur la sortie standard : table ou json (la réponse du service)
