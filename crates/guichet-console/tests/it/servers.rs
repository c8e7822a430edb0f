//! Servers: made, acted on, looked for; and what is said when that is refused.

use guichet_cloud::config::Declared;
use guichet_core::limits;

use crate::support::Service;

#[tokio::test]
async fn a_server_is_made_and_deleted_with_its_history_shown() {
    let service = Service::open("instant");
    let mut demo = service.signed_in("demo").await;
    let created = demo.create("web", "1").await;
    assert!(created.location().ends_with("?said=created"));
    assert!(demo.get(created.location()).await.body.contains("It was accepted"));
    let server = created.location().split('?').next().unwrap().to_owned();
    let page = demo.wait_for(&server, "login:").await;
    for shown in ["ACTIVE", "create", "succeeded", "req-", "m1.tiny", "cirros"] {
        assert!(page.body.contains(shown), "{shown}");
    }
    assert_eq!(demo.act(&server, "stop").await.code(), 303);
    demo.wait_for(&server, "SHUTOFF").await;
    let operation = demo.get(&format!("{server}/operations/2")).await;
    assert!(operation.body.contains("stop of web"), "{}", operation.body);
    assert_eq!(demo.get(&format!("{server}/operations/99")).await.code(), 404);
    assert_eq!(demo.act(&server, "delete").await.code(), 303);
    demo.wait_for(&server, "DELETED").await;
    assert!(demo.get("/console/servers").await.body.contains("No server fits."));
}

#[tokio::test]
async fn what_became_of_operations_is_said_in_french_too() {
    let service = Service::open("instant");
    let mut admin = service.signed_in("admin").await;
    let server = admin.made("web").await;
    admin.wait_for(&server, "ACTIVE").await;
    admin.get("/console/language?to=fr").await;
    let page = admin.get(&server).await.body;
    for shown in [
        "data-state=\"succeeded\">réussie<",
        ">Acceptée</th>",
        ">Attente</th>",
        ">Temps de service</th>",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    let overview = admin.get("/console/").await.body;
    for shown in [
        "<option value=\"powered_off\">serveur éteint</option>",
        ">Ouvriers occupés<",
        "réussie",
        "Heure",
    ] {
        assert!(overview.contains(shown), "{shown}");
    }
    // What is looked for is the API's word; what is read is not.
    for word in ["accepted", "refused", "succeeded", "failed", "cancelled", "gone"] {
        assert!(!overview.contains(&format!(">{word}<")), "{word}");
    }
}

#[tokio::test]
async fn a_refusal_says_why_and_what_to_do_in_both_languages() {
    let service = Service::open("instant");
    let mut demo = service.signed_in("demo").await;
    let server = demo.made("web").await;
    demo.wait_for(&server, "ACTIVE").await;
    let refused = demo.act(&server, "start").await;
    assert_eq!(refused.code(), 409);
    assert!(refused.body.contains("role=\"alert\""));
    assert!(refused.body.contains("while it is in vm_state active"), "{}", refused.body);
    assert!(refused.body.contains("then ask again."));
    // Ten are what a project of --dev may have.
    let refused = demo.create("many", "10").await;
    assert_eq!(refused.code(), 403);
    let said = "10 instances asked for, 1 of 10 in use.";
    assert!(refused.body.contains(said), "{}", refused.body);
    assert!(refused.body.contains("ask an administrator for a larger quota"));
    assert!(refused.body.contains("value=\"many\""), "what was typed stays");
    demo.get("/console/language?to=fr").await;
    let refused = demo.create("many", "10").await;
    assert!(refused.body.contains("Le quota ne le permet pas"), "{}", refused.body);
    for (name, count) in [(" a", "1"), ("", "1"), ("a", "0"), ("a", "x")] {
        assert_eq!(demo.create(name, count).await.code(), 400, "{name:?} {count}");
    }
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_servers_once() {
    let service = Service::open("instant");
    let mut demo = service.signed_in("demo").await;
    let page = demo.get("/console/servers/new").await;
    let [csrf, key] = ["csrf", "key"].map(|name| page.hidden(name));
    let [flavor, image] = ["flavor", "image"].map(|name| page.choice(name));
    let fields = [
        ("csrf", &*csrf),
        ("key", &*key),
        ("name", "web"),
        ("flavor", &*flavor),
        ("image", &*image),
    ];
    let [one, two] = [
        demo.post("/console/servers/new", &fields).await,
        demo.post("/console/servers/new", &fields).await,
    ];
    assert_eq!(one.code(), 303, "{}", one.body);
    assert_eq!(one.location(), two.location());
}

#[tokio::test]
async fn a_resize_is_kept_or_taken_back() {
    let service = Service::open("instant");
    let mut admin = service.signed_in("admin").await;
    let server = admin.made("web").await;
    let page = admin.wait_for(&server, "ACTIVE").await;
    let (csrf, flavor) = (page.hidden("csrf"), page.choice("flavor"));
    let fields = [("csrf", &*csrf), ("do", "resize"), ("flavor", &*flavor)];
    let asked = admin.post(&format!("{server}/act"), &fields).await;
    assert_eq!(asked.code(), 303, "{}", asked.body);
    let page = admin.wait_for(&server, "VERIFY_RESIZE").await;
    assert!(page.body.contains("Keep the new size"));
    assert_eq!(admin.act(&server, "revert_resize").await.code(), 303);
    admin.wait_for(&server, "ACTIVE").await;
    let fields = [("csrf", &*csrf), ("do", "resize"), ("flavor", "none")];
    assert_eq!(admin.post(&format!("{server}/act"), &fields).await.code(), 400);
    let fields = [("csrf", &*csrf), ("do", "explode")];
    assert_eq!(admin.post(&format!("{server}/act"), &fields).await.code(), 404);
}

#[tokio::test]
async fn a_list_has_pages_and_names() {
    let mut declared = Declared::dev();
    for project in &mut declared.projects {
        project.quota = guichet_core::project::Quota::default();
    }
    let service = Service::of(declared, "instant");
    let mut demo = service.signed_in("demo").await;
    let count = limits::CONSOLE_SERVERS_SHOWN + 5;
    assert_eq!(demo.create("web", &count.to_string()).await.code(), 303);
    assert_eq!(demo.create("a.b", "1").await.code(), 303);
    let rows = |body: &str| body.matches("<th scope=\"row\">").count();
    for path in ["/console/servers", "/console/servers?name=w"] {
        let first = demo.get(path).await;
        assert_eq!(rows(&first.body), limits::CONSOLE_SERVERS_SHOWN, "{path}");
        let next = first.body.split("rel=\"next\"").next().unwrap();
        let next = next.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
        let second = demo.get(&next.replace("&#38;", "&").replace("&amp;", "&")).await;
        let rest = if path.contains("name") { 5 } else { 6 };
        assert_eq!(rows(&second.body), rest, "{next}");
        assert!(!second.body.contains("rel=\"next\""));
    }
    // A name is what it is, no pattern.
    assert_eq!(rows(&demo.get("/console/servers?name=a.").await.body), 1);
    assert_eq!(rows(&demo.get("/console/servers?name=w.").await.body), 0);
    let gone = "/console/servers?after=00000000-0000-4000-8000-000000000000";
    assert_eq!(demo.get(gone).await.code(), 400);
    let marked = demo.create("<b>&\"", "1").await;
    let page = demo.get(marked.location()).await;
    assert!(!page.body.contains("<b>&\""), "what users write is text");
}
