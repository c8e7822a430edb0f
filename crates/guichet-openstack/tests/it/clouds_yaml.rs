//! What clients read to find a cloud.

use guichet_cloud::config::Declared;
use guichet_openstack::clouds_yaml;

#[test]
fn clouds_yaml_has_a_cloud_for_each_user_and_the_passwords_that_were_drawn() {
    let mut cloud = Declared::default_cloud();
    let drawn = cloud.draw_passwords(&[]).unwrap().now;
    let yaml = clouds_yaml(&cloud, &drawn, "http://127.0.0.1:8774/", None);
    assert!(yaml.contains("  guichet:\n") && yaml.contains("  guichet-admin:\n"), "{yaml}");
    assert!(yaml.contains(&drawn[1].1) && yaml.contains("\"http://127.0.0.1:8774/identity\""));
    for user in &mut cloud.users {
        user.password = None;
    }
    assert!(clouds_yaml(&cloud, &[], "http://h", None).contains("# password: drawn at start"));
    let dev = clouds_yaml(&Declared::dev(), &[], "http://127.0.0.1:8774", None);
    let clouds: Vec<&str> = dev.lines().filter(|line| line.starts_with("  guichet")).collect();
    assert!(!dev.contains("cacert"));
    let encrypted = clouds_yaml(&Declared::dev(), &[], "https://h", Some("/a \"b\"/ca.pem"));
    assert_eq!(
        encrypted.matches("    cacert: \"/a \\\"b\\\"/ca.pem\"\n").count(),
        3,
        "{encrypted}"
    );
    assert_eq!(clouds, ["  guichet:", "  guichet-alt:", "  guichet-admin:"]);
}
