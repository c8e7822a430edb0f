//! What every answer says to the browser.

use http::Method;

use crate::support::Service;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

#[tokio::test]
async fn every_answer_has_the_policy_and_no_page_has_a_script_or_style_in_it() {
    let service = Service::open("instant");
    let mut browser = service.signed_in("admin").await;
    let server = browser.made("web").await;
    browser.wait_for(&server, "succeeded").await;
    let operation = format!("{server}/operations/1");
    for path in [
        "/console",
        "/console/",
        "/console/sign-in",
        "/console/servers",
        "/console/servers/new",
        &server,
        &operation,
        "/console/hosts",
        "/console/faults",
        "/console/clock",
        "/console/worlds",
        "/console/nothing",
        "/console/servers/nothing",
    ] {
        let answer = browser.get(path).await;
        let header = |name: &str| answer.headers[name].to_str().unwrap();
        assert_eq!(header("content-security-policy"), POLICY, "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        let scripts = answer.body.matches("<script").count();
        assert_eq!(scripts, answer.body.matches("\"></script>").count(), "{path}");
        for inside in ["<style", " style=", "onclick=", "javascript:", "http://", "https://"] {
            // A world's address is said, and not fetched.
            let is_said = path == "/console/worlds" && inside == "http://";
            assert!(is_said || !answer.body.contains(inside), "{path} has {inside}");
        }
    }
}

#[tokio::test]
async fn scripts_and_styles_are_kept_for_good_under_a_name_of_their_own() {
    let service = Service::open("instant");
    let mut browser = service.browser();
    let page = browser.get("/console/sign-in").await;
    let sources = page.body.split(['"']).filter(|it| it.starts_with("/console/assets/"));
    let sources: Vec<String> = sources.map(str::to_owned).collect();
    assert!(sources.len() >= 3, "{sources:?}");
    for source in &sources {
        let asset = browser.get(source).await;
        assert_eq!(asset.code(), 200, "{source}");
        let kept = asset.headers["cache-control"].to_str().unwrap();
        assert_eq!(kept, "public, max-age=31536000, immutable");
        assert_eq!(asset.headers["x-content-type-options"], "nosniff");
    }
    // Under another digest it is another's.
    let other = sources[0].replace("/console/assets/", "/console/assets/0");
    assert_eq!(browser.get(&other).await.code(), 404);
}

#[tokio::test]
async fn what_is_not_there_says_so_as_a_page() {
    let service = Service::open("instant");
    let mut browser = service.browser();
    let missing = browser.get("/console/nothing").await;
    assert_eq!(missing.code(), 404);
    assert!(missing.body.contains("<h1>"), "{}", missing.body);
    let wrong = browser.send(Method::DELETE, "/console/servers", &[], None).await;
    assert_eq!(wrong.code(), 405);
    assert!(wrong.headers.contains_key("content-security-policy"));
}
