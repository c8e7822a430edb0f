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

compare-winner = { $work } : { $first } en fait le plus, { $rate } requêtes/s, soit { $ahead } ce que fait { $second } ({ $interval }) ; { $verdict ->
    [draw] l’écart ne dépasse pas le bruit : match nul
    [little] l’écart dépasse le bruit, mais il est faible
   *[more] l’écart dépasse le bruit
 }.
compare-gain = { $work } : { $pool } va { $gain } aussi vite que le traitement une à une ({ $interval }), { $rate } requêtes/s au lieu de { $alone }, soit { $each } par ouvrier.{ $verdict ->
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
compare-others = La machine n’était pas au calme : d’autres programmes occupaient { $busy } { $cores ->
    [one] de son seul cœur
   *[other] de ses { $cores } cœurs
 } pendant ce temps ; le travail qui calcule a donc été plus lent qu’il ne peut l’être, et les intervalles sont plus larges. Refaites la comparaison quand elle sera au calme.
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
compare-amdahl = Loi d’Amdahl, { $model }, { $work } : une part séquentielle de { $share } convient le mieux, celle qu’un seul fait à la fois, avec la file d’attente, le verrou et les processeurs ; aucun nombre d’ouvriers ne fait aller plus de { $most } plus vite.
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
    [one] { $checked } fait a été vérifié après les exécutions, et il est juste
   *[other] { $checked } faits ont été vérifiés après les exécutions, et tous sont justes
 }.
compare-page-broken = { $broken } des { $checked } faits vérifiés ne sont PAS justes : voir à la fin.
compare-page-rates = { $work } : combien il s’en fait
compare-page-times = { $work } : combien de temps
compare-page-costs = { $work } : à quel prix
compare-page-io = Une requête passe l’essentiel de son temps à attendre, comme on attend un hyperviseur.
compare-page-cpu = Une requête passe l’essentiel de son temps à calculer.
compare-page-throughput = Le débit selon la taille du pool
compare-page-throughput-read = La médiane des exécutions avec son intervalle à 95 %. Les modèles sans pool sont placés au plus grand nombre d’opérations qu’ils ont eues en cours.
compare-page-logarithmic = Les deux axes sont logarithmiques : une droite double quand le nombre d’ouvriers double.
compare-page-law = Ce que la loi dit de { $model }
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
 }, plus une première qui ne compte pas, { $each } : au plus { $time }
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
compare-broken = faux : { $what }
compare-of-row = { $row } ({ $work }) : { $what }
compare-of-first = première exécution : { $what }
compare-invariants = invariants : { $checked ->
    [one] { $checked } vérifié
   *[other] { $checked } vérifiés
 }, { $broken ->
    [one] { $broken } faux
   *[other] { $broken } faux
 }
compare-too-long = cette comparaison prendrait environ { $time }, et rien de plus de { $most } n’est entrepris : prenez un --profile plus rapide, ou moins de --requests, --runs, --models ou --workers
compare-sizes = --workers : { $found } tailles données, { $most } au plus attendues
compare-run-of = l’exécution de { $model } avec { $workers ->
    [one] 1 ouvrier
   *[other] { $workers } ouvriers
 }
compare-output = sortie standard

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
report-is-read = { $flag } : { $path } est lu par cette exécution ; nommez un autre fichier
report-is-written = { $flag } : { $path } est écrit par cette exécution ; nommez un autre fichier

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
report-over-within = À partir du moment où elle devait être envoyée, la moitié des opérations était finie en { $half }, 99 sur 100 en { $most }.
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
 } : { $active } ACTIVE, { $shutoff } SHUTOFF et { $error } en ERROR. Il y en a eu au plus { $peak } en même temps.
report-cost-title = Ce qu’elle a coûté
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
report-step = Chaque marche est le plus qu’il y a eu en { $step }.
report-step-cancelled = Chaque marche est le plus qu’il y a eu en { $step }. Une opération annulée pendant qu’elle s’exécute compte aussitôt comme finie.
report-waiting = en attente
report-waiting-bound = en attente au plus : { $bound }
report-waiting-peak = le plus en attente : { $peak }, à { $at }
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
