package plugin_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

func me(version, scopes string) string {
	return `{"version":"` + version + `","organization":{"id":"acme","name":"Acme Inc.","timezone":"UTC"},` +
		`"token":{"id":"t1","name":"grafana","scopes":[` + scopes + `]},"viewer":null,"sees":"organization"}`
}

func TestHealth(t *testing.T) {
	const scopes = `"read","delegate"`
	cases := map[string]struct {
		token, asker http.HandlerFunc
		ok           bool
		says         []string
	}{
		"well": {sendsJSON(me("0.1.3", scopes)), sendsJSON(`{"says":"You are Ada. 2 runs."}`), true,
			[]string{"Acme Inc. (acme)", "You are Ada. 2 runs.", "Service 0.1.3", `"grafana"`, "read, delegate"}},
		"no delegate":       {sendsJSON(me("0.1.0", `"read"`)), nil, false, []string{"lacks the scope delegate", "it has read", "--scope delegate"}},
		"no read":           {sendsJSON(me("0.1.0", `"delegate"`)), nil, false, []string{"lacks the scope read"}},
		"no scope":          {sendsJSON(me("0.1.0", ``)), nil, false, []string{"lacks the scope read", "it has none"}},
		"another version":   {sendsJSON(me("0.2.0", scopes)), nil, false, []string{"plugin is version 0.1.0, the service 0.2.0"}},
		"wrong token":       {problem(401, "unauthorized", "no such token"), nil, false, []string{"refuses the token", "no such token"}},
		"something else":    {sends(200, "text/html", "<html>"), nil, false, []string{"is no Runboard service"}},
		"another JSON":      {sendsJSON(`[1]`), nil, false, []string{"cannot be read"}},
		"another service":   {sendsJSON(`{"results":{}}`), nil, false, []string{"names no organization"}},
		"nothing for these": {sendsJSON(me("0.1.0", scopes)), problem(403, "forbidden", "not for you"), false, []string{"not for you"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			fake := newFake(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.RequestURI {
				case "/v1/me":
					c.token(w, r)
				case "/v1/me?data=true":
					c.asker(w, r)
				}
			})
			result, err := newDatasource(t, fake.URL, nil).CheckHealth(context.Background(), &backend.CheckHealthRequest{
				PluginContext: backend.PluginContext{User: alice, PluginVersion: "0.1.0"},
			})
			if err != nil || (result.Status == backend.HealthStatusOk) != c.ok {
				t.Fatalf("%v %+v", err, result)
			}
			for _, part := range c.says {
				if !strings.Contains(result.Message, part) {
					t.Errorf("%q is not said by: %s", part, result.Message)
				}
			}
			for _, asked := range first(fake.asked()) {
				if isToken := asked.RequestURI == "/v1/me"; isToken == (asked.Header.Get("X-Runboard-Viewer-Kind") != "") {
					t.Errorf("%s for %q", asked.RequestURI, viewerHeaders(asked.Header))
				}
			}
		})
	}
}

func first[A, B any](a A, _ B) A { return a }
