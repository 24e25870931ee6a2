package plugin_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/runboard/runboard/plugin/pkg/plugin"
)

const asked = `{"from":1000,"queries":[{"refId":"A","view":"live"}]}`

var bob = &backend.User{Login: "bob", Email: "bob@example.com", Role: "Admin"}

// pathFor is the channel that the browser of that person is told.
func pathFor(t testing.TB, d *plugin.Datasource, user *backend.User, question string) string {
	t.Helper()
	var said struct{ Path string }
	answer := sendResource(context.Background(), t, d, user, "POST", "live-path", question, nil)
	if err := json.Unmarshal([]byte(answer.body()), &said); err != nil || answer.status != 200 {
		t.Fatalf("%v %+v", err, answer)
	}
	return said.Path
}

func subscribe(t testing.TB, d *plugin.Datasource, user *backend.User, path, question string) backend.SubscribeStreamStatus {
	t.Helper()
	response, err := d.SubscribeStream(context.Background(), &backend.SubscribeStreamRequest{
		PluginContext: backend.PluginContext{User: user}, Path: path, Data: json.RawMessage(question),
	})
	if err != nil {
		t.Fatal(err)
	}
	return response.Status
}

func TestAChannelBelongsToOneViewerAndOneQuestion(t *testing.T) {
	d := newDatasource(t, "http://unused.example", nil)
	path := pathFor(t, d, alice, asked)
	if strings.Contains(path, "alice") || strings.Count(path, "/") != 2 {
		t.Error(path)
	}
	demoted := *bob
	demoted.Role = "Viewer"
	other := strings.Replace(asked, "live", "runs", 1)
	for name, one := range map[string]struct {
		user     *backend.User
		question string
		want     backend.SubscribeStreamStatus
	}{
		"its own":               {alice, asked, backend.SubscribeStreamStatusOK},
		"another person":        {bob, asked, backend.SubscribeStreamStatusPermissionDenied},
		"another question":      {alice, other, backend.SubscribeStreamStatusPermissionDenied},
		"no question":           {alice, `[`, backend.SubscribeStreamStatusPermissionDenied},
		"nobody who signed in":  {&backend.User{}, asked, backend.SubscribeStreamStatusPermissionDenied},
		"one with another role": {&backend.User{Login: alice.Login, Email: alice.Email, Role: "Admin"}, asked, backend.SubscribeStreamStatusPermissionDenied},
	} {
		if got := subscribe(t, d, one.user, path, one.question); got != one.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if pathFor(t, d, bob, asked) == pathFor(t, d, &demoted, asked) {
		t.Error("the role is no part of the path")
	}
}

func TestNobodyPublishes(t *testing.T) {
	response, err := newDatasource(t, "http://unused.example", nil).PublishStream(context.Background(), &backend.PublishStreamRequest{})
	if err != nil || response.Status != backend.PublishStreamStatusPermissionDenied {
		t.Errorf("%v %+v", err, response)
	}
}

func TestAPanelHearsTheAnswerAgainWhenDataComesIn(t *testing.T) {
	service := newFleet(t)
	d := newDatasource(t, service.URL, nil)
	said, _ := run(t, d, alice, asked)
	hears(t, said, `"values":[[1]]`)
	service.version.Store(2)
	hears(t, said, `"values":[[2]]`)
	// as Grafana answers queries
	service.version.Store(3)
	for message := range said {
		if !strings.Contains(message, "[[3]]") {
			continue
		}
		var heard struct{ Answer backend.QueryDataResponse }
		if err := json.Unmarshal([]byte(message), &heard); err != nil || heard.Answer.Responses["A"].Frames[0].RefID != "A" {
			t.Errorf("%v %s", err, message)
		}
		break
	}
}

func TestTheServiceIsAskedInTheNameOfTheViewer(t *testing.T) {
	service := newFleet(t)
	said, _ := run(t, newDatasource(t, service.URL, nil), alice, asked)
	hears(t, said, "[[1]]")
	requests, bodies := service.asked()
	for i, r := range requests {
		if got := viewerHeaders(r.Header); got != "user alice alice@example.com Viewer " {
			t.Errorf("%s for %q", r.URL, got)
		}
		if r.URL.Path != "/v1/query" {
			continue
		}
		var body struct {
			From, To int64
			Queries  []map[string]any
		}
		if err := json.Unmarshal([]byte(bodies[i]), &body); err != nil || body.From != 1000 || body.Queries[0]["view"] != "live" {
			t.Errorf("%v %s", err, bodies[i])
		}
		if late := time.Since(time.UnixMilli(body.To)); late < 0 || late > time.Minute {
			t.Errorf("the window ends at %d", body.To)
		}
	}
}

func TestAViewerHasOneStreamOfTheServiceForAllPanelsAndNoneForNone(t *testing.T) {
	service := newFleet(t)
	d := newDatasource(t, service.URL, nil)
	other := strings.Replace(asked, "live", "runs", 1)
	first, stopFirst := run(t, d, alice, asked)
	second, stopSecond := run(t, d, alice, other)
	hears(t, first, "[[1]]")
	hears(t, second, "[[1]]")
	bobs, stopBob := run(t, d, bob, asked)
	hears(t, bobs, "[[1]]")
	eventually(t, "two viewers, two streams", func() bool { return service.open.Load() == 2 })
	stopBob()
	stopFirst()
	eventually(t, "one viewer is left", func() bool { return service.open.Load() == 1 })
	service.version.Store(2)
	hears(t, second, "[[2]]")
	stopSecond()
	eventually(t, "nobody is left", func() bool { return service.open.Load() == 0 })
}

func TestAStreamThatBreaksComesBackWhereItWas(t *testing.T) {
	service := newFleet(t)
	said, _ := run(t, newDatasource(t, service.URL, nil), alice, asked)
	hears(t, said, "[[1]]")
	service.breakUp <- struct{}{}
	service.version.Store(2)
	hears(t, said, "[[2]]")
	eventually(t, "it comes back", func() bool { return service.open.Load() == 1 })
	requests, _ := service.asked()
	var last string
	for _, r := range requests {
		if r.URL.Path == "/v1/live" {
			last = r.Header.Get("Last-Event-ID")
		}
	}
	if last != "1" {
		t.Errorf("after %q", last)
	}
}

func TestWhatHasNotChangedIsNotSaidAgain(t *testing.T) {
	service := newFleet(t)
	service.Config.Handler = alwaysThree(service.Config.Handler)
	said, _ := run(t, newDatasource(t, service.URL, nil), alice, asked)
	hears(t, said, "[[3]]")
	service.version.Store(2)
	if message := <-said; strings.Contains(message, "answer") || !strings.Contains(message, `"id":"`) {
		t.Error(message)
	}
}

func alwaysThree(other http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/query" {
			sendsJSON(answerA)(w, r)
			return
		}
		other.ServeHTTP(w, r)
	})
}

func TestAServiceThatIsAwayIsSaid(t *testing.T) {
	service := newFleet(t)
	d := newDatasource(t, service.URL, nil)
	said, _ := run(t, d, alice, asked)
	hears(t, said, "[[1]]")
	service.CloseClientConnections()
	service.Close()
	hears(t, said, "cannot be reached")
}
