package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

const (
	noLimit    = 1 << 62
	brokenFile = "\r\nThis export broke off here and is not complete.\r\n"
)

// resources are the routes of the service that the browser may use, with path and query string as they are.
func (d *Datasource) resources() http.Handler {
	if d.misconfigured != nil {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { sayError(w, r, d.misconfigured) })
	}
	// the SDK's adapter sends nothing before it is flushed
	proxy := &httputil.ReverseProxy{
		Transport: d.client, FlushInterval: -1, Rewrite: d.client.rewrite, ModifyResponse: d.client.pass, ErrorHandler: sayError,
	}
	mux := http.NewServeMux()
	for _, path := range []string{"/catalogue", "/me", "/dimensions/{name}/values", "/export/{file}"} {
		mux.Handle("GET "+path, proxy)
	}
	mux.HandleFunc("POST /live-path", d.sayLivePath)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		sayError(w, r, failed(http.StatusNotFound, "there is no such resource: one of catalogue, me, dimensions/{name}/values, export/{view}.csv, live-path"))
	})
	return mux
}

// CallResource answers what the browser may ask. A path that is none, as one with a NUL, is a resource that is not there;
// the adapter would make an error of Grafana's own of it.
func (d *Datasource) CallResource(ctx context.Context, req *backend.CallResourceRequest, sender backend.CallResourceResponseSender) error {
	_, wrongURL := url.Parse(req.URL)
	// Grafana decodes it, the adapter takes it for encoded
	_, wrongPath := url.Parse("/" + req.Path)
	if wrongURL != nil || wrongPath != nil {
		none := *req
		none.Path, none.URL = "none", "none"
		req = &none
	}
	return d.resourceHandler.CallResource(ctx, req, sender)
}

// rewrite keeps nothing of what the browser sent but the path and the query.
func (c *client) rewrite(r *httputil.ProxyRequest) {
	limit := int64(maxAnswerBytes)
	if r.In.PathValue("file") != "" {
		limit = noLimit
	}
	r.Out = r.Out.WithContext(httpclient.WithResponseLimit(r.Out.Context(), limit))
	r.SetURL(c.api)
	r.Out.URL.RawQuery, r.Out.Header = r.In.URL.RawQuery, http.Header{}
	viewerOf(backend.UserFromContext(r.In.Context()), r.In.Header, c.trustEmails).setHeaders(r.Out.Header)
}

// pass answers JSON whole and a file as it comes.
func (c *client) pass(response *http.Response) error {
	ctx, headers := response.Request.Context(), response.Header
	response.Header = http.Header{"Content-Type": headers["Content-Type"], "Content-Disposition": headers["Content-Disposition"]}
	if !strings.Contains(headers.Get("Content-Type"), "json") {
		response.Body = &file{response.Body, ctx}
		return nil
	}
	body, err := c.read(ctx, response)
	response.Body = io.NopCloser(bytes.NewReader(body))
	return err
}

// file is an export on its way. Its status is sent: only the file itself can still say that it is not whole.
type file struct {
	io.ReadCloser
	ctx context.Context
}

func (f *file) Read(chunk []byte) (int, error) {
	n, err := f.ReadCloser.Read(chunk)
	switch {
	case err == nil || err == io.EOF:
		return n, err
	case f.ctx.Err() != nil:
		return n, io.EOF
	case n > 0:
		return n, nil
	}
	return copy(chunk, brokenFile), io.EOF
}

// sayError answers an error in the form that Grafana shows.
func sayError(w http.ResponseWriter, _ *http.Request, err error) {
	status := http.StatusBadGateway
	var known *failure
	// a 401 would make the browser sign in to Grafana again
	if errors.As(err, &known) && known.status != http.StatusUnauthorized {
		status = known.status
	}
	body, _ := json.Marshal(map[string]string{"message": err.Error()})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
