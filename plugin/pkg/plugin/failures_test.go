package plugin_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

func problem(status int, code, detail string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "7")
		sends(status, "application/problem+json", `{"type":"about:blank","title":"T","status":500,"code":"`+code+`","detail":"`+detail+`","requestId":"req-1"}`)(w, r)
	}
}

func TestWhatGoesWrongIsSaidAtThePanel(t *testing.T) {
	cases := map[string]struct {
		handler http.HandlerFunc
		status  backend.Status
		says    []string
	}{
		"a web page":         {sends(200, "text/html", "<html>Sign in</html>"), 502, []string{"is no Runboard service", "text/html", "sign-in page"}},
		"a proxy's error":    {sends(502, "text/html", "<html>nginx</html>"), 502, []string{"is no Runboard service", "502 Bad Gateway", "proxy"}},
		"nothing there":      {sends(404, "text/plain", "404"), 502, []string{"check the URL"}},
		"half an answer":     {sendsJSON(answerA[:100]), 502, []string{"broke off or cannot be read", "unexpected end of JSON input"}},
		"a broken line":      {breaksOff, 502, []string{"broke off", "unexpected EOF"}},
		"another form":       {sendsJSON(`{"rows":[]}`), 502, []string{"cannot be read"}},
		"nothing":            {sendsJSON(`null`), 502, []string{"it has no results"}},
		"wrong token":        {problem(401, "unauthorized", "this token is revoked"), 401, []string{"refuses the token", "revoked", "runboard token create"}},
		"no scope":           {problem(403, "missing_scope", "this needs the scope read"), 403, []string{"scope read", "runboard token create"}},
		"no delegate":        {problem(403, "delegate_required", "needs scope delegate"), 403, []string{"scope delegate", "--scope delegate"}},
		"not for the viewer": {problem(403, "forbidden", "this is not for you"), 403, []string{"this is not for you"}},
		"too much":           {problem(413, "too_large", "the body is larger"), 413, []string{"the body is larger"}},
		"too often":          {problem(429, "rate_limited", "100 requests a minute"), 429, []string{"100 requests a minute", "try again in 7 s"}},
		"busy":               {problem(503, "busy", "the service is ending"), 503, []string{"the service is ending", "try again in 7 s"}},
		"its own fault":      {problem(500, "internal", "something went wrong"), 500, []string{"failed", "something went wrong", "request req-1"}},
		"a redirect":         {redirects, 502, []string{"redirects to https://login.example/start", "final address"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			fake := newFake(t, c.handler)
			responses := ask(t, newDatasource(t, fake.URL, nil), request(alice, query("A", `{}`), query("B", `{}`)))
			for _, refID := range []string{"A", "B"} {
				expectFailure(t, responses[refID], c.status, c.says...)
			}
			if requests, _ := fake.asked(); len(requests) != 1 {
				t.Errorf("asked %d times", len(requests))
			}
		})
	}
}

func TestAServiceThatIsDown(t *testing.T) {
	fake := newFake(t, sendsJSON(answerA))
	fake.Close()
	address := strings.Replace(fake.URL, "http://", "http://user:secret@", 1)
	a := ask(t, newDatasource(t, address, nil), request(alice, query("A", `{}`)))["A"]
	expectFailure(t, a, 502, "cannot be reached", "connection refused", "Check that it runs")
	if strings.Contains(a.Error.Error(), "secret") {
		t.Errorf("a password is shown: %s", a.Error)
	}
}

func TestACertificateThatNobodyKnows(t *testing.T) {
	server := httptest.NewTLSServer(sendsJSON(answerA))
	defer server.Close()
	expectFailure(t, ask(t, newDatasource(t, server.URL, nil), request(alice, query("A", `{}`)))["A"], 502, "certificate", "TLS")
	trusting := newDatasource(t, server.URL, map[string]any{"tlsSkipVerify": true})
	if a := ask(t, trusting, request(alice, query("A", `{}`)))["A"]; a.Error != nil {
		t.Error(a.Error)
	}
}

func TestAServiceThatIsSlow(t *testing.T) {
	ended := make(chan struct{})
	fake := newFake(t, func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		close(ended)
	})
	a := ask(t, newDatasource(t, fake.URL, map[string]any{"timeout": 1}), request(alice, query("A", `{}`)))["A"]
	expectFailure(t, a, 504, "did not answer within 1s", "shorter time range")
	<-ended
}

func TestACancelledRequestCancelsTheQuestion(t *testing.T) {
	started, ended := make(chan struct{}), make(chan struct{})
	fake := newFake(t, func(_ http.ResponseWriter, r *http.Request) {
		close(started)
		<-r.Context().Done()
		close(ended)
	})
	d := newDatasource(t, fake.URL, nil)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-started
		cancel()
	}()
	response, err := d.QueryData(ctx, request(alice, query("A", `{}`)))
	if err != nil || !strings.Contains(response.Responses["A"].Error.Error(), "cancelled") {
		t.Errorf("%v %+v", err, response)
	}
	<-ended
}

func TestTheTokenIsInNoText(t *testing.T) {
	echo := "you sent Bearer " + token + " \xff"
	for name, handler := range map[string]http.HandlerFunc{
		"problem": problem(403, "missing_scope", "you sent "+token),
		"result":  sendsJSON(`{"results":{"A":{"status":400,"error":"` + echo + `"}}}`),
		"type":    sends(200, echo, echo),
		"broken":  sendsJSON(`{"results":{"A":{"error":"x","` + token + `":1}}}`),
		"place": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://x.example/"+token+"?"+token)
			w.WriteHeader(302)
		},
		"wait": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", token)
			w.WriteHeader(429)
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDatasource(t, newFake(t, handler).URL, nil)
			a := ask(t, d, request(alice, query("A", `{}`)))["A"]
			health, _ := d.CheckHealth(context.Background(), &backend.CheckHealthRequest{})
			for _, text := range []string{a.Error.Error(), health.Message} {
				if strings.Contains(text, token[:20]) || strings.ToValidUTF8(text, "") != text {
					t.Errorf("%q", text)
				}
			}
		})
	}
}

// The address stands in jsonData, where Grafana's own proxy does not look; in URL of data sources that were made before.
func TestAddress(t *testing.T) {
	var arrived atomic.Int32
	fake := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		arrived.Add(1)
		w.WriteHeader(401)
	})
	secret := map[string]string{"token": token}
	for index, settings := range []backend.DataSourceInstanceSettings{
		{JSONData: []byte(`{"url":"` + fake.URL + `"}`), DecryptedSecureJSONData: secret},
		{URL: "http://127.0.0.1:1", JSONData: []byte(`{"url":" ` + fake.URL + `"}`), DecryptedSecureJSONData: secret},
		{URL: fake.URL, JSONData: []byte(`{}`), DecryptedSecureJSONData: secret},
	} {
		ask(t, withSettings(t, settings), request(alice, query("A", `{}`)))
		if got := arrived.Load(); got != int32(index+1) {
			t.Errorf("%d requests after %d", got, index+1)
		}
	}
}

func TestSettingsThatCannotBeUsed(t *testing.T) {
	secret := map[string]string{"token": token}
	for says, settings := range map[string]backend.DataSourceInstanceSettings{
		"the URL of the Runboard service is missing": {DecryptedSecureJSONData: secret},
		"it must be like http://":                    {URL: "runboard:8080", DecryptedSecureJSONData: secret},
		"the token is missing":                       {URL: "http://127.0.0.1:1"},
		"TLS or proxy settings": {
			URL: "https://127.0.0.1:1", JSONData: []byte(`{"tlsAuth":true}`),
			DecryptedSecureJSONData: map[string]string{"token": token, "tlsClientCert": "no certificate", "tlsClientKey": "none"},
		},
	} {
		d := withSettings(t, settings)
		expectFailure(t, ask(t, d, request(alice, query("A", `{}`)))["A"], 400, says)
		health, err := d.CheckHealth(context.Background(), &backend.CheckHealthRequest{})
		if err != nil || health.Status != backend.HealthStatusError || !strings.Contains(health.Message, says) {
			t.Errorf("%v %+v", err, health)
		}
	}
}

func expectFailure(t *testing.T, response backend.DataResponse, status backend.Status, says ...string) {
	t.Helper()
	if response.Error == nil || response.Status != status || response.ErrorSource != backend.ErrorSourceDownstream {
		t.Fatalf("status %d, source %s, error %v", response.Status, response.ErrorSource, response.Error)
	}
	for _, part := range says {
		if !strings.Contains(response.Error.Error(), part) {
			t.Errorf("%q is not said by: %s", part, response.Error)
		}
	}
}

func breaksOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(answerA[:100]))
}

func redirects(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "https://login.example/start?state=x", http.StatusFound)
}
