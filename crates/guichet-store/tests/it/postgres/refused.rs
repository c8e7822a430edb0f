//! Databases that are not gone on with, and what is said of them.

use guichet_scratch::Server;
use guichet_store::journal::sqlite::{Names, OpenError};

use super::{lead, open};

fn refusal(url: &str) -> OpenError {
    lead(url, "a").expect_err("it is refused")
}

/// One server for all: its settings are changed and set back.
#[test]
fn what_would_lose_what_was_acknowledged_is_refused() {
    let Some(server) = Server::start("what_would_lose_what_was_acknowledged_is_refused") else {
        return;
    };
    let url = server.database().expect("a database");
    let database = url.rsplit('/').next().expect("a name").to_owned();
    drop(open(&url, &Names::default()).expect("it opens"));
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let name = format!("ALTER SYSTEM SET {setting} = off");
        server.sql("postgres", &name).expect("set");
        server.sql("postgres", "SELECT pg_reload_conf()").expect("read");
        // A new session has it as soon as the server has read it.
        while server.sql(&database, &format!("SHOW {setting}")).expect("shown") != "off" {}
        let text = refusal(&url).to_string();
        assert!(text.contains(&format!("set {setting} = on")), "{text}");
        server.sql("postgres", &format!("ALTER SYSTEM RESET {setting}")).expect("reset");
        server.sql("postgres", "SELECT pg_reload_conf()").expect("read");
        while server.sql(&database, &format!("SHOW {setting}")).expect("shown") != "on" {}
    }
    drop(open(&url, &Names::default()).expect("it opens again"));
}

#[test]
fn a_later_version_is_refused_and_left_as_it_is() {
    let Some(server) = Server::start("a_later_version_is_refused_and_left_as_it_is") else {
        return;
    };
    let url = server.database().expect("a database");
    drop(open(&url, &Names::default()).expect("it opens"));
    let database = url.rsplit('/').next().expect("a name");
    let raise = "UPDATE guichet.setting SET value = 99 WHERE name = 'version'";
    server.sql(database, raise).expect("raised");
    let text = refusal(&url).to_string();
    assert!(text.contains("version 99") && text.contains("use the newer program"), "{text}");
    let epoch = server.sql(database, "SELECT epoch FROM guichet.cell").expect("asked");
    assert_eq!(epoch, "1", "who may not lead begins no epoch");
}

#[test]
fn a_schema_of_somebody_else_is_refused() {
    let Some(server) = Server::start("a_schema_of_somebody_else_is_refused") else { return };
    let url = server.database().expect("a database");
    let database = url.rsplit('/').next().expect("a name");
    server.sql(database, "CREATE SCHEMA guichet; CREATE TABLE guichet.t ()").expect("made");
    let text = refusal(&url).to_string();
    assert!(text.contains("not Guichet's"), "{text}");
}

#[test]
fn a_user_that_is_not_let_in_is_told_so() {
    let Some(server) = Server::start("a_user_that_is_not_let_in_is_told_so") else { return };
    let url = server.database().expect("a database").replace("guichet@", "nobody@");
    let text = refusal(&url).to_string();
    assert!(text.contains("refuses") && text.contains("PGPASSWORD"), "{text}");
}
