//! Nothing is changed but from a page of ours.

use http::Method;

use crate::support::{HOST, Service};

#[tokio::test]
async fn every_form_needs_what_only_our_pages_have() {
    let service = Service::open("instant");
    let mut browser = service.signed_in("admin").await;
    let server = browser.made("web").await;
    let csrf = browser.csrf().await;
    let other = service.signed_in("admin").await.csrf().await;
    let acts = format!("{server}/act");
    let forms: [(&str, &[(&str, &str)]); 8] = [
        ("/console/servers/new", &[("name", "a"), ("flavor", "1")]),
        (&acts, &[("do", "delete")]),
        ("/console/hosts", &[("do", "disable"), ("host", "host-0001")]),
        ("/console/faults", &[("do", "operation-stuck")]),
        ("/console/clock", &[("do", "freeze")]),
        ("/console/worlds", &[]),
        ("/console/project", &[("project", "x")]),
        ("/console/sign-out", &[]),
    ];
    for (path, fields) in forms {
        for wrong in [None, Some(""), Some(&*other)] {
            let mut fields = fields.to_vec();
            fields.extend(wrong.map(|wrong| ("csrf", wrong)));
            let refused = browser.post(path, &fields).await;
            assert_eq!(refused.code(), 403, "{path}: {wrong:?}");
            assert!(refused.body.contains("not from a page of this console"), "{path}");
        }
        // With it, and from the page of another site, or of another port of this host.
        for origin in ["http://example.org", "http://localhost:3000", "null"] {
            let mut fields = fields.to_vec();
            fields.push(("csrf", &csrf));
            let origin = [("origin", origin)];
            let refused = browser.send(Method::POST, path, &origin, Some(&fields)).await;
            assert_eq!(refused.code(), 403, "{path}: {origin:?}");
        }
    }
    let page = browser.wait_for(&server, "ACTIVE").await;
    assert_eq!(page.code(), 200, "it was not deleted");
    assert_eq!(service.worlds.len(), 0);
    assert!(service.worlds.first().cloud().faults().unwrap().is_empty());
}

#[tokio::test]
async fn nobody_is_signed_in_by_another_sites_page() {
    let service = Service::open("instant");
    let mut browser = service.browser();
    let csrf = browser.get("/console/sign-in").await.hidden("csrf");
    let fields = [("csrf", &*csrf), ("user", "demo"), ("password", "secret")];
    let foreign = [("origin", "http://example.org")];
    let refused = browser.send(Method::POST, "/console/sign-in", &foreign, Some(&fields)).await;
    assert_eq!(refused.code(), 403);
    // Without the cookie that the form must fit.
    browser.cookies.clear();
    assert_eq!(browser.post("/console/sign-in", &fields).await.code(), 403);
    assert!(!browser.cookies.keys().any(|name| name.starts_with("guichet_session")));
}

#[tokio::test]
async fn a_body_that_is_no_form_or_too_long_is_refused() {
    let service = Service::open("instant");
    let mut browser = service.signed_in("demo").await;
    let csrf = browser.csrf().await;
    let origin = format!("http://{HOST}");
    let none =
        browser.send(Method::POST, "/console/servers/new", &[("origin", &origin)], None).await;
    assert_eq!(none.code(), 415);
    let long = "x".repeat(guichet_core::limits::CONSOLE_FORM_MAX);
    let fields = [("csrf", &*csrf), ("name", &*long)];
    assert_eq!(browser.post("/console/servers/new", &fields).await.code(), 413);
}

/// What `/guichet/v1` goes by.
#[tokio::test]
async fn a_session_counts_for_data_from_our_own_pages_alone() {
    use guichet_console::NotTaken;
    use http::HeaderMap;

    let service = Service::open("instant");
    let mut browser = service.signed_in("demo").await;
    let csrf = browser.csrf().await;
    let cookies: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let ask = |method: Method, more: &[(&'static str, &str)]| {
        let mut headers = HeaderMap::new();
        headers.insert("host", HOST.parse().unwrap());
        headers.insert("cookie", cookies.join("; ").parse().unwrap());
        for (name, value) in more {
            headers.insert(*name, value.parse().unwrap());
        }
        service.console.asker(&method, &headers)
    };
    let asker = ask(Method::GET, &[]).unwrap().unwrap();
    assert!(!asker.is_admin);
    let directory = service.worlds.first().cloud();
    let directory = directory.accounts().directory();
    assert_eq!(&*directory.owner(asker.project).unwrap().name, "demo");
    assert!(ask(Method::GET, &[("sec-fetch-site", "same-origin")]).unwrap().is_some());
    for foreign in [("origin", "http://localhost:3000"), ("sec-fetch-site", "same-site")] {
        assert_eq!(ask(Method::GET, &[foreign]), Err(NotTaken::Foreign));
    }
    assert_eq!(ask(Method::POST, &[]), Err(NotTaken::NoCsrf));
    assert_eq!(ask(Method::POST, &[("x-guichet-csrf", "a")]), Err(NotTaken::NoCsrf));
    assert!(ask(Method::DELETE, &[("x-guichet-csrf", &csrf)]).unwrap().is_some());
    assert_eq!(service.console.asker(&Method::GET, &HeaderMap::new()), Ok(None));
}
