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
log-wait = attente { $time }
log-service = service { $time }
log-after = après { $time }
log-in = en { $time }
log-attempt = essai { $number }

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
    [one] { $count } hôte de { $vcpus } vCPU et { $ram } Mio : assez pour toutes les créations
   *[other] { $count } hôtes de { $vcpus } vCPU et { $ram } Mio : assez pour toutes les créations
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
