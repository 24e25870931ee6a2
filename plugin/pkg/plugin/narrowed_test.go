package plugin_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/runboard/runboard/plugin/pkg/plugin"
)

// Ann of core did r1 and r2 in s1; s2 is Bob's, s3 Cyd's.
var ann = &backend.User{Login: "ann", Email: "ann@example.org", Role: "Viewer"}

// What a person who is a member sees through the real service, whatever their browser says of itself.
func TestAMemberSeesTheirTeamOnly(t *testing.T) {
	signedIn := func(by string) map[string]string {
		claims := map[string]any{"type": "user", "username": "ann", "email": "ann@example.org", "authenticatedBy": by}
		return map[string]string{"X-Grafana-Id": idToken(t, claims)}
	}
	lying := signedIn("")
	for _, name := range []string{"X-Runboard-Viewer-", "x-runboard-viewer-", "X_Runboard_Viewer_"} {
		for part, value := range map[string]string{"Kind": "user", "Email": "bob@example.org", "Role": "Admin", "Auth": "trusted"} {
			lying[name+part] = value
		}
	}
	for name, c := range map[string]struct {
		headers map[string]string
		runs    []string
		said    string
	}{
		"by OAuth":                     {signedIn("oauth_google"), []string{"r2", "r1"}, "only your team's sessions and runs are shown (core)"},
		"by password":                  {signedIn(""), nil, "you see nothing: your sign-in to Grafana does not vouch for your e-mail"},
		"by password, and lying":       {lying, nil, "you see nothing: your sign-in to Grafana does not vouch for your e-mail"},
		"with a token of no signature": {map[string]string{"X-Grafana-Id": "e30.e30.e30"}, nil, "you see nothing: your sign-in"},
	} {
		t.Run(name, func(t *testing.T) {
			d := realDatasource(t)
			req := request(ann, week("A", `{"view":"runs","viewer":{"kind":"user","role":"Admin"},"headers":{"X-Runboard-Viewer-Role":"Admin"}}`))
			for header, value := range c.headers {
				req.SetHTTPHeader(header, value)
				if strings.Contains(header, "_") {
					req.Headers["http_"+header] = value
				}
			}
			response := ask(t, d, req)["A"]
			if response.Error != nil {
				t.Fatal(response.Error)
			}
			frame := response.Frames[0]
			if got := frame.Meta.Notices[0].Text; !strings.HasPrefix(got, c.said) {
				t.Errorf("told %q, not %q", got, c.said)
			}
			// who sees nothing has no column of runs, but why
			var got []string
			if field, _ := frame.FieldByName("run"); field != nil || c.runs != nil {
				got = texts(t, frame, "run")
			}
			if !slices.Equal(got, c.runs) {
				t.Errorf("sees %v, not %v", got, c.runs)
			}
			file := fileFor(t, d, c.headers)
			for run, seen := range map[string]bool{"r1": c.runs != nil, "r3": false, "r4": false, "bob": false, "Cyd": false} {
				if strings.Contains(file, run) != seen {
					t.Errorf("%s in the file: %t\n%s", run, !seen, file)
				}
			}
		})
	}
}

// fileFor is the export of the week's runs as the browser of Ann gets it.
func fileFor(t *testing.T, d *plugin.Datasource, said map[string]string) string {
	t.Helper()
	headers := map[string][]string{}
	for name, value := range said {
		headers[name] = []string{value}
	}
	target := "export/runs.csv?from=1767571200000&to=1768176000000&X-Runboard-Viewer-Role=Admin"
	req := &backend.CallResourceRequest{
		PluginContext: backend.PluginContext{User: ann}, Method: "GET", Path: "export/runs.csv", URL: target, Headers: headers,
	}
	var body strings.Builder
	err := d.CallResource(context.Background(), req, backend.CallResourceResponseSenderFunc(func(part *backend.CallResourceResponse) error {
		_, err := body.Write(part.Body)
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
	return body.String()
}

func texts(t *testing.T, frame *data.Frame, name string) (values []string) {
	t.Helper()
	field, _ := frame.FieldByName(name)
	if field == nil {
		t.Fatalf("no field %s", name)
	}
	for i := range field.Len() {
		if value, ok := field.ConcreteAt(i); ok {
			values = append(values, value.(string))
		}
	}
	return values
}
