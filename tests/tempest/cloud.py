"""Writes the cloud that tempest tests, and the accounts by which it does: `cloud.py DIRECTORY`.

Tempest asks for a member, a reader and a manager of one project, and for the same of another one;
two workers need each of them twice, and an administrator each.
"""

import pathlib
import sys

PROJECTS = 8
ROLES = ("member", "reader", "manager")

HEAD = """profile = "instant"

[quota]
instances = 40
cores = 80
ram_mib = 204_800

[hosts]
count = 4
vcpus = 64
ram_mib = 262_144

[[flavor]]
name = "m1.nano"
id = "42"
vcpus = 1
ram_mib = 128
disk_gib = 1

[[flavor]]
name = "m1.micro"
id = "84"
vcpus = 1
ram_mib = 192
disk_gib = 1

[[image]]
name = "cirros"
size = 21_430_272

[[image]]
name = "cirros-alt"
size = 21_430_272

[[network]]
name = "private"
cidr = "10.0.0.0/16"
"""


def main():
    directory = pathlib.Path(sys.argv[1])
    cloud, accounts = [HEAD], []

    def user(name, project, role, shown):
        cloud.append(
            f'[[user]]\nname = "{name}"\npassword = "secret"\ndefault_project = "{project}"\n'
            f'roles = [{{ project = "{project}", role = "{role}" }}]\n'
        )
        types = "  types: [admin]\n" if role == "admin" else ""
        accounts.append(
            f"- username: {name}\n  project_name: {project}\n  password: secret\n"
            f"{types}  roles: [{shown}]\n"
        )

    for number in range(1, PROJECTS + 1):
        cloud.append(f'[[project]]\nname = "tempest-{number}"\n')
    # Members first: whoever asks for any account at all is to get one that may write.
    for role in ROLES:
        for number in reversed(range(1, PROJECTS + 1)):
            shown = role if number % 2 else f"alt_{role}"
            user(f"{role}-{number}", f"tempest-{number}", role, shown)
    for number in range(1, 7):
        project = f"admin-{number}"
        cloud.append(f'[[project]]\nname = "{project}"\n')
        user(project, project, "admin", "admin")
    (directory / "guichet.toml").write_text("\n".join(cloud))
    (directory / "accounts.yaml").write_text("".join(accounts))


main()
