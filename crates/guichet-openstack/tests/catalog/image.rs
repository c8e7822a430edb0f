//! Images: discovery, lists, filters.

use serde_json::{Value, json};

use crate::support::{Bench, CIRROS, Who, column};

const IMAGES: &str = "/image/v2/images";

async fn names(bench: &Bench, query: &str) -> Vec<String> {
    let body = bench.body(Who::Reader, 1, &format!("{IMAGES}?{query}")).await;
    column(&body["images"], "name")
}

#[tokio::test]
async fn images_versions_are_a_choice() {
    let bench = Bench::new();
    let answer = bench.get(Who::Nobody, 1, "/image").await;
    assert_eq!(answer.status, 300);
    let expected = json!({ "versions": [{
        "id": "v2.15", "status": "CURRENT",
        "links": [{ "rel": "self", "href": "http://cloud/image/v2/" }],
    }]});
    assert_eq!(answer.body, expected);
    assert_eq!(bench.body(Who::Nobody, 1, "/image/versions").await, expected);
}

#[tokio::test]
async fn an_image_is_shown_by_id_and_not_by_name() {
    let bench = Bench::new();
    let body = bench.body(Who::Reader, 1, &format!("{IMAGES}/{CIRROS}")).await;
    let created = body["created_at"].clone();
    assert_eq!(created.as_str().map(str::len), Some(20));
    let path = format!("/v2/images/{CIRROS}");
    let expected = json!({
        "id": CIRROS, "name": "cirros", "status": "active", "visibility": "public",
        "protected": false, "tags": [], "disk_format": "qcow2", "container_format": "bare",
        "min_disk": 1, "min_ram": 64, "size": 21_430_272, "virtual_size": null,
        "checksum": null, "os_hash_algo": null, "os_hash_value": null, "os_hidden": false,
        "owner": null, "created_at": created, "updated_at": created, "self": path,
        "file": format!("{path}/file"), "schema": "/v2/schemas/image",
    });
    assert_eq!(body, expected);
    for name in ["cirros", "nothing", "%FF", &CIRROS.simple().to_string()] {
        assert_eq!(bench.status(Who::Reader, 1, &format!("{IMAGES}/{name}")).await, 404, "{name}");
    }
    assert_eq!(bench.status(Who::Nobody, 1, IMAGES).await, 401);
}

#[tokio::test]
async fn images_are_filtered() {
    let bench = Bench::new();
    let all = ["cirros", "debian-13"];
    let none: [&str; 0] = [];
    assert_eq!(names(&bench, "").await, all);
    for query in ["name=cirros", "name=in:cirros,fedora", "size_max=30000000&name=cirros"] {
        assert_eq!(names(&bench, query).await, ["cirros"], "{query}");
    }
    assert_eq!(names(&bench, &format!("id=in:{CIRROS},x")).await, ["cirros"]);
    assert_eq!(names(&bench, &format!("id={CIRROS}")).await, ["cirros"]);
    let kept = [
        "visibility=public",
        "visibility=all",
        "status=active",
        "os_hidden=False",
        "min_ram=64",
        "member_status=all",
        "protected=false",
        "size_min=1",
        "disk_format=qcow2",
        "created_at=gt:2020-01-01T00:00:00Z",
    ];
    for query in kept {
        assert_eq!(names(&bench, query).await, all, "{query}");
    }
    let dropped = [
        "name=cirro",
        "visibility=private",
        "status=queued",
        "os_hidden=true",
        "owner=x",
        "tag=x",
        "size_max=1",
        "hw_rng_model=virtio",
        "name=",
    ];
    for query in dropped {
        assert_eq!(names(&bench, query).await, none, "{query}");
    }
    for query in ["size_min=x", "visibility=odd", "sort_key=color", "sort=name:up", "limit=-1"] {
        let path = format!("{IMAGES}?{query}");
        assert_eq!(bench.status(Who::Reader, 1, &path).await, 400, "{query}");
    }
}

#[tokio::test]
async fn images_are_sorted() {
    let bench = Bench::new();
    for query in ["sort=name:desc", "sort_key=name", "sort_key=size&sort_key=name&sort_dir=desc"] {
        assert_eq!(names(&bench, query).await, ["debian-13", "cirros"], "{query}");
    }
    for query in ["sort=name:asc", "sort_key=name&sort_dir=asc", "sort=size,name:asc"] {
        assert_eq!(names(&bench, query).await, ["cirros", "debian-13"], "{query}");
    }
}

#[tokio::test]
async fn the_next_page_is_a_path_without_the_prefix() {
    let bench = Bench::new();
    let body = bench.body(Who::Reader, 1, &format!("{IMAGES}?limit=1&status=active")).await;
    assert_eq!(body["first"], "/v2/images?limit=1&status=active");
    assert_eq!(body["schema"], "/v2/schemas/images");
    let next = format!("/v2/images?limit=1&status=active&marker={CIRROS}");
    assert_eq!(body["next"], json!(next));
    let second = bench.body(Who::Reader, 1, &format!("/image{next}")).await;
    assert_eq!(column(&second["images"], "name"), ["debian-13"]);
    assert_eq!(second["first"], "/v2/images?limit=1&status=active");
    let whole = bench.body(Who::Reader, 1, IMAGES).await;
    assert_eq!((whole.get("next"), &whole["first"]), (None, &json!("/v2/images")));
    assert_eq!(bench.status(Who::Reader, 1, &format!("{IMAGES}?marker=cirros")).await, 400);
}

#[tokio::test]
async fn images_can_only_be_looked_at() {
    let bench = Bench::new();
    let one = format!("{IMAGES}/{CIRROS}");
    for (method, path, status) in
        [("POST", IMAGES, 501), ("DELETE", &one, 403), ("PATCH", &one, 501)]
    {
        assert_eq!(bench.ask(Who::Reader, 1, method, path, None).await.status, 403);
        assert_eq!(bench.ask(Who::Member, 1, method, path, None).await.status, status);
    }
    assert_eq!(bench.ask(Who::Admin, 1, "DELETE", &one, None).await.status, 501);
    assert_eq!(bench.status(Who::Member, 1, &format!("{one}/file")).await, 501);
    assert_eq!(bench.status(Who::Member, 1, &format!("{one}/members")).await, 403);
    for schema in ["image", "images"] {
        let body = bench.body(Who::Reader, 1, &format!("/image/v2/schemas/{schema}")).await;
        assert_eq!(body["name"], schema);
        assert_ne!(body["properties"], Value::Null);
    }
}

#[tokio::test]
async fn images_are_found_by_their_dates() {
    let bench = Bench::new();
    let images = bench.body(Who::Member, 1, "/image/v2/images").await["images"].take();
    let all = images.as_array().unwrap().len();
    let created = images[0]["created_at"].as_str().unwrap().to_owned();
    let bare = created.trim_end_matches('Z').to_owned();
    for (condition, expected) in [
        ("gt:2000-01-01T00:00:00Z".to_owned(), all),
        ("gt:2900-01-01T00:00:00Z".to_owned(), 0),
        ("lt:2900-01-01T00:00:00".to_owned(), all),
        ("lt:2000-01-01T00:00:00".to_owned(), 0),
        (format!("gte:{created}"), all),
        (format!("lte:{created}"), all),
        (format!("gt:{created}"), 0),
        (format!("lt:{bare}"), 0),
        (format!("eq:{bare}"), all),
        (format!("neq:{created}"), 0),
        (created.clone(), all),
        ("2000-01-01T00:00:00Z".to_owned(), 0),
    ] {
        for name in ["created_at", "updated_at"] {
            let path = format!("/image/v2/images?{name}={condition}");
            let found = bench.body(Who::Member, 1, &path).await["images"].take();
            assert_eq!(found.as_array().unwrap().len(), expected, "{path}");
        }
    }
    for wrong in ["created_at=gt:x", "updated_at=yesterday", "created_at=", "sort_dir=up"] {
        let path = format!("/image/v2/images?{wrong}");
        assert_eq!(bench.status(Who::Member, 1, &path).await, 400, "{path}");
    }
}
