package plugin_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"

	"github.com/runboard/runboard/plugin/pkg/plugin"
)

const (
	token  = "rb_0123456789012345678901234567890123456789"
	oneRow = `{"status":200,"frames":[{"schema":{"refId":"A","meta":{"type":"numeric-wide","notices":[{"severity":"info","text":"fewer than 20 runs"}],"executedQueryString":"select 1","custom":{"asOf":1}},` +
		`"fields":[{"name":"runs","type":"number","typeInfo":{"frame":"int64","nullable":true},"labels":{"team":"(none)"},` +
		`"config":{"displayNameFromDS":"Runs: (none)","description":"Runs started","unit":"short","links":[{"title":"Runs","url":"/d/x?var-team=${__value.raw:percentencode}"}]}}]},"data":{"values":[[3]]}}]}`
	answerA = `{"results":{"A":` + oneRow + `}}`
)

func TestMain(m *testing.M) {
	log.DefaultLogger = log.NewNullLogger()
	// frames print their times in the zone of the machine
	time.Local = time.UTC
	os.Exit(m.Run())
}

// fakeService answers everything with one handler and keeps what it was asked.
type fakeService struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
}

func newFake(t testing.TB, handler http.HandlerFunc) *fakeService {
	t.Helper()
	fake := &fakeService{}
	fake.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fake.mu.Lock()
		fake.requests, fake.bodies = append(fake.requests, r), append(fake.bodies, string(body))
		fake.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(fake.Close)
	return fake
}

func (f *fakeService) asked() ([]*http.Request, []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.requests, f.bodies
}

func sends(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func sendsJSON(body string) http.HandlerFunc {
	return sends(200, "application/json; charset=utf-8", body)
}

func newDatasource(t testing.TB, url string, options map[string]any) *plugin.Datasource {
	t.Helper()
	return withSettings(t, backend.DataSourceInstanceSettings{
		UID:                     "ds-1",
		URL:                     url,
		JSONData:                mustJSON(t, options),
		DecryptedSecureJSONData: map[string]string{"token": token},
	})
}

func withSettings(t testing.TB, settings backend.DataSourceInstanceSettings) *plugin.Datasource {
	t.Helper()
	instance, err := plugin.NewDatasource(context.Background(), settings)
	if err != nil {
		t.Fatal(err)
	}
	return instance.(*plugin.Datasource)
}

var (
	from  = time.UnixMilli(1767225600000)
	to    = time.UnixMilli(1769904000000)
	alice = &backend.User{Login: "alice", Email: "alice@example.com", Role: "Viewer"}
)

func query(refID, saved string) backend.DataQuery {
	return backend.DataQuery{
		RefID: refID, JSON: []byte(saved), MaxDataPoints: 600, TimeRange: backend.TimeRange{From: from, To: to},
	}
}

func request(user *backend.User, queries ...backend.DataQuery) *backend.QueryDataRequest {
	req := &backend.QueryDataRequest{PluginContext: backend.PluginContext{User: user, PluginVersion: "0.1.0"}, Queries: queries}
	req.Headers = map[string]string{}
	return req
}

func ask(t testing.TB, d *plugin.Datasource, req *backend.QueryDataRequest) backend.Responses {
	t.Helper()
	response, err := d.QueryData(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	return response.Responses
}

// idToken is one as Grafana signs it; the signature is not looked at.
func idToken(t testing.TB, claims map[string]any) string {
	return "e30." + base64.RawURLEncoding.EncodeToString(mustJSON(t, claims)) + ".c2ln"
}

func mustJSON(t testing.TB, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
