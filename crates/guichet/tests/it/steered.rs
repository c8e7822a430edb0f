//! `guichet run`, `guichet world` and `guichet clock`: a cloud for one command, and what steers it.

use std::io::{Read as _, Write as _};
use std::process::Output;

use serde_json::Value;

use crate::support::guichet;

/// Runs a script in a cloud of its own.
fn run(flags: &[&str], script: &str) -> Output {
    let mut command = guichet("run", flags);
    let program = env!("CARGO_BIN_EXE_guichet");
    command.args(["--", "bash", "-c", script]).env("guichet", program);
    // What of the user's own would point a client elsewhere.
    command.env("OS_CLOUD", "production").env("OS_TOKEN", "secret");
    // It is for tests, and not of the cloud.
    command.env_remove(guichet_scratch::REQUIRED);
    command.output().expect("it starts")
}

fn printed(output: &Output) -> &str {
    assert!(output.status.success(), "{output:?}");
    std::str::from_utf8(&output.stdout).expect("text")
}

#[test]
fn the_command_finds_the_cloud_in_its_environment() {
    let output = run(&[], "env | grep ^OS_ | sort; env | grep -c ^GUICHET_");
    let mut lines: Vec<&str> = printed(&output).lines().collect();
    let url = lines.remove(0);
    assert!(url.starts_with("OS_AUTH_URL=http://127.0.0.1:") && url.ends_with("/identity"));
    assert_eq!(
        lines,
        [
            "OS_IDENTITY_API_VERSION=3",
            "OS_PASSWORD=secret",
            "OS_PROJECT_DOMAIN_NAME=Default",
            "OS_PROJECT_NAME=demo",
            "OS_REGION_NAME=RegionOne",
            "OS_USERNAME=demo",
            "OS_USER_DOMAIN_NAME=Default",
            "3",
        ]
    );
}

#[test]
fn the_commands_end_is_ours() {
    assert_eq!(run(&[], "exit 7").status.code(), Some(7));
    assert_eq!(run(&[], "kill -TERM $$").status.code(), Some(143));
    let none = guichet("run", &["--", "no-such-command"]).output().expect("it starts");
    // As a shell has it.
    assert_eq!(none.status.code(), Some(127));
    assert!(String::from_utf8_lossy(&none.stderr).contains("no-such-command"), "{none:?}");
    let none = guichet("run", &["--", "/"]).output().expect("it starts");
    assert_eq!(none.status.code(), Some(126));
    let none = guichet("run", &["--speed", "-1", "--", "true"]).output().expect("it starts");
    assert_eq!(none.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&none.stderr).contains("expected 0 to 10000"), "{none:?}");
}

#[test]
fn a_service_is_waited_for() {
    assert!(run(&[], r#""$guichet" wait"#).status.success());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let none = guichet("wait", &["--url", &url, "--timeout", "50ms"]).output().expect("it starts");
    assert_eq!(none.status.code(), Some(1));
    let said = String::from_utf8_lossy(&none.stderr);
    assert!(said.starts_with(&format!("{url} did not answer in 0.05s: ")), "{said}");
}

/// Something else that listens there is no service, whatever it answers.
#[test]
fn what_answers_and_is_no_service_is_not_waited_for_with_success() {
    for answer in [
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    ] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let answers = std::thread::spawn(move || {
            // Until it is asked for the last time, which is when nobody is waiting any more.
            while let Ok((mut stream, _)) = listener.accept() {
                let mut asked = [0; 1_024];
                let count = stream.read(&mut asked).unwrap_or(0);
                if asked[..count].starts_with(b"GET /end ") {
                    return;
                }
                assert!(asked[..count].starts_with(b"GET /healthz "), "{asked:?}");
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        let waited = guichet("wait", &["--url", &url, "--timeout", "200ms"]).output();
        let waited = waited.expect("it starts");
        let mut end = std::net::TcpStream::connect(url.trim_start_matches("http://")).expect("it");
        end.write_all(b"GET /end HTTP/1.1\r\n\r\n").expect("it reads");
        answers.join().expect("it was asked for its health");
        assert_eq!(waited.status.code(), Some(1), "{waited:?}");
        let said = String::from_utf8_lossy(&waited.stderr);
        assert!(said.contains("what answers there is no guichet serve"), "{said}");
    }
}

#[test]
fn an_operation_is_named_by_its_server_and_its_number() {
    for id in ["nope", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "/1", "a/-", "a/b/1"] {
        let output = guichet("operation", &["show", id]).output().expect("it starts");
        assert_eq!(output.status.code(), Some(2), "{id}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("expected SERVER/NUMBER, as"), "{said}");
    }
}

#[test]
fn a_command_that_is_told_to_stop_is_told() {
    let script = "trap 'echo told; exit 3' TERM; kill -TERM $PPID; while :; do sleep 0.05; done";
    let output = run(&[], script);
    assert_eq!((output.status.code(), &*output.stdout), (Some(3), &b"told\n"[..]), "{output:?}");
}

#[test]
fn worlds_are_made_shown_reset_and_ended() {
    let script = r#"
        set -e
        made=$("$guichet" world create --profile instant --seed 3 --idle 90s --format json)
        id=$(printf '%s' "$made" | grep -o '"id": "[0-9a-f]*"' | cut -d'"' -f4)
        "$guichet" world list
        "$guichet" world show "$id" --format json
        "$guichet" world reset "$id"
        "$guichet" world end "$id"
        "$guichet" world show "$id" || echo "exit $?"
        "$guichet" world end root || echo "exit $?"
        "$guichet" world create --profile nonsense || echo "exit $?"
    "#;
    let output = run(&[], script);
    let text = printed(&output);
    let shown = &text[text.find('{').expect("JSON")..=text.rfind('}').expect("JSON")];
    let shown: Value = serde_json::from_str(shown).expect("one object");
    assert_eq!(shown["world"]["idle_s"], 90);
    assert_eq!(shown["world"]["seed"], 3);
    let id = shown["world"]["id"].as_str().expect("an id");
    assert!(text.contains(&format!("world {id}: as it was at first\nworld {id}: has ended\n")));
    assert_eq!(text.matches("exit 2").count(), 3, "{text}");
    // A table of worlds has place in 80 columns.
    assert!(
        text.lines().take_while(|line| !line.starts_with('{')).all(|l| l.chars().count() <= 80)
    );
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("There is no such world"), "{errors}");
    assert!(errors.contains("The world root ends with the service"), "{errors}");
    assert!(errors.contains("expected one of instant, fast, realistic, flaky"), "{errors}");
}

/// What `--format env` sets leaves the next world to be made, and is all that the made one needs.
#[test]
fn a_shell_makes_one_world_after_the_other() {
    let script = r#"
        set -e
        for n in 1 2; do
            unset GUICHET_CONTROL_TOKEN
            lines=$("$guichet" world create --token "$service" --format env)
            eval "$lines"
            "$guichet" clock freeze
            "$guichet" world show --format json | grep -c "$GUICHET_WORLD"
            "$guichet" world end
        done
    "#;
    let output = run(&[], &format!("service=$GUICHET_CONTROL_TOKEN; {script}"));
    assert_eq!(printed(&output).matches("has ended").count(), 2);
}

/// A shell that had chosen another cloud talks to the world, whichever variable chose it.
#[test]
fn what_a_shell_had_chosen_before_is_unset() {
    let script = r#"
        set -e
        export OS_CLOUD=other OS_USER_ID=someone OS_CACERT=/elsewhere OS_PASSWORD=old
        lines=$("$guichet" world create --cacert ca.pem --format env)
        eval "$lines"
        echo "cloud ${OS_CLOUD-none}, user ${OS_USER_ID-none}, password $OS_PASSWORD, $OS_CACERT"
        export OS_CLOUD=other
        eval "$(unset OS_CLOUD; "$guichet" snapshot fork --world root --token "$service" --format env)"
        echo "cloud ${OS_CLOUD-none}"
        for made in "world create" "snapshot fork --world root"; do
            "$guichet" $made --token "$service" --cacert ca.pem --format clouds-yaml | grep cacert: | sort -u
            "$guichet" $made --token "$service" --cacert ca.pem --format json | grep OS_CACERT
        done
    "#;
    let output = run(&[], &format!("service=$GUICHET_CONTROL_TOKEN; {script}"));
    let text = printed(&output);
    let file = std::path::absolute("ca.pem").unwrap().display().to_string();
    assert!(text.contains(&format!("cloud none, user none, password secret, {file}\n")), "{text}");
    assert!(text.contains("\ncloud none\n"), "{text}");
    assert_eq!(text.matches(&format!("    cacert: \"{file}\"\n")).count(), 2, "{text}");
    assert_eq!(text.matches(&format!("\"OS_CACERT\": \"{file}\"")).count(), 2, "{text}");
}

#[test]
fn time_is_stopped_and_moved_on() {
    let script = r#"
        set -e
        "$guichet" clock freeze
        "$guichet" clock advance --to 2031-05-01T00:00:00Z
        "$guichet" clock advance --by 90s --format json
        "$guichet" clock advance --until-idle
        "$guichet" clock run --speed 60
        "$guichet" clock advance --to 2030-01-01T00:00:00Z || echo "exit $?"
        "$guichet" clock show --world 0123456789ab || echo "exit $?"
    "#;
    let output = run(&[], script);
    let text = printed(&output);
    assert!(
        text.contains("world root: 2031-05-01T00:00:00.000000Z, stopped; 0 operations under way")
    );
    assert!(text.contains("\"now\": \"2031-05-01T00:01:30.000000Z\""), "{text}");
    assert!(text.contains("running 60 times as fast"), "{text}");
    assert_eq!(text.matches("exit 2").count(), 2, "{text}");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("never goes back; it is 2031-05-01"), "{errors}");
}

#[test]
fn snapshots_are_taken_gone_back_to_and_begun_from() {
    let script = r#"
        set -e
        document='{"format":"guichet-snapshot","version":1,"servers":[
            {"name":"web","flavor":"m1.tiny","image":"cirros"}]}'
        printf '%s' "$document" | "$guichet" snapshot import fleet -
        "$guichet" snapshot restore fleet
        "$guichet" snapshot take now
        "$guichet" snapshot take now || echo "exit $?"
        "$guichet" snapshot take now --replace --format json | grep -c '"servers": 1,'
        "$guichet" snapshot export now | grep -c '"name":"web"'
        "$guichet" snapshot show now
        "$guichet" world reset root
        made=$("$guichet" snapshot fork now --format env)
        world=$(eval "$made"; echo "$GUICHET_WORLD")
        "$guichet" world show "$world" --format json | grep -c '"servers": 1,'
        "$guichet" world create --from now --format json | grep -c '"servers": 1,'
        "$guichet" snapshot fork --format json | grep -c '"servers": 0,'
        (unset GUICHET_CONTROL_TOKEN
         eval "$made"
         "$guichet" snapshot take own > /dev/null
         "$guichet" snapshot fork own --token "$service" --format json | grep -c '"servers": 1,'
         "$guichet" snapshot fork own 2>&1 | grep -c 'A control token is wanted')
        "$guichet" snapshot delete now
        "$guichet" snapshot list
        "$guichet" snapshot restore now || echo "exit $?"
        "$guichet" snapshot take Up || echo "exit $?"
        printf '%s' "${document/:1,/:2,}" | "$guichet" snapshot import newer - || echo "exit $?"
        printf '%s' "${document/image/imag}" | "$guichet" snapshot import x - || echo "exit $?"
        "$guichet" snapshot import x /nowhere/x.json || echo "exit $?"
    "#;
    let output = run(&[], &format!("service=$GUICHET_CONTROL_TOKEN; {script}"));
    let text = printed(&output);
    assert_eq!(text.matches("exit 2").count(), 6, "{text}");
    let counts: Vec<&str> = text.lines().filter(|line| line.parse::<u8>().is_ok()).collect();
    assert_eq!(counts, ["1", "1", "1", "1", "1", "1", "1"], "{text}");
    assert!(text.contains("snapshot fleet: the world is again as it was\n"), "{text}");
    assert!(text.contains("snapshot now: is gone\n"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let errors = String::from_utf8_lossy(&output.stderr);
    for said in [
        "The world has a snapshot \"now\"; delete it first",
        "The world has no snapshot \"now\".",
        "name: found \"Up\"",
        "version: found 2, made by a newer version: this program reads up to 1",
        "servers[0].imag: there is no such field; expected one of name, id, project",
        "/nowhere/x.json: ",
    ] {
        assert!(errors.contains(said), "{said}: {errors}");
    }
}

#[test]
fn faults_are_added_listed_and_taken_out() {
    let script = r#"
        set -e
        "$guichet" fault list
        "$guichet" fault add on=request path='/identity/*' nth=2 do=close after=true
        "$guichet" fault add scenario=brown-out
        url=${OS_AUTH_URL#http://}
        for n in 1 2 3; do
            exec 3<>"/dev/tcp/${url%%:*}/$(echo "${url#*:}" | cut -d/ -f1)"
            printf 'GET /identity/v3 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n' >&3
            echo "answer $n: $(head -c 12 <&3)"
            exec 3>&-
        done
        "$guichet" fault list
        "$guichet" fault clear 1
        "$guichet" fault clear 1 || echo "exit $?"
        "$guichet" fault clear
        "$guichet" fault add nth || echo "exit $?"
        "$guichet" fault add nth=1 nth=2 || echo "exit $?"
        "$guichet" fault add on=request do=answer status=5000 || echo "exit $?"
    "#;
    let output = run(&[], script);
    let text = printed(&output);
    for line in [
        "nothing is to go wrong\nrule 1\nrule 2, 3\n",
        "answer 1: HTTP/1.1 200\nanswer 2: \nanswer 3: HTTP/1.1 200\n",
        "rule 1: struck 1 of 3\n  after=true do=close nth=2 on=request path=/identity/*\n",
        "rule 3: struck 0 of 0\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert_eq!(text.matches("exit 2").count(), 4, "{text}");
    let errors = String::from_utf8_lossy(&output.stderr);
    for said in
        ["There is no rule 1.", "expected FIELD=VALUE", "given twice", "say which, 200 to 599"]
    {
        assert!(errors.contains(said), "{said}: {errors}");
    }
}

#[test]
fn what_is_left_out_is_asked_for_in_our_words() {
    for (command, flags, said) in [
        ("world", &["remember", "root"][..], "error: what is to be remembered? Say it by --most N"),
        ("clock", &["advance"], "error: how far? Say it by --by TIME, --to INSTANT or"),
    ] {
        let output = guichet(command, flags).output().expect("it starts");
        assert_eq!(output.status.code(), Some(2));
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(errors.starts_with(said), "{errors}");
    }
}

#[test]
fn nobody_there_is_said_with_what_to_do() {
    // A port that nobody listens on: bound and given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    let url = format!("http://{}", port.expect("a port"));
    let output = guichet("world", &["list", "--url", &url]).output();
    let output = output.expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("does not answer; is guichet serve running there (--url)?"), "{said}");
    let mut french = guichet("world", &["list", "--url", &url]);
    let french = french.env("LC_ALL", "fr_FR.UTF-8").output().expect("it starts");
    let said = String::from_utf8_lossy(&french.stderr);
    assert!(said.contains("ne répond pas\u{a0}; guichet serve y tourne-t-il"), "{said}");
    assert!(said.contains("onnexion refusée"), "{said}");
}
