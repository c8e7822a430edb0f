// A cloud for each test: a world, made and ended over HTTP.
package example

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"testing"

	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
)

// JSON is what is sent to steer a world.
type JSON map[string]interface{}

// World is a cloud of a test's own.
type World struct {
	t       *testing.T
	url     string
	token   string
	id      string
	environ map[string]string
}

// newWorld makes a world that ends with its test. `guichet run` has said where.
func newWorld(t *testing.T, spec JSON) *World {
	t.Helper()
	url, token := os.Getenv("GUICHET_URL"), os.Getenv("GUICHET_CONTROL_TOKEN")
	if url == "" {
		t.Skip("no cloud: run this by `guichet run -- go test ./...`")
	}
	w := &World{t: t, url: url, token: token}
	var made struct {
		World struct {
			ID string `json:"id"`
		} `json:"world"`
		ControlToken string            `json:"control_token"`
		Environment  map[string]string `json:"environment"`
	}
	w.control("POST", "/guichet/v1/worlds", spec, &made)
	w.id, w.token, w.environ = made.World.ID, made.ControlToken, made.Environment
	t.Cleanup(func() { w.control("DELETE", w.path(""), nil, nil) })
	return w
}

func (w *World) path(rest string) string {
	return "/guichet/v1/worlds/" + w.id + rest
}

// control steers worlds; what it does is in docs/testing.md.
func (w *World) control(method, path string, body JSON, answer interface{}) {
	w.t.Helper()
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			w.t.Fatal(err)
		}
	}
	request, err := http.NewRequest(method, w.url+path, &sent)
	if err != nil {
		w.t.Fatal(err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Authorization", "Bearer "+w.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		var problem bytes.Buffer
		_, _ = problem.ReadFrom(response.Body)
		w.t.Fatalf("%s %s: %s %s", method, path, response.Status, problem.String())
	}
	if answer != nil {
		if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
			w.t.Fatal(err)
		}
	}
}

// compute logs in, as the world's user that is no administrator.
func (w *World) compute() *gophercloud.ServiceClient {
	w.t.Helper()
	provider, err := openstack.AuthenticatedClient(gophercloud.AuthOptions{
		IdentityEndpoint: w.environ["OS_AUTH_URL"],
		Username:         w.environ["OS_USERNAME"],
		Password:         w.environ["OS_PASSWORD"],
		DomainName:       w.environ["OS_USER_DOMAIN_NAME"],
		TenantName:       w.environ["OS_PROJECT_NAME"],
	})
	if err != nil {
		w.t.Fatal(err)
	}
	region := gophercloud.EndpointOpts{Region: w.environ["OS_REGION_NAME"]}
	client, err := openstack.NewComputeV2(provider, region)
	if err != nil {
		w.t.Fatal(err)
	}
	return client
}
