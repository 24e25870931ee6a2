package plugin_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// What Grafana 12.4 gives for each: plugin context, id token and headers were looked at there.
func TestForWhomGrafanaAsks(t *testing.T) {
	token := func(kind, login, email, auth string) map[string]string {
		claims := map[string]any{"type": kind, "username": login, "email": email, "authenticatedBy": auth}
		return map[string]string{"http_X-Grafana-Id": idToken(t, claims)}
	}
	with := func(headers map[string]string, more ...string) map[string]string {
		all := map[string]string{"FromAlert": "true"}
		for k, v := range headers {
			all[k] = v
		}
		for i := 0; i < len(more); i += 2 {
			all[more[i]] = more[i+1]
		}
		return all
	}
	scheduler := &backend.User{Login: "grafana_scheduler", Role: "Admin"}
	service := &backend.User{Login: "service", Name: "service", Role: "Admin"}
	account := &backend.User{Login: "sa-1-ci", Name: "ci", Role: "Admin"}
	cases := map[string]struct {
		user    *backend.User
		headers map[string]string
		options map[string]any
		want    string
	}{
		"signed in with OAuth":          {alice, token("user", "alice", "alice@example.com", "oauth_generic_oauth"), nil, "user alice alice@example.com Viewer oauth_generic_oauth"},
		"signed in with a password":     {alice, token("user", "alice", "alice@example.com", ""), nil, "user alice alice@example.com Viewer "},
		"e-mails are trusted":           {alice, token("user", "alice", "alice@example.com", ""), map[string]any{"trustEmails": true}, "user alice alice@example.com Viewer trusted"},
		"another's token":               {alice, token("user", "bob", "alice@example.com", "oauth_google"), nil, "user alice alice@example.com Viewer "},
		"another e-mail in the token":   {alice, token("user", "alice", "a@example.com", "oauth_google"), nil, "user alice alice@example.com Viewer "},
		"no token":                      {alice, nil, nil, "user alice alice@example.com Viewer "},
		"no token that can be read":     {alice, map[string]string{"http_X-Grafana-Id": "a.b.c"}, nil, "user alice alice@example.com Viewer "},
		"nobody":                        {nil, nil, nil, "anonymous    "},
		"anonymous":                     {&backend.User{Role: "Viewer"}, token("anonymous", "", "", ""), map[string]any{"trustEmails": true}, "anonymous   Viewer "},
		"a public dashboard":            {service, nil, nil, "public service  Admin "},
		"one whose visitor is known":    {service, token("user", "alice", "alice@example.com", "ldap"), map[string]any{"trustEmails": true}, "public service  Admin "},
		"an alert rule":                 {scheduler, with(nil, "http_X-Rule-Uid", "r1"), nil, "alert grafana_scheduler  Admin "},
		"the scheduler without a rule":  {scheduler, with(nil), nil, "user grafana_scheduler  Admin "},
		"someone called so":             {scheduler, with(token("user", "grafana_scheduler", "", "password"), "http_X-Rule-Uid", "r1"), nil, "user grafana_scheduler  Admin password"},
		"a rule header from a browser":  {alice, with(token("user", "alice", "alice@example.com", "ldap"), "http_X-Rule-Uid", "r1"), nil, "user alice alice@example.com Viewer ldap"},
		"a service account":             {account, token("service-account", "", "", ""), map[string]any{"trustEmails": true}, "service-account sa-1-ci  Admin "},
		"one without a token":           {account, nil, nil, "service-account sa-1-ci  Admin "},
		"a person who is called so":     {&backend.User{Login: "sa-lly", Email: "s@example.com"}, token("user", "sa-lly", "s@example.com", "jwt"), nil, "user sa-lly s@example.com  jwt"},
		"an API key":                    {&backend.User{Login: "key", Role: "Admin"}, token("api-key", "", "", ""), nil, "service-account key  Admin "},
		"other letters":                 {&backend.User{Login: "jörg", Email: "50%@ö.example"}, nil, nil, "user jörg 50%@ö.example  "},
		"what a header cannot hold":     {&backend.User{Login: "ö\r\nX: 1", Email: "a@x.example\x00"}, nil, nil, `user "\u00f6\r\nX: 1" "a@x.example\x00"  `},
		"what a browser says of itself": {alice, map[string]string{"http_X-Runboard-Viewer-Kind": "alert", "http_X-Runboard-Viewer-Auth": "trusted"}, nil, "user alice alice@example.com Viewer "},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			fake := newFake(t, sendsJSON(answerA))
			req := request(c.user, query("A", `{"viewer":"admin"}`))
			req.Headers = c.headers
			if a := ask(t, newDatasource(t, fake.URL, c.options), req)["A"]; a.Error != nil {
				t.Fatal(a.Error)
			}
			requests, _ := fake.asked()
			if got := viewerHeaders(requests[0].Header); got != c.want {
				t.Errorf("asked for %q, not for %q", got, c.want)
			}
		})
	}
}

func viewerHeaders(headers http.Header) string {
	var parts []string
	for _, name := range []string{"Kind", "Login", "Email", "Role", "Auth"} {
		parts = append(parts, strings.Join(headers.Values("X-Runboard-Viewer-"+name), "+"))
	}
	return strings.Join(parts, " ")
}
