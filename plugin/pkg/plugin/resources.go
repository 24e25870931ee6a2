package plugin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

const chunkBytes = 64 << 10

// resources are the routes of the service that the browser may use, with the query string as it is.
func (d *Datasource) resources() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /catalogue", d.passOn(func(*http.Request) string { return "v1/catalogue" }))
	mux.HandleFunc("GET /me", d.passOn(func(*http.Request) string { return "v1/me" }))
	mux.HandleFunc("GET /dimensions/{name}/values", d.passOn(func(r *http.Request) string {
		return "v1/dimensions/" + url.PathEscape(r.PathValue("name")) + "/values"
	}))
	mux.HandleFunc("GET /export/{file}", d.export)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		sayError(w, failed(http.StatusNotFound, "there is no such resource: one of catalogue, me, dimensions/{name}/values, export/{view}.csv"))
	})
	return mux
}

// passOn answers JSON of the service.
func (d *Datasource) passOn(path func(*http.Request) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if d.misconfigured != nil {
			sayError(w, d.misconfigured)
			return
		}
		body, err := d.client.fetch(r.Context(), d.resource(r, path(r)))
		if err != nil {
			sayError(w, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}
}

// export streams a file of the service as it comes.
func (d *Datasource) export(w http.ResponseWriter, r *http.Request) {
	if d.misconfigured != nil {
		sayError(w, d.misconfigured)
		return
	}
	response, err := d.client.stream(r.Context(), d.resource(r, "v1/export/"+url.PathEscape(r.PathValue("file"))))
	if err != nil {
		sayError(w, err)
		return
	}
	defer func() { _ = response.Body.Close() }()
	for _, name := range []string{"Content-Type", "Content-Disposition"} {
		w.Header()[name] = response.Header[name]
	}
	// the adapter sends nothing before it is flushed
	flusher, chunk := w.(http.Flusher), make([]byte, chunkBytes)
	for err == nil {
		var n int
		n, err = response.Body.Read(chunk)
		_, _ = w.Write(chunk[:n])
		flusher.Flush()
	}
	if err != io.EOF && r.Context().Err() == nil {
		// the status is sent: only the file itself can still say that it is not whole
		_, _ = fmt.Fprintf(w, "\r\nThis export broke off here and is not complete.\r\n")
	}
}

func (d *Datasource) resource(r *http.Request, path string) call {
	who := viewerOf(backend.UserFromContext(r.Context()), r.Header, d.client.settings.trustEmails)
	return call{method: http.MethodGet, path: path, query: r.URL.RawQuery, viewer: &who}
}

// sayError answers an error in the form that Grafana shows.
func sayError(w http.ResponseWriter, err error) {
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
