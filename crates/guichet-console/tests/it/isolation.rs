//! Nobody sees or does what is another project's, or an administrator's.

use crate::support::Service;

#[tokio::test]
async fn a_project_does_not_see_anothers_servers() {
    let service = Service::open("instant");
    let (mut demo, mut alt) = (service.signed_in("demo").await, service.signed_in("alt").await);
    let server = demo.made("of-demo").await;
    demo.wait_for(&server, "ACTIVE").await;
    let operation = format!("{server}/operations/1");
    for path in [&server, &operation] {
        assert_eq!(demo.get(path).await.code(), 200);
        let refused = alt.get(path).await;
        assert_eq!(refused.code(), 404, "{path}");
        assert!(!refused.body.contains("of-demo"), "{path}");
    }
    for path in ["/console/servers", "/console/servers?all=1", "/console/servers?name=of"] {
        assert!(demo.get(path).await.body.contains("of-demo"), "{path}");
        assert!(!alt.get(path).await.body.contains("of-demo"), "{path}");
    }
    for deed in ["delete", "reboot", "stop"] {
        assert_eq!(alt.act(&server, deed).await.code(), 404, "{deed}");
    }
    assert_eq!(demo.get(&server).await.code(), 200);
    // An administrator sees all.
    let mut admin = service.signed_in("admin").await;
    assert!(admin.get("/console/servers?all=1").await.body.contains("of-demo"));
    assert!(!admin.get("/console/servers").await.body.contains("of-demo"));
    assert_eq!(admin.get(&server).await.code(), 200);
}

#[tokio::test]
async fn what_is_administrators_is_not_others() {
    let service = Service::open("instant");
    let mut demo = service.signed_in("demo").await;
    let csrf = demo.csrf().await;
    for path in ["/console/hosts", "/console/faults", "/console/clock", "/console/worlds"] {
        let looked = demo.get(path).await;
        assert_eq!(looked.code(), 403, "{path}");
        assert!(looked.body.contains("Sign in as an administrator."), "{path}");
        let fields =
            [("csrf", &*csrf), ("do", "freeze"), ("host", "host-0001"), ("profile", "fast")];
        assert_eq!(demo.post(path, &fields).await.code(), 403, "{path}");
        assert!(!demo.get("/console/").await.body.contains(path), "{path} is in the menu");
    }
    assert_eq!(service.worlds.len(), 0);
    assert!(service.worlds.first().time().speed > 0.0);
}
