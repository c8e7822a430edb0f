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

## race

race-title-lost = serveur perdu
race-title-overbooked = hôte surchargé
race-title-quota = quota dépassé
race-title-double = double suppression
race-title-back = serveur supprimé revenu
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
race-harm-back = le serveur { $server } avait été supprimé, avait disparu, et il est revenu
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
race-gone = { $server } disparu
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
 } sans le verrou, jusqu’à ce que chaque anomalie se soit montrée ; puis { $again ->
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
race-timelines-rows = La dernière colonne n’est à personne : elle dit ce que contiennent toutes les données partagées une fois l’étape faite, et reste vide si l’étape n’a rien changé. Un serveur écrit avant la longueur de la liste n’est « pas encore compté » : qui lit la liste ne le voit pas.
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

## page

page-facts = Ce avec quoi ce rapport a été fait
page-fact-command = commande
page-fact-seed = graine
page-fact-version = version
page-fact-machine = machine
page-fact-created = créé le
page-cores = { $cores ->
    [one] { $cores } cœur
   *[other] { $cores } cœurs
 }
page-cores-unknown = nombre de cœurs inconnu
page-processor-unknown = processeur inconnu
page-contents = Sommaire
page-table = Tableau : { $title }
page-step = étape
page-afterwards = données partagées après l’étape
page-harm = dégât
page-scrolls = La suite est à droite : faites glisser, ou utilisez les flèches du clavier une fois le tableau sélectionné.
page-play-unmoved = Cette partie est animée par un script, désactivé ici. Dans le terminal, { $command } montre n’importe quel entrelacement.
page-charts-undrawn = Les graphiques sont dessinés par un script, désactivé ici ; les textes et les tableaux sont complets sans lui.
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
