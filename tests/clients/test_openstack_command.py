"""python-openstackclient: what users type."""

import os
import re
import shutil
import subprocess

import pytest
import yaml
from command import do, names, refused, show
from conftest import until

NEW = "server create --flavor m1.tiny --image cirros --nic none"
NETWORKED = "server create --flavor m1.tiny --image cirros --network private"


def status(server):
    return show(f"server show {server}")["status"]


# Servers: create


def test_create_waits_for_a_server_with_an_address():
    server = show(f"{NETWORKED} --wait web")
    assert server["status"] == "ACTIVE"
    assert server["OS-EXT-STS:task_state"] is None
    assert server["OS-EXT-STS:power_state"] == 1
    assert server["flavor"]["name"] == "m1.tiny"
    assert server["image"].startswith("cirros (")
    assert re.fullmatch(r"10\.0\.\d+\.\d+", server["addresses"]["private"][0])
    assert len(server["adminPass"]) == 12


def test_create_without_a_network_gives_no_address():
    assert show(f"{NEW} --wait plain")["addresses"] == {}


def test_the_command_itself_as_a_process_of_its_own():
    """Unshortened pauses and all: what a user sees."""
    command = shutil.which("openstack")
    argv = [command, "--os-cloud", "guichet", *f"{NEW} --wait -f value -c status own".split()]
    ran = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stdout.split()) == (0, ["ACTIVE"]), ran.stderr


def test_create_several_gives_numbered_names():
    assert show(f"{NEW} --min 2 --max 3 --wait many")["name"] == "many-1"
    until(lambda: len(names("server list --status ACTIVE")) == 3, "all three")
    assert sorted(names("server list")) == ["many-1", "many-2", "many-3"]


def test_create_several_gives_as_many_as_the_quota_has_room_for():
    do(f"{NEW} --min 8 --max 8 first")
    do(f"{NEW} --min 1 --max 9 second")
    assert len(names("server list")) == 10
    assert "Quota exceeded for instances: Requested 1, but already used 10 of 10" in refused(
        f"{NEW} third"
    )


def test_create_carries_property_tag_description_and_hint():
    server = show(
        f"{NEW} --property role=db --tag blue --description 'the first' --hint rack=7 "
        "--wait rich"
    )
    assert server["properties"] == {"role": "db"}
    assert server["tags"] == ["blue"]
    assert server["description"] == "the first"


def test_create_takes_user_data_zone_hostname_config_drive_and_security_group(tmp_path):
    (tmp_path / "data").write_text("#cloud-config\n")
    server = show(
        f"{NETWORKED} --user-data {tmp_path}/data --availability-zone nova --hostname other "
        "--use-config-drive --security-group default --wait full"
    )
    assert server["OS-EXT-SRV-ATTR:hostname"] == "other"
    assert server["config_drive"]
    assert server["pinned_availability_zone"] == "nova"


@pytest.mark.parametrize(
    ("with_what", "said"),
    [
        ("--flavor nosuch --image cirros --nic none", "No Flavor found for nosuch"),
        ("--flavor m1.tiny --image nosuch --nic none", "No Image found for nosuch"),
        ("--flavor m1.tiny --image cirros --network nosuch", "No Network found for nosuch"),
        (
            "--flavor m1.tiny --image cirros --nic none --availability-zone nosuch",
            "The requested availability zone is not available",
        ),
        (
            "--flavor m1.tiny --image cirros --nic none --key-name nosuch",
            "Invalid key_name provided",
        ),
        (
            "--flavor m1.tiny --image cirros --nic none --boot-from-volume 1",
            "servers boot from an image here",
        ),
    ],
)
def test_create_of_what_is_not_there_says_what(with_what, said):
    assert said in refused(f"server create {with_what} never")
    assert names("server list") == []


# Servers: look


def test_list_finds_by_name_status_and_tag():
    do(f"{NEW} --tag blue --wait web-1")
    do(f"{NEW} --wait web-2")
    do(f"{NEW} --wait db")
    do("server stop db")
    until(lambda: status("db") == "SHUTOFF", "the stop")
    assert sorted(names("server list --name web")) == ["web-1", "web-2"]
    assert names("server list --name '^db$'") == ["db"]
    assert names("server list --status SHUTOFF") == ["db"]
    assert sorted(names("server list --status ACTIVE")) == ["web-1", "web-2"]
    assert names("server list --tags blue") == ["web-1"]
    assert names("server list --not-tags blue --name web") == ["web-2"]


def test_list_finds_by_image_flavor_address_and_lock():
    address = show(f"{NETWORKED} --wait here")["addresses"]["private"][0]
    do("server create --flavor m1.small --image cirros --nic none --wait there")
    do("server lock there")
    assert names("server list --flavor m1.small") == ["there"]
    assert sorted(names("server list --image cirros")) == ["here", "there"]
    assert names(f"server list --ip {address}") == ["here"]
    assert names("server list --locked") == ["there"]
    assert names("server list --unlocked") == ["here"]


def test_list_goes_on_after_a_marker_newest_first():
    for name in ["first", "second", "third"]:
        do(f"{NEW} --wait {name}")
    assert names("server list --sort-column name --sort-ascending") == ["first", "second", "third"]
    page = show("server list --limit 2")
    rest = names(f"server list --limit 2 --marker {page[-1]['ID']}")
    assert sorted([row["Name"] for row in page] + rest) == ["first", "second", "third"]
    assert names("server list --limit 0") == []


def test_list_long_shows_states_image_and_flavor():
    do(f"{NEW} --property a=b --wait web")
    (row,) = show("server list --long")
    assert (row["Status"], row["Task State"], row["Power State"]) == ("ACTIVE", None, 1)
    assert (row["Image Name"], row["Flavor"]) == ("cirros", "m1.tiny")
    assert (row["Availability Zone"], row["Properties"]) == ("nova", {"a": "b"})
    assert row["Host"] is None, "only administrators see hosts"


def test_show_of_nothing_says_so():
    assert "No Server found for nosuch" in refused("server show nosuch")


def test_another_projects_server_is_not_there():
    server = show(f"{NEW} --wait mine")["id"]
    assert names("server list", "guichet-alt") == []
    for name in ["mine", server]:
        assert "No Server found" in refused(f"server show {name}", "guichet-alt")
        assert "No Server found" in refused(f"server delete {name}", "guichet-alt")
    assert status("mine") == "ACTIVE"


def test_only_administrators_list_all_projects():
    do(f"{NEW} --wait mine")
    do(f"{NEW} --wait yours", "guichet-alt")
    assert sorted(names("server list --all-projects", "guichet-admin")) == ["mine", "yours"]
    (row,) = show("server list --all-projects --long --project alt", "guichet-admin")
    assert row["Name"] == "yours"
    assert row["Host"].startswith("host-")
    assert "all_tenants" in refused("server list --all-projects")


# Servers: change


def test_set_and_unset_property_tag_description_and_name():
    do(f"{NEW} --wait old")
    do("server set --property a=1 --property b=2 --tag t1 --tag t2 --description text old")
    server = show("server show old")
    assert server["properties"] == {"a": "1", "b": "2"}
    assert sorted(server["tags"]) == ["t1", "t2"]
    assert server["description"] == "text"
    do("server unset --property a --tag t1 --description old")
    do("server set --name new old")
    server = show("server show new")
    assert (server["properties"], server["tags"]) == ({"b": "2"}, ["t2"])
    assert not server["description"]
    assert "No Server found for old" in refused("server show old")


@pytest.mark.parametrize("kind", ["--soft", "--hard"])
def test_reboot_waits_until_the_server_runs_again(kind):
    do(f"{NEW} --wait web")
    assert "Complete" in do(f"server reboot {kind} --wait web")
    assert show("server show web")["status"] == "ACTIVE"


def test_stop_and_start():
    do(f"{NEW} --wait web")
    do("server stop web")
    until(lambda: status("web") == "SHUTOFF", "the stop")
    assert "Cannot 'stop' instance" in (said := refused("server stop web"))
    assert "while it is in vm_state stopped" in said
    do("server start web")
    until(lambda: status("web") == "ACTIVE", "the start")


def test_a_locked_server_refuses_its_members_and_says_why():
    do(f"{NEW} --wait web")
    do("server lock --reason 'do not touch' web")
    server = show("server show web")
    assert (server["locked"], server["locked_reason"]) == (True, "do not touch")
    assert "is locked" in refused("server delete web")
    assert "is locked" in refused("server stop web")
    do("server unlock web")
    do("server delete --wait web")


def test_delete_waits_until_the_server_is_gone():
    do(f"{NEW} --wait web")
    do("server delete --wait web")
    assert names("server list") == []
    assert "No Server found for web" in refused("server show web")


def test_delete_takes_several():
    do(f"{NEW} --wait one")
    do(f"{NEW} --wait two")
    do("server delete --wait one two")
    assert names("server list") == []


def test_events_say_what_was_done_newest_first():
    server = show(f"{NEW} --wait web")["id"]
    do("server reboot --wait web")
    do("server stop web")
    until(lambda: status("web") == "SHUTOFF", "the stop")
    events = show("server event list --long web")
    assert [row["Action"] for row in events] == ["stop", "reboot", "create"]
    assert all(re.fullmatch(r"req-[0-9a-f-]{36}", row["Request ID"]) for row in events)
    event = show(f"server event show web {events[1]['Request ID']}")
    assert event["action"] == "reboot"
    assert event["events"][0]["result"] == "Success"
    do("server delete --wait web")
    later = [row["Action"] for row in show(f"server event list {server}")]
    assert later[0] == "delete", "they outlive the server"


def test_each_action_leads_where_it_should():
    do(f"{NEW} --wait web")
    for line, then in [
        ("pause web", "PAUSED"),
        ("unpause web", "ACTIVE"),
        ("suspend web", "SUSPENDED"),
        ("resume web", "ACTIVE"),
        ("rescue web", "RESCUE"),
        ("unrescue web", "ACTIVE"),
        ("rebuild --image cirros --wait web", "ACTIVE"),
        ("shelve --wait web", "SHELVED_OFFLOADED"),
        ("unshelve --wait web", "ACTIVE"),
        ("resize --flavor m1.small --wait web", "VERIFY_RESIZE"),
        ("resize confirm web", "ACTIVE"),
    ]:
        do(f"server {line}")
        until(lambda: status("web") == then, f"{line}: {then}")
    assert show("server show web")["flavor"]["name"] == "m1.small"
    assert "login:" in do("console log show web")


def test_an_image_of_a_server_boots_another():
    do(f"{NEW} --wait web")
    image = show("server image create --name copy --wait web")
    assert (image["name"], image["status"]) == ("copy", "active")
    do("server create --flavor m1.tiny --image copy --nic none --wait twin")
    assert show("server show twin")["image"].startswith("copy (")
    assert sorted(names("image list")) == ["cirros", "copy"]
    do("image delete copy")
    assert names("image list") == ["cirros"]


def test_administrators_move_servers_and_write_flavors():
    do(f"{NEW} --wait web")
    admin = "guichet-admin"
    server = show("server show web")["id"]
    before = show(f"server show {server}", admin)["OS-EXT-SRV-ATTR:host"]
    do(f"server migrate --live-migration --wait {server}", admin)
    assert show(f"server show {server}", admin)["OS-EXT-SRV-ATTR:host"] != before
    do(f"server set --state error --auto-approve {server}", admin)
    assert status("web") == "ERROR"
    do(f"server set --state active --auto-approve {server}", admin)
    do("flavor create --ram 256 --vcpus 1 --disk 1 --property hw:cpu_policy=shared tiny2", admin)
    do("server create --flavor tiny2 --image cirros --nic none --wait small")
    assert show("flavor show tiny2")["properties"] == {"hw:cpu_policy": "shared"}
    do("flavor delete tiny2", admin)
    assert "tiny2" not in names("flavor list")
    host = show("compute service list", admin)[0]["Host"]
    do(f"compute service set --disable --disable-reason repair {host} nova-compute", admin)
    assert show("compute service list", admin)[0]["Status"] == "disabled"
    do(f"compute service set --enable {host} nova-compute", admin)


# What is around servers


def test_flavors_by_list_name_and_id():
    assert names("flavor list")[:2] == ["m1.tiny", "m1.small"]
    assert show("flavor show m1.tiny")["ram"] == 512
    assert show("flavor show 1")["name"] == "m1.tiny"


def test_images_by_list_name_and_id():
    (image,) = show("image list")
    assert (image["Name"], image["Status"]) == ("cirros", "active")
    assert show("image show cirros")["id"] == image["ID"]
    assert show(f"image show {image['ID']}")["name"] == "cirros"


def test_networks_and_their_subnets():
    (network,) = show("network list")
    (subnet,) = show("subnet list")
    assert network["Name"] == "private"
    assert network["Subnets"] == [subnet["ID"]]
    assert show("network show private")["id"] == network["ID"]
    assert show("subnet show private-subnet")["cidr"] == "10.0.0.0/16"


def test_ports_are_those_of_servers():
    server = show(f"{NETWORKED} --wait web")
    (port,) = show(f"port list --server {server['id']}")
    assert port["Fixed IP Addresses"][0]["ip_address"] == server["addresses"]["private"][0]


def test_quota_and_limits_agree_with_what_is_used():
    do(f"{NEW} --min 2 --max 2 --wait web")
    quota = {row["Resource"]: row["Limit"] for row in show("quota show")}
    assert (quota["instances"], quota["cores"], quota["ram"]) == (10, 20, 51200)
    assert quota["instances"] == {
        row["Resource"]: row["Limit"] for row in show("quota show --default")
    }["instances"]
    limits = {row["Name"]: row["Value"] for row in show("limits show --absolute")}
    assert (limits["instances"], limits["instances_used"]) == (10, 2)
    assert (limits["total_ram_used"], limits["total_cores_used"]) == (1024, 2)
    assert show("limits show --rate") == []


def test_availability_zones_and_extensions():
    assert {row["Zone Name"] for row in show("availability zone list")} == {"nova"}
    extensions = {row["Alias"] for row in show("extension list")}
    assert {"os-quota-sets", "os-instance-actions", "os-hypervisors"} <= extensions


def test_the_catalog_has_four_services_and_their_versions():
    catalog = {row["Type"]: row["Name"] for row in show("catalog list")}
    assert catalog == {
        "compute": "nova",
        "identity": "keystone",
        "image": "glance",
        "network": "neutron",
    }
    versions = [row for row in show("versions show") if row["Service Type"] == "compute"]
    assert versions[-1]["Max Microversion"] == "2.96"


def test_what_there_are_none_of_lists_nothing():
    for what in ["floating ip", "router"]:
        assert show(f"{what} list") == [], what


# Identity


def test_a_token_is_issued_and_revoked():
    token = show("token issue")["id"]
    do(f"token revoke {token}")
    assert "token" in refused(f"token revoke {token}").lower()


def test_members_see_themselves_and_their_projects():
    assert names("project list") == ["demo"]
    assert show("project show demo")["domain_id"] == "default"
    assert show("user show demo")["name"] == "demo"
    assert set(names("role list")) == {"admin", "manager", "member", "reader"}


def test_administrators_see_all():
    assert set(names("project list", "guichet-admin")) == {"admin", "alt", "demo"}
    assert set(names("user list", "guichet-admin")) == {"admin", "alt", "demo"}
    assert names("domain list", "guichet-admin") == ["Default"]
    assignments = show("role assignment list --names", "guichet-admin")
    assert {(row["Role"], row["User"]) for row in assignments} >= {("member", "demo@Default")}
    assert len(show("endpoint list", "guichet-admin")) == 12


def test_an_application_credential_opens_the_cloud_until_it_is_deleted(tmp_path, monkeypatch):
    credential = show("application credential create ci")
    assert names("application credential list") == ["ci"]
    with open(os.environ["OS_CLIENT_CONFIG_FILE"]) as file:
        cloud = yaml.safe_load(file)["clouds"]["guichet"]
    own = {
        "auth_type": "v3applicationcredential",
        "region_name": cloud["region_name"],
        "auth": {
            "auth_url": cloud["auth"]["auth_url"],
            "application_credential_id": credential["ID"],
            "application_credential_secret": credential["Secret"],
        },
    }
    path = tmp_path / "clouds.yaml"
    path.write_text(yaml.safe_dump({"clouds": {"ci": own}}))
    with monkeypatch.context() as inside:
        inside.setenv("OS_CLIENT_CONFIG_FILE", str(path))
        do(f"{NEW} --wait from-ci", "ci")
    assert names("server list") == ["from-ci"], "it works for the project it was made in"
    do("application credential delete ci")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(path))
    assert "401" in refused("server list", "ci")


# Administrators


def test_hypervisors_by_list_name_and_sum():
    do(f"{NEW} --wait web")
    hosts = show("hypervisor list", "guichet-admin")
    assert len(hosts) == 16
    assert {row["State"] for row in hosts} == {"up"}
    host = hosts[0]["Hypervisor Hostname"]
    assert show(f"hypervisor show {host}", "guichet-admin")["id"] == hosts[0]["ID"]
    stats = show("hypervisor stats show", "guichet-admin")
    assert (stats["count"], stats["running_vms"], stats["vcpus_used"]) == (16, 1, 1)


def test_compute_services_run_on_hosts():
    services = show("compute service list", "guichet-admin")
    assert {row["State"] for row in services} == {"up"}
    binaries = sorted(row["Binary"] for row in services)
    assert binaries == ["nova-compute"] * 16 + ["nova-conductor", "nova-scheduler"]
    assert len(show("compute service list --service nova-compute", "guichet-admin")) == 16


def test_there_are_no_aggregates():
    assert show("aggregate list", "guichet-admin") == []


def test_usage_counts_what_ran():
    do(f"{NEW} --wait web")
    assert "| demo " in do("usage list", "guichet-admin")
    assert len(show("usage show")["Servers"]) >= 1


def test_members_are_refused_what_is_the_administrators():
    for line in ["hypervisor list", "compute service list", "aggregate list", "usage list"]:
        assert "403" in refused(line), line
