//! Who is signed in, and for how long.

use guichet_core::limits;
use tokio::task::JoinSet;

use crate::support::Service;

#[tokio::test]
async fn whoever_is_not_signed_in_is_sent_to_sign_in_and_comes_back() {
    let service = Service::open("instant");
    let mut browser = service.browser();
    let sent = browser.get("/console/servers?name=a").await;
    assert_eq!(sent.code(), 303);
    assert_eq!(sent.location(), "/console/sign-in?back=%2Fconsole%2Fservers%3Fname%3Da");
    let form = browser.get(sent.location()).await;
    let [csrf, back] = ["csrf", "back"].map(|name| form.hidden(name));
    assert_eq!(back, "/console/servers?name=a");
    let fields = [("csrf", &*csrf), ("back", &*back), ("user", "demo"), ("password", "secret")];
    let entered = browser.post("/console/sign-in", &fields).await;
    assert_eq!((entered.code(), entered.location()), (303, "/console/servers?name=a"));
    assert_eq!(browser.get(entered.location()).await.code(), 200);
}

#[tokio::test]
async fn the_cookie_is_read_by_no_script_and_sent_by_no_other_site() {
    let service = Service::open("instant");
    let entered = service.browser().sign_in("demo", "secret").await;
    let cookie = entered.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("guichet_session_8774="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
    let entered = Service::over_tls().browser().sign_in("demo", "secret").await;
    let cookie = entered.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.ends_with("; SameSite=Strict; Secure"), "{cookie}");
}

#[tokio::test]
async fn what_is_wrong_about_a_login_nobody_learns() {
    let service = Service::open("instant");
    let mut pages = Vec::new();
    for (user, password) in [("demo", "wrong"), ("nobody", "secret"), ("nobody", "")] {
        let answer = service.browser().sign_in(user, password).await;
        assert_eq!(answer.code(), 401);
        assert!(answer.body.contains("Check both and try again."), "{}", answer.body);
        let csrf = answer.hidden("csrf");
        pages.push(answer.body.replace(&csrf, "").replace(user, ""));
    }
    assert!(pages.iter().all(|page| *page == pages[0]));
}

#[tokio::test]
async fn a_session_ends_with_its_token_and_its_token_with_the_session() {
    let service = Service::open("instant");
    let mut browser = service.signed_in("demo").await;
    let cloud = service.worlds.first().cloud();
    let csrf = browser.csrf().await;
    // In another browser.
    let mut stolen = browser.clone();
    let left = browser.post("/console/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!((left.code(), left.location()), (303, "/console/sign-in"));
    assert_eq!(stolen.get("/console/").await.code(), 303);
    drop(cloud);
    // A reset of the cloud ends all of its tokens.
    let mut browser = service.signed_in("demo").await;
    assert_eq!(browser.get("/console/").await.code(), 200);
    service.worlds.reset(service.worlds.first()).await.unwrap();
    assert_eq!(browser.get("/console/").await.code(), 303);
}

#[tokio::test]
async fn whoever_tries_words_is_told_to_come_back() {
    let service = Service::open("instant");
    let mut browser = service.browser();
    let csrf = browser.get("/console/sign-in").await.hidden("csrf");
    // At once, so that no time goes by in which one more could be tried.
    let mut tries = JoinSet::new();
    for _ in 0..2 * limits::CONSOLE_LOGINS_PER_MIN {
        let (mut browser, csrf) = (browser.clone(), csrf.clone());
        tries.spawn(async move {
            let fields = [("csrf", &*csrf), ("user", "demo"), ("password", "word")];
            browser.post("/console/sign-in", &fields).await
        });
    }
    let answers = tries.join_all().await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.code() == 429).collect();
    assert!(refused.len() >= limits::CONSOLE_LOGINS_PER_MIN as usize / 2, "{}", refused.len());
    for answer in refused {
        assert!(answer.headers.contains_key("retry-after"));
        assert!(answer.body.contains("Too many tries to sign in."), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_page_is_in_the_language_that_one_reads() {
    let service = Service::open("instant");
    let mut browser = service.browser();
    let french = [("accept-language", "fr-CA,en;q=0.5")];
    let page = browser.send(http::Method::GET, "/console/sign-in", &french, None).await;
    assert!(page.body.contains("<html lang=\"fr\">") && page.body.contains("Se connecter"));
    let chosen = browser.get("/console/language?to=en&back=%2Fconsole%2Fsign-in").await;
    assert_eq!((chosen.code(), chosen.location()), (303, "/console/sign-in"));
    let page = browser.send(http::Method::GET, "/console/sign-in", &french, None).await;
    assert!(page.body.contains("<html lang=\"en\">"), "what was chosen comes first");
    let elsewhere = browser.get("/console/language?to=fr&back=//example.org").await;
    assert_eq!(elsewhere.location(), "/console/");
}
