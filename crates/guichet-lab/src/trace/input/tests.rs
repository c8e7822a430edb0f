use std::time::Duration;

use guichet_locale::Locale;

use super::kind::Kind;
use super::number::{positive, scaled, seconds, whole};
use super::table::{Format, Table};
use super::{InputError, read, read_at_most, words};

static FRUIT: Format =
    Format { kind: Kind::Trace, columns: &["name", "grams", "ripe_s"], rows_max: 3 };
static STONES: Format = Format { kind: Kind::Hosts, columns: &["name", "carats"], rows_max: 3 };

/// Every row's name, weight and time, with the line it stands on.
fn fruit(bytes: &[u8]) -> Result<Vec<(u64, String, u32, Duration)>, InputError> {
    let mut table = Table::open(bytes, "f.csv", &[&FRUIT], &[&STONES])?;
    let mut rows = Vec::new();
    while let Some(row) = table.next_row()? {
        let name = row.name(0)?.to_owned();
        rows.push((row.line(), name, row.number(1)?, row.seconds(2)?));
    }
    Ok(rows)
}

fn refusal(bytes: &[u8]) -> String {
    let text = fruit(bytes).expect_err("the table is not sound").to_string();
    assert!(!text.contains(char::is_control), "not one line: {text:?}");
    text
}

#[test]
fn a_table_is_read_by_column_however_it_is_written() {
    let plain = fruit(b"name,grams,ripe_s\nplum,30,1.5\n\"a, b\",0,0\n").expect("sound");
    assert_eq!(plain[0], (2, "plum".to_owned(), 30, Duration::from_millis(1_500)));
    assert_eq!(plain[1], (3, "a, b".to_owned(), 0, Duration::ZERO));
    let files: [&[u8]; 4] = [
        b"\xEF\xBB\xBFname,grams,ripe_s\nplum,30,1.5\n\"a, b\",0,0",
        b"name,grams,ripe_s\r\nplum,30,1.5\r\n\"a, b\",0,0\r\n",
        b" name , grams , ripe_s \n plum\t, 30 , 1.5 \n\"a, b\",0, 0 \n",
        b"grams,ripe_s,name\n30,1.50,plum\n00,0.0,\"a, b\"\n",
    ];
    for file in files {
        assert_eq!(fruit(file).expect("sound"), plain);
    }
}

#[test]
fn lines_are_counted_as_editors_do() {
    let lines = |bytes: &[u8]| {
        let rows = fruit(bytes).expect("sound");
        rows.iter().map(|row| row.0).collect::<Vec<_>>()
    };
    assert_eq!(lines(b"\n\nname,grams,ripe_s\n\na,1,1\n\n\nb,1,1\n"), [5, 8]);
    assert_eq!(lines(b"name,grams,ripe_s\r\n\r\na,1,1\r\nb,1,1\r\n\r\nc,1,1"), [3, 4, 6]);
    let text = refusal(b"\r\n\r\nname,grams,ripe_s\r\n\r\na,1,1\r\n\r\n\r\nb,x,1\r\n");
    assert!(text.starts_with("f.csv:8: column grams (2): found \"x\""), "{text}");
    assert!(refusal(b"\r\n\r\nname,gram,ripe_s\r\n").starts_with("f.csv:3: header"));
}

/// Each file is refused with a message that holds what stands beside it.
fn all_refused(table: &[(&[u8], &str)]) {
    for (bytes, expected) in table {
        let text = refusal(bytes);
        assert!(text.contains(expected), "{text}\nshould say\n{expected}");
    }
}

#[test]
fn files_without_a_sound_header_are_refused() {
    all_refused(&[
        (b"", "f.csv: found an empty file, expected the header name,grams,ripe_s"),
        (b"\xEF\xBB\xBF", "f.csv: found an empty file"),
        (b" \r\n\n", "f.csv: found an empty file"),
        (
            b"name,grams,ripe_s\n",
            "f.csv: found nothing after the header, expected at least one row",
        ),
        (b"name,grams,ripe_s\n\n", "f.csv: found nothing after the header"),
        (
            b"name;grams;ripe_s\nplum;1;2\n",
            "f.csv:1: header: found \"name;grams;ripe_s\", expected name,grams,ripe_s (it has semicolons where commas are expected)",
        ),
        (b"name,carats\nruby,1\n", "f.csv:1: header: found a list of hosts, expected name,grams"),
        (b"name,ripe_s\nplum,1\n", "f.csv:1: header: found no column grams, expected name,grams"),
        (b"name,grams,ripe_s,name\n", "header: found the column name twice (1 and 4), expected"),
        (b"name,grams,ripe_s,\n", "header: found the unknown column \"\" (4), expected"),
        (b"name,Grams,ripe_s\n", "header: found the unknown column \"Grams\" (2), expected"),
    ]);
}

#[test]
fn what_is_no_table_is_refused_with_its_place() {
    let long = format!("name,grams,ripe_s\na,1,{}\n", "1".repeat(70_000));
    let utf16 = b"\xFF\xFEn\0a\0m\0e\0";
    all_refused(&[
        (
            b"name,grams,ripe_s\na,1,1\nb,1\n",
            "f.csv:3: found 2 fields, expected 3: name,grams,ripe_s",
        ),
        (b"ripe_s,name,grams\n1,2,3,4\n", "f.csv:2: found 4 fields, expected 3: ripe_s,name,grams"),
        (
            b"name,grams,ripe_s\n\"a,1,1\nb,1,1\n",
            "f.csv:2: found 1 field, expected 3: name,grams,ripe_s (is a quote not closed?)",
        ),
        (
            b"name,grams,ripe_s\na,1,1\nb\xFF,1,1\n",
            "f.csv:3: found the byte 0xFF at place 2 of the line",
        ),
        (b"name,grams,ripe_s\na,1,\x001\n", "f.csv:2: found the byte 0x00 at place 5 of the line"),
        (
            b"\x1F\x8B\x08\0",
            "f.csv:1: found the byte 0x8B at place 2 of the line, expected UTF-8 text (it looks compressed",
        ),
        (
            utf16,
            "f.csv:1: found the byte 0xFF at place 1 of the line, expected UTF-8 text (it looks like UTF-16",
        ),
        (b"name,grams,ripe_s\na,1,1\nb,1,1\n\nc,1,1\nd,1,1\n", "f.csv:6: found more than 3 rows"),
        (long.as_bytes(), "f.csv:2: found a line of 70,004 bytes, expected at most 65,536"),
    ]);
}

#[test]
fn a_wrong_field_is_refused_with_its_place() {
    let rows = [
        (",1,1", "column name (1): found \"\", expected a name of 1 to 255 characters"),
        ("\"a\tb\",1,1", "column name (1): found \"a\\tb\", expected a name"),
        ("\"a\nb\",1,1", "column name (1): found \"a\\nb\", expected a name"),
        ("a,,1", "column grams (2): found \"\", expected a whole number from 0 to 4,294,967,295"),
        ("a,-1,1", "column grams (2): found \"-1\", expected a whole number"),
        ("a,+1,1", "column grams (2): found \"+1\", expected"),
        ("a,1.5,1", "column grams (2): found \"1.5\", expected"),
        ("a,4294967296,1", "column grams (2): found \"4294967296\", expected"),
        ("a,99999999999999999999999,1", "column grams (2): found \"9999"),
        ("a,1,", "column ripe_s (3): found \"\", expected seconds as a decimal number"),
        ("a,1,-0.5", "column ripe_s (3): found \"-0.5\", expected"),
        ("a,1,1e3", "column ripe_s (3): found \"1e3\", expected"),
        ("a,1,inf", "column ripe_s (3): found \"inf\", expected"),
        ("a,1,NaN", "column ripe_s (3): found \"NaN\", expected"),
        ("a,1,3153600001", "column ripe_s (3): found \"3153600001\", expected"),
    ];
    for (row, expected) in rows {
        let text = refusal(format!("name,grams,ripe_s\nx,1,1\n{row}\n").as_bytes());
        assert!(text.starts_with("f.csv:3: "), "{text}");
        assert!(text.contains(expected), "{text}\nshould say\n{expected}");
    }
    let longest = "é".repeat(255);
    fruit(format!("name,grams,ripe_s\n{longest},1,1\n").as_bytes()).expect("just short enough");
    let text = refusal(format!("name,grams,ripe_s\n{longest}é,1,1\n").as_bytes());
    assert!(text.contains("… (512 bytes), expected a name of 1 to 255"), "{text}");
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let directory = tempfile::tempdir().expect("a directory for the test");
    let text = |path: &str| {
        let path = directory.path().join(path);
        read(&path).expect_err("cannot be read").to_string()
    };
    assert!(text("").ends_with(": is a directory, expected a CSV file"));
    assert!(text("none.csv").contains("none.csv: cannot be read: "));
    assert!(text("a\nb").contains("a\\nb: cannot be read: "));
    let path = directory.path().join("ten");
    std::fs::write(&path, b"0123456789").expect("written");
    assert_eq!(read_at_most(&path, 10).expect("just small enough"), b"0123456789");
    let error = read_at_most(&path, 9).expect_err("too large").to_string();
    assert!(error.ends_with("ten: larger than 9 bytes, the most that is read"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_endless_file_is_read_to_the_limit_only() {
    let endless = std::path::Path::new("/dev/zero");
    let error = read_at_most(endless, 100_000).expect_err("too large").to_string();
    assert_eq!(error, "/dev/zero: larger than 100,000 bytes, the most that is read");
}

#[test]
fn numbers_mean_what_they_look_like() {
    assert_eq!(whole("007", 7), Some(7));
    for text in ["", "8", "-1", "+1", "1_0", "0x1", "1.0", " 1", "١", "18446744073709551616"] {
        assert_eq!(whole(text, 7), None, "{text}");
    }
    let ns = |text| scaled(text, 1_000_000_000).map(|time| time.as_nanos());
    assert_eq!(ns("0.30000000000000004"), Some(300_000_000));
    assert_eq!(ns("1.9999999999999999999999999999"), Some(1_999_999_999));
    assert_eq!(ns("3153600000"), Some(3_153_600_000_000_000_000));
    for text in ["", ".", "1.", ".5", "1.2.3", "1e3", "-1", "3153600000.000000001"] {
        assert_eq!(ns(text), None, "{text}");
    }
    assert_eq!(scaled("18446744073709551615", u128::MAX), None);
    assert_eq!(positive("0.25", 1.0), Some(0.25));
    for text in ["0", "0.0", "1.1", "-1", "NaN", "inf", "1e0", ""] {
        assert_eq!(positive(text, 1.0), None, "{text}");
    }
    assert_eq!(positive(&"9".repeat(400), 1e7), None);
    assert_eq!(seconds(Duration::ZERO), "0");
    assert_eq!(seconds(Duration::from_secs(100)), "100");
    assert_eq!(seconds(Duration::new(10, 50)), "10.00000005");
}

#[test]
fn what_is_wrong_is_said_in_french() {
    let long = format!("name,grams,ripe_s\na,1,{}\n", "1".repeat(70_000));
    let name = format!("name,grams,ripe_s\n{}é,1,1\n", "é".repeat(255));
    let table: [(&[u8], &str); 17] = [
        (b"", "f.csv : fichier vide ; attendu : l’en-tête name,grams,ripe_s"),
        (b"name,grams,ripe_s\n", "f.csv : rien après l’en-tête ; attendu : au moins une ligne"),
        (b"a;b\n1;2\n", "f.csv:1 : en-tête : \"a;b\" ; attendu : name,grams,ripe_s"),
        (
            b"name,ripe_s\n",
            "f.csv:1 : en-tête : pas de colonne grams ; attendu : name,grams,ripe_s, dans n’importe quel ordre",
        ),
        (
            b"name,grams,ripe_s,name\n",
            "f.csv:1 : en-tête : colonne name en double (1 et 4) ; attendu : ",
        ),
        (b"name,Grams,ripe_s\n", "f.csv:1 : en-tête : colonne inconnue \"Grams\" (2) ; attendu : "),
        (b"name,grams,ripe_s\na,1,1\nb,1\n", "f.csv:3 : 2 champs au lieu de 3 : name,grams,ripe_s"),
        (
            b"name,grams,ripe_s\n\"a,1,1\nb,1,1\n",
            "f.csv:2 : 1 champ au lieu de 3 : name,grams,ripe_s (un guillemet n’est-il pas fermé ?)",
        ),
        (
            b"name,grams,ripe_s\nb\xFF,1,1\n",
            "f.csv:2 : octet 0xFF trouvé à la place 2 de la ligne ; attendu : du texte en UTF-8",
        ),
        (
            b"\x1F\x8B\x08\0",
            "f.csv:1 : octet 0x8B trouvé à la place 2 de la ligne ; attendu : du texte en UTF-8 (le fichier semble compressé : décompressez-le d’abord avec gunzip)",
        ),
        (
            b"\xFF\xFEn\0",
            "f.csv:1 : octet 0xFF trouvé à la place 1 de la ligne ; attendu : du texte en UTF-8 (le fichier semble être en UTF-16 : convertissez-le d’abord)",
        ),
        (
            b"name,grams,ripe_s\na,1,1\nb,1,1\nc,1,1\nd,1,1\n",
            "f.csv:5 : plus de 3 lignes, le plus qui soit lu",
        ),
        (long.as_bytes(), "f.csv:2 : ligne de 70 004 octets, 65 536 au plus"),
        (
            b"name,grams,ripe_s\na,-1,1\n",
            "f.csv:2 : colonne grams (2) : \"-1\" trouvé ; attendu : un nombre entier de 0 à 4 294 967 295",
        ),
        (
            b"name,grams,ripe_s\na,1,x\n",
            "f.csv:2 : colonne ripe_s (3) : \"x\" trouvé ; attendu : des secondes, en nombre décimal de 0 à 3 153 600 000 (100 ans), avec un point, comme 12.5",
        ),
        (
            b"name,grams,ripe_s\n,1,1\n",
            "f.csv:2 : colonne name (1) : \"\" trouvé ; attendu : un nom de 1 à 255 caractères, dont aucun caractère de contrôle",
        ),
        (
            name.as_bytes(),
            "f.csv:2 : colonne name (1) : \"éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé\"… (512 octets) trouvé",
        ),
    ];
    for (bytes, said) in table {
        let error = fruit(bytes).expect_err("the table is not sound");
        let told = error.text_in(Locale::French).replace(['\u{a0}', '\u{202f}'], " ");
        assert!(told.starts_with(said), "{told}\nshould say\n{said}");
    }
}

#[test]
fn files_that_cannot_be_read_are_named_in_french() {
    let directory = tempfile::tempdir().expect("a directory for the test");
    let told = |error: InputError| error.text_in(Locale::French).replace('\u{a0}', " ");
    let missing = read(&directory.path().join("none.csv")).expect_err("it is not there");
    let said = "none.csv : lecture impossible : fichier ou répertoire introuvable";
    assert!(told(missing).ends_with(said));
    let folder = read(directory.path()).expect_err("a directory");
    assert!(told(folder).ends_with(" : c’est un répertoire ; attendu : un fichier CSV"));
    let path = directory.path().join("ten");
    std::fs::write(&path, b"0123456789").expect("written");
    let large = read_at_most(&path, 9).expect_err("too large");
    assert!(told(large).ends_with("ten : plus de 9 octets, le plus qui soit lu"));
}

#[test]
fn a_foreign_text_is_quoted_as_elsewhere() {
    for text in ["", "a \"b\"\n", &"é".repeat(60), &"é".repeat(2_000)] {
        let english = words::quoted(text).text_in(Locale::English);
        assert_eq!(english, guichet_view::text::quoted(text));
    }
}
