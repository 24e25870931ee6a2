package plugin_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/runboard/runboard/plugin/pkg/plugin"
)

type resourceAnswer struct {
	status  int
	headers http.Header
	chunks  []string
}

func (a resourceAnswer) body() string { return strings.Join(a.chunks, "") }

func callResource(t testing.TB, d *plugin.Datasource, method, target string, onChunk func(string)) resourceAnswer {
	t.Helper()
	return callResourceIn(context.Background(), t, d, alice, method, target, onChunk)
}

func callResourceIn(
	ctx context.Context, t testing.TB, d *plugin.Datasource, user *backend.User, method, target string, onChunk func(string),
) resourceAnswer {
	t.Helper()
	return sendResource(ctx, t, d, user, method, target, "", onChunk)
}

func sendResource(
	ctx context.Context, t testing.TB, d *plugin.Datasource, user *backend.User, method, target, body string, onChunk func(string),
) resourceAnswer {
	t.Helper()
	var answer resourceAnswer
	path, _, _ := strings.Cut(target, "?")
	// Grafana decodes the path, and leaves the URL as it came
	path = strings.ReplaceAll(path, "%00", "\x00")
	req := &backend.CallResourceRequest{
		PluginContext: backend.PluginContext{User: user}, Method: method, Path: path, URL: target, Body: []byte(body),
		Headers: map[string][]string{"Authorization": {"Bearer browser"}, "Cookie": {"grafana_session=1"}, "X-Runboard-Viewer-Kind": {"alert"}},
	}
	err := d.CallResource(ctx, req, backend.CallResourceResponseSenderFunc(func(part *backend.CallResourceResponse) error {
		if answer.status == 0 {
			answer.status, answer.headers = part.Status, part.Headers
		}
		if len(part.Body) > 0 {
			answer.chunks = append(answer.chunks, string(part.Body))
		}
		if onChunk != nil {
			onChunk(string(part.Body))
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestResourcesAreThoseOfTheService(t *testing.T) {
	for target, want := range map[string]string{
		"catalogue":                              "/v1/catalogue",
		"me":                                     "/v1/me",
		"dimensions/team/values?search=a%26b&x=": "/v1/dimensions/team/values?search=a%26b&x=",
		"dimensions/a%2Fb/values":                "/v1/dimensions/a%2Fb/values",
		"dimensions/..%2F..%2Fv1%2Fme/values":    "/v1/dimensions/..%2F..%2Fv1%2Fme/values",
		"export/runs.csv?var-team=a&var-team=b":  "/v1/export/runs.csv?var-team=a&var-team=b",
	} {
		fake := newFake(t, sendsJSON(`{"a":1}`))
		answer := callResource(t, newDatasource(t, fake.URL, nil), "GET", target, nil)
		requests, _ := fake.asked()
		if len(requests) != 1 || requests[0].RequestURI != want {
			t.Errorf("%s: %v", target, requests)
			continue
		}
		if answer.status != 200 || answer.body() != `{"a":1}` || !strings.HasPrefix(answer.headers.Get("Content-Type"), "application/json") {
			t.Errorf("%s: %+v", target, answer)
		}
		if got := viewerHeaders(requests[0].Header); got != "user alice alice@example.com Viewer " {
			t.Errorf("%s for %q", target, got)
		}
		if headers := requests[0].Header; headers.Get("Authorization") != "Bearer "+token || headers.Get("Cookie") != "" {
			t.Errorf("%s: %v", target, headers)
		}
	}
}

func TestNothingElseIsPassedOn(t *testing.T) {
	fake := newFake(t, sendsJSON(`{}`))
	d := newDatasource(t, fake.URL, nil)
	for _, target := range []string{"", "events", "v1/me", "../v1/query", "export/a/b.csv", "dimensions/team", "http://elsewhere.example/", "\x00", "me\x00", "%zz", "dimensions/\x00/values", "export/\x00.csv", "%00", "me%00", "export/%00.csv"} {
		if answer := callResource(t, d, "GET", target, nil); answer.status == 200 || answer.status >= 500 {
			t.Errorf("%q: %+v", target, answer)
		}
	}
	for _, method := range []string{"POST", "DELETE"} {
		if answer := callResource(t, d, method, "catalogue", nil); answer.status == 200 {
			t.Errorf("%s: %+v", method, answer)
		}
	}
	if requests, _ := fake.asked(); len(requests) != 0 {
		t.Errorf("asked %v", requests[0].URL)
	}
}

func TestResourceErrorsAreSaid(t *testing.T) {
	for _, target := range []string{"catalogue", "export/runs.csv"} {
		for _, c := range []struct {
			handler http.HandlerFunc
			status  int
			says    string
		}{
			// a 401 would sign the browser out of Grafana
			{problem(401, "unauthorized", "no such token"), 502, "refuses the token"},
			{problem(404, "not_found", "there is no export of this view"), 404, "there is no export of this view"},
			{problem(503, "busy", "full"), 503, "try again in 7 s"},
		} {
			answer := callResource(t, newDatasource(t, newFake(t, c.handler).URL, nil), "GET", target, nil)
			if answer.status != c.status || !strings.Contains(answer.body(), c.says) || !strings.HasPrefix(answer.body(), `{"message":`) {
				t.Errorf("%s: %+v", target, answer)
			}
		}
		answer := callResource(t, newDatasource(t, "", nil), "GET", target, nil)
		if answer.status != 400 || !strings.Contains(answer.body(), "URL of the Runboard service is missing") {
			t.Errorf("%s: %+v", target, answer)
		}
	}
}

func TestAnExportIsStreamed(t *testing.T) {
	received := make(chan struct{})
	fake := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="runs.csv"`)
		_, _ = io.WriteString(w, "a,b\r\n")
		w.(http.Flusher).Flush()
		<-received
		_, _ = io.WriteString(w, "1,2\r\n")
	})
	answer := callResource(t, newDatasource(t, fake.URL, map[string]any{"timeout": 1}), "GET", "export/runs.csv", func(chunk string) {
		if chunk == "a,b\r\n" {
			close(received)
		}
	})
	if answer.body() != "a,b\r\n1,2\r\n" || answer.status != 200 || answer.headers.Get("Content-Disposition") != `attachment; filename="runs.csv"` {
		t.Errorf("%+v", answer)
	}
}

func TestACancelledExportEnds(t *testing.T) {
	ended := make(chan struct{})
	fake := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		_, _ = io.WriteString(w, "a\r\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		close(ended)
	})
	ctx, cancel := context.WithCancel(context.Background())
	answer := callResourceIn(ctx, t, newDatasource(t, fake.URL, nil), alice, "GET", "export/runs.csv", func(string) { cancel() })
	<-ended
	if answer.body() != "a\r\n" {
		t.Errorf("%+v", answer)
	}
}

func TestAnExportThatBreaksOffSaysSo(t *testing.T) {
	fake := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		_, _ = io.WriteString(w, "a\r\n1\r\n")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	answer := callResource(t, newDatasource(t, fake.URL, nil), "GET", "export/runs.csv", nil)
	if !strings.HasPrefix(answer.body(), "a\r\n1\r\n") || !strings.Contains(answer.body(), "not complete") {
		t.Errorf("%+v", answer)
	}
}

func TestAnExportThatDoesNotBegin(t *testing.T) {
	fake := newFake(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	answer := callResource(t, newDatasource(t, fake.URL, map[string]any{"timeout": 1}), "GET", "export/runs.csv", nil)
	if answer.status != 504 || !strings.Contains(answer.body(), "did not answer within 1s") {
		t.Errorf("%+v", answer)
	}
}
