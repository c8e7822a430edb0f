//! Help texts and all bad input, word for word: `tests/cmd`. After a change on purpose,
//! `TRYCMD=overwrite cargo test -p guichet commands` writes them anew; read the diff.

#[test]
fn commands_say_what_they_should() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .env("LC_ALL", "C")
        .case("tests/cmd/*.trycmd");
}
