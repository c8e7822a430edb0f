use guichet_driver::profile::{Profile, ProfileError};
use guichet_locale::Locale;

use super::problem;

/// Profiles with a mistake each, and how French ends what is wrong with it.
const MISTAKES: &[(&str, &str)] = &[
    ("x = 1", "champ inconnu `x`, attendu l’un de `default`, `create`"),
    (
        "create = 3",
        "type incorrect, entier `3`, attendu une table avec `delay`, `cpu_ms` ou les deux",
    ),
    ("[stop]\ncpu = 3", "champ inconnu `cpu`, attendu `delay` ou `cpu_ms`"),
    (
        "[stop]\ncpu_ms = '3'",
        "texte \"3\", attendu un nombre de millisecondes de processeur de 0 à",
    ),
    ("[stop]\ncpu_ms = 60_001", "valeur incorrecte, entier `60001`, attendu un nombre"),
    ("[stop]\ndelay = {}", "rien, attendu une seule distribution, comme { fixed = { ms = 5 } }"),
    (
        "[stop]\ndelay = { fixed = { ms = 1 }, trace = { samples_ms = [1] } }",
        "plusieurs, attendu une seule distribution",
    ),
    ("[stop]\ndelay.fixd.ms = 1", "valeur inconnue `fixd`, attendu l’un de `fixed`"),
    ("[stop]\ndelay.fixed = 1", "attendu une table avec `ms`"),
    ("[stop]\ndelay.fixed.s = 1", "champ inconnu `s`, attendu `ms`"),
    ("[stop]\ndelay.fixed.ms = nan", "nombre `NaN`, attendu un nombre de millisecondes"),
    (
        "[stop]\ndelay.uniform = { min_ms = 5, max_ms = 3 }",
        "`min_ms` vaut 5 et `max_ms` vaut 3, attendu `min_ms` <= `max_ms`",
    ),
    ("[stop.delay.log_normal]\nmedian_ms = 50\nsigma = 4.1", "l’écart type du logarithme"),
    ("[stop]\ndelay.exponential = {}", "il manque le champ `mean_ms`"),
    ("[stop]\ndelay.trace.samples_ms = []", "`samples_ms` est vide, attendu au moins un"),
    ("[fault]\nkind = 'error'", "attendu une liste"),
    ("fault = [3]", "attendu une table avec `kind` et `probability`"),
    ("[[fault]]\nprobability = 1.5", "attendu une probabilité de 0 à 1"),
    ("[[fault]]\nactions = ['boot']", "action inconnue `boot`, attendu create"),
    ("[[fault]]\nactions = []", "`actions` est vide, attendu au moins une"),
    ("[[fault]]\nname = ''", "un texte de 0 caractères, attendu de 1 à 255"),
    ("[[fault]]\ntransient = 1", "attendu vrai ou faux (true, false)"),
    ("[stop]\n[stop]", "cette clé est là deux fois"),
];

fn mistake(profile: &str) -> String {
    match Profile::parse(profile, "mine.toml") {
        Err(ProfileError::Invalid { problem, .. }) => problem,
        other => panic!("{profile}: {other:?}"),
    }
}

#[test]
fn mistakes_are_told_in_french() {
    for (profile, told) in MISTAKES {
        let french = problem(&mistake(profile), Locale::French).replace('\u{a0}', " ");
        assert!(french.starts_with("erreur de TOML à la ligne "), "{french}");
        assert!(french.contains(told), "{profile}: {french}");
        for english in ["expected", "unknown", "invalid", "missing", " is ", " or ", " and "] {
            assert!(!french.contains(english), "{english}: {french}");
        }
    }
}

#[test]
fn english_is_what_the_driver_says() {
    for (profile, _) in MISTAKES {
        let english = mistake(profile);
        assert_eq!(problem(&english, Locale::English), english);
    }
}

#[test]
fn what_is_not_known_stays_as_it_is() {
    let unclosed = mistake("[stop");
    let french = problem(&unclosed, Locale::French);
    assert_eq!(french.lines().next_back(), unclosed.lines().next_back());
}
