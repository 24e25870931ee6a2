package plugin_test

import (
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/runboard/runboard/plugin/pkg/plugin"
)

// The claims are those of Grafana 12.4: pkg/services/authn/clients/render.go and pkg/services/auth/idimpl/service.go.
func TestPicturesOfPanels(t *testing.T) {
	clock := time.UnixMilli(1767225600000)
	plugin.ForgetSignIns(func() time.Time { return clock })
	t.Cleanup(func() { plugin.ForgetSignIns(time.Now) })
	fake := newFake(t, sendsJSON(answerA))
	d := newDatasource(t, fake.URL, nil)
	trusting := newDatasource(t, fake.URL, map[string]any{"trustEmails": true})

	seen := func(d *plugin.Datasource, user *backend.User, claims map[string]any) string {
		t.Helper()
		req := request(user, query("A", "{}"))
		req.Headers["http_X-Grafana-Id"] = idToken(t, claims)
		if a := ask(t, d, req)["A"]; a.Error != nil {
			t.Fatal(a.Error)
		}
		requests, _ := fake.asked()
		return viewerHeaders(requests[len(requests)-1].Header)
	}
	by := func(word string) map[string]any {
		return map[string]any{
			"type": "user", "identifier": "u1", "namespace": "default", "role": "Viewer",
			"username": "alice", "email": "alice@example.com", "authenticatedBy": word,
		}
	}
	moved := &backend.User{Login: "alice", Email: "boss@example.com", Role: "Viewer"}
	claimsOfMoved := by("render")
	claimsOfMoved["email"] = moved.Email
	const alices = "user alice alice@example.com Viewer "
	service := map[string]any{"type": "render", "identifier": "0", "namespace": "default", "role": "Admin"}

	for _, step := range []struct {
		name   string
		after  time.Duration
		user   *backend.User
		claims map[string]any
		want   string
	}{
		{"a picture before anything else", 0, alice, by("render"), alices + "render"},
		{"her own browser", 0, alice, by("oauth_google"), alices + "oauth_google"},
		{"a picture now counts as that", time.Minute, alice, by("render"), alices + "oauth_google"},
		{"not under another e-mail", 0, moved, claimsOfMoved, "user alice boss@example.com Viewer render"},
		{"for twelve hours", 12*time.Hour - time.Minute, alice, by("render"), alices + "oauth_google"},
		{"which pictures do not prolong", time.Millisecond, alice, by("render"), alices + "render"},
		{"her own browser again", 0, alice, by("ldap"), alices + "ldap"},
		{"a password is her last sign-in", 0, alice, by("password"), alices + "password"},
		{"and that of the picture", 0, alice, by("render"), alices + "password"},
		{"as is none", 0, alice, by(""), alices},
		{"of the picture too", 0, alice, by("render"), alices},
		{"a picture for an alert", 0, &backend.User{Role: "Admin"}, service, "public   Admin render"},
		{"somebody cannot say to be one", 0, alice, service, "service-account alice alice@example.com Viewer "},
		{"one without an administrator's role is nobody", 0, &backend.User{Role: "Viewer"}, map[string]any{"type": "anonymous"}, "anonymous   Viewer "},
	} {
		clock = clock.Add(step.after)
		if got := seen(d, step.user, step.claims); got != step.want {
			t.Errorf("%s: asked for %q, not for %q", step.name, got, step.want)
		}
	}
	if got := seen(trusting, alice, by("render")); got != alices+"trusted" {
		t.Errorf("where e-mails are trusted: asked for %q", got)
	}
}
