package plugin_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/runboard/runboard/plugin/pkg/plugin"
)

var update = flag.Bool("update", false, "write the expected frames anew; look at what changed before you keep it")

var grafanaAdmin = &backend.User{Login: "admin", Email: "admin@example.org", Role: "Admin"}

// realDatasource asks the service that `npm test` starts on a PostgreSQL of its own, with the events of testdata.
func realDatasource(t testing.TB) *plugin.Datasource {
	t.Helper()
	url, token := os.Getenv("RUNBOARD_TEST_URL"), os.Getenv("RUNBOARD_TEST_TOKEN")
	if url == "" || token == "" {
		t.Skip("no service: `npm run test:backend -w plugin` starts one")
	}
	if err := sendWorld(url, token); err != nil {
		t.Fatal(err)
	}
	return withSettings(t, backend.DataSourceInstanceSettings{
		UID: "runboard", URL: url, DecryptedSecureJSONData: map[string]string{"token": token},
	})
}

func sendWorld(url, token string) error {
	events, err := os.ReadFile("testdata/world.json")
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodPost, url+"/v1/events", bytes.NewReader(events))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the service did not take the events: %s", response.Status)
	}
	return nil
}

// week is that of testdata/world.json.
func week(refID, saved string) backend.DataQuery {
	start := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	return backend.DataQuery{
		RefID: refID, JSON: []byte(saved), MaxDataPoints: 7,
		TimeRange: backend.TimeRange{From: start, To: start.AddDate(0, 0, 7)},
	}
}

func TestEveryViewArrivesAsTheServiceMeansIt(t *testing.T) {
	d := realDatasource(t)
	for name, saved := range map[string]string{
		"total":         `{"view":"total","metrics":["runs","run_success_rate","total_cost"],"groupBy":["team"]}`,
		"total-compare": `{"view":"total","metrics":["runs"],"compare":"previous"}`,
		"series":        `{"view":"series","metrics":["runs","total_cost"],"groupBy":["team"],"interval":"day"}`,
		"series-none":   `{"view":"series","metrics":["runs"],"interval":"day","filters":{"team":["nobody"]}}`,
		"table":         `{"view":"table","metrics":["runs","run_success_rate","total_cost"],"groupBy":["user"]}`,
		"sessions":      `{"view":"sessions"}`,
		"session":       `{"view":"session","filters":{"session":["s1"]}}`,
		"runs":          `{"view":"runs"}`,
		"handoffs":      `{"view":"handoffs"}`,
		"activity":      `{"view":"activity","filters":{"session":["s1"]}}`,
		"timeline":      `{"view":"timeline","filters":{"session":["s1"]}}`,
		"annotations":   `{"view":"annotations"}`,
	} {
		t.Run(name, func(t *testing.T) {
			response := ask(t, d, request(grafanaAdmin, week("A", saved)))["A"]
			if response.Error != nil {
				t.Fatal(response.Error)
			}
			// what Grafana gets is what goes through Arrow
			expectGolden(t, name, throughArrow(t, response.Frames))
		})
	}
}

func throughArrow(t *testing.T, frames data.Frames) data.Frames {
	t.Helper()
	encoded, err := frames.MarshalArrow()
	if err != nil {
		t.Fatal(err)
	}
	arrived, err := data.UnmarshalArrowFrames(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return arrived
}

func expectGolden(t *testing.T, name string, frames data.Frames) {
	t.Helper()
	file := filepath.Join("testdata", "frames", name+".txt")
	got := asText(t, frames)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is\n%s\nnot\n%s", name, got, want)
	}
}

// asText shows names, labels, types and values; the service's own tests hold titles, units, links and notices.
func asText(t *testing.T, frames data.Frames) string {
	t.Helper()
	var text strings.Builder
	for _, frame := range frames {
		table, err := frame.StringTable(-1, -1)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%s, type %q %v, drawn as %q\n%s\n", frame.RefID, frame.Meta.Type, frame.Meta.TypeVersion, frame.Meta.PreferredVisualization, table)
	}
	return text.String()
}

func TestHealthOfARealService(t *testing.T) {
	result, err := realDatasource(t).CheckHealth(context.Background(), &backend.CheckHealthRequest{
		PluginContext: backend.PluginContext{User: grafanaAdmin, PluginVersion: "0.1.0"},
	})
	if err != nil || result.Status != backend.HealthStatusOk || !strings.Contains(result.Message, "Acme Inc. (acme)") {
		t.Errorf("%v %+v", err, result)
	}
}

func TestResourcesOfARealService(t *testing.T) {
	d := realDatasource(t)
	for target, says := range map[string]string{
		"catalogue":              `"metrics":[`,
		"me":                     `"organization":{"id":"acme"`,
		"dimensions/team/values": `{"value":"core","label":"core"}`,
		"export/runs.csv?from=2026-01-05T00:00:00Z&to=2026-01-12T00:00:00Z&var-team=core": "r1",
	} {
		answer := callResourceIn(context.Background(), t, d, grafanaAdmin, "GET", target, nil)
		if answer.status != 200 || !strings.Contains(answer.body(), says) {
			t.Errorf("%s: %+v", target, answer)
		}
	}
	answer := callResourceIn(context.Background(), t, d, grafanaAdmin, "GET", "dimensions/nothing/values", nil)
	if answer.status != 400 && answer.status != 404 || !strings.Contains(answer.body(), "team") {
		t.Errorf("%+v", answer)
	}
}
