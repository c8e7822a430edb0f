package example

import (
	"testing"

	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/flavors"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/openstack/imageservice/v2/images"
)

// ids are those of the flavor m1.tiny and the image cirros.
func ids(t *testing.T, client *gophercloud.ServiceClient) (flavor, image string) {
	t.Helper()
	pages, err := flavors.ListDetail(client, nil).AllPages()
	if err != nil {
		t.Fatal(err)
	}
	all, err := flavors.ExtractFlavors(pages)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range all {
		if found.Name == "m1.tiny" {
			flavor = found.ID
		}
	}
	glance, err := openstack.NewImageServiceV2(client.ProviderClient, gophercloud.EndpointOpts{})
	if err != nil {
		t.Fatal(err)
	}
	pages, err = images.List(glance, images.ListOpts{Name: "cirros"}).AllPages()
	if err != nil {
		t.Fatal(err)
	}
	found, err := images.ExtractImages(pages)
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	return flavor, found[0].ID
}

func create(t *testing.T, client *gophercloud.ServiceClient, name string) (*servers.Server, error) {
	t.Helper()
	flavor, image := ids(t, client)
	asked := servers.CreateOpts{Name: name, FlavorRef: flavor, ImageRef: image}
	return servers.Create(client, asked).Extract()
}

func names(t *testing.T, client *gophercloud.ServiceClient) []string {
	t.Helper()
	pages, err := servers.List(client, nil).AllPages()
	if err != nil {
		t.Fatal(err)
	}
	all, err := servers.ExtractServers(pages)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, server := range all {
		found = append(found, server.Name)
	}
	return found
}

func TestServerComesUpAndGoes(t *testing.T) {
	t.Parallel()
	client := newWorld(t, nil).compute()
	server, err := create(t, client, "web")
	if err != nil {
		t.Fatal(err)
	}
	if err := servers.WaitForStatus(client, server.ID, "ACTIVE", 30); err != nil {
		t.Fatal(err)
	}
	if err := servers.Delete(client, server.ID).ExtractErr(); err != nil {
		t.Fatal(err)
	}
	gone := gophercloud.WaitFor(30, func() (bool, error) {
		_, err := servers.Get(client, server.ID).Extract()
		_, isGone := err.(gophercloud.ErrDefault404)
		return isGone, nil
	})
	if gone != nil {
		t.Fatal(gone)
	}
}

// What takes a minute on real machines is over at once, and no test sees another's servers.
func TestTimeIsTheTests(t *testing.T) {
	t.Parallel()
	world := newWorld(t, JSON{"profile": "realistic"})
	client := world.compute()
	world.control("PUT", world.path("/clock"), JSON{"speed": 0}, nil)
	server, err := create(t, client, "slow")
	if err != nil {
		t.Fatal(err)
	}
	seen, err := servers.Get(client, server.ID).Extract()
	if err != nil || seen.Status != "BUILD" {
		t.Fatal(seen, err)
	}
	idle := JSON{"until_idle": true}
	world.control("POST", world.path("/clock/advance"), idle, nil)
	seen, err = servers.Get(client, server.ID).Extract()
	if err != nil || seen.Status != "ACTIVE" {
		t.Fatal(seen, err)
	}
	if found := names(t, client); len(found) != 1 || found[0] != "slow" {
		t.Fatal(found)
	}
}

func TestThirdCreateFails(t *testing.T) {
	t.Parallel()
	world := newWorld(t, nil)
	client := world.compute()
	third := JSON{
		"on": "request", "method": "POST", "path": "/compute/v2.1/servers",
		"nth": 3, "do": "answer", "status": 503, "retry_after_s": 2,
	}
	world.control("POST", world.path("/faults"), third, nil)
	for n, name := range []string{"one", "two", "three", "four"} {
		_, err := create(t, client, name)
		_, refused := err.(gophercloud.ErrDefault503)
		if refused != (n == 2) {
			t.Fatal(name, err)
		}
	}
	if found := names(t, client); len(found) != 3 {
		t.Fatal(found)
	}
}
