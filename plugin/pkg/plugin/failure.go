package plugin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

const makeToken = "make one with `runboard token create --org ORGANIZATION --name grafana --scope read --scope delegate` " +
	"and put it into the settings of the data source"

// failure is what went wrong between Grafana and the service: words for whoever looks at the panel, and an HTTP status.
// Its source is downstream: the plugin did its part.
type failure struct {
	status int
	text   string
}

func (f *failure) Error() string { return f.text }

func failed(status int, format string, args ...any) *failure {
	// gRPC, by which errors go to Grafana, refuses anything but UTF-8
	return &failure{status, strings.ToValidUTF8(fmt.Sprintf(format, args...), "�")}
}

// failed says nothing of the token, whatever the service repeats.
func (c *client) failed(status int, format string, args ...any) *failure {
	f := failed(status, format, args...)
	f.text = strings.ReplaceAll(f.text, c.token, "[token]")
	return f
}

// asResponse says the error at a panel.
func asResponse(err error) backend.DataResponse {
	var known *failure
	switch {
	case errors.As(err, &known):
		return backend.ErrDataResponseWithSource(backend.Status(known.status), backend.ErrorSourceDownstream, known.text)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return backend.ErrDataResponseWithSource(backend.StatusTimeout, backend.ErrorSourceDownstream, "the request was cancelled")
	default:
		return backend.ErrDataResponseWithSource(backend.StatusInternal, backend.ErrorSourcePlugin, err.Error())
	}
}

func (c *client) unreachable(ctx context.Context, err error) error {
	var connecting *net.OpError
	switch {
	case context.Cause(ctx) == errSlow, ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &connecting):
		return c.failed(http.StatusGatewayTimeout, "the Runboard service at %s did not answer within %s: "+
			"ask for a shorter time range, or raise the timeout in the settings of the data source",
			c.url.Redacted(), c.timeout)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return c.failed(http.StatusBadGateway, "the Runboard service at %s cannot be reached: %s. "+
		"Check that it runs, and the URL, TLS and proxy settings of the data source",
		c.url.Redacted(), err)
}

func (c *client) brokeOff(err error) error {
	return c.failed(http.StatusBadGateway, "the answer of the Runboard service at %s broke off or cannot be read (%s): "+
		"try again; if it stays, the log of the service says why", c.url.Redacted(), err)
}

func (c *client) notRunboard(status, contentType string) error {
	return c.failed(http.StatusBadGateway, "what answers at %s is no Runboard service (%s, %s): "+
		"check the URL of the data source, and whether a proxy or a sign-in page stands before it",
		c.url.Redacted(), status, cmp.Or(contentType, "no content type"))
}

// refused puts an answer that is not 200 into words; the service's own (RFC 9457) where it has some.
func (c *client) refused(response *http.Response, body []byte) error {
	var problem struct{ Detail, Code, RequestID string }
	isProblem := json.Unmarshal(body, &problem) == nil && problem.Code != ""
	detail := cmp.Or(problem.Detail, response.Status)
	status := response.StatusCode
	switch {
	case status == http.StatusUnauthorized:
		return c.failed(status, "the Runboard service refuses the token (%s): %s", detail, makeToken)
	case status == http.StatusForbidden && (problem.Code == "delegate_required" || problem.Code == "missing_scope"):
		return c.failed(status, "the token may not do this (%s): %s", detail, makeToken)
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return c.failed(status, "the Runboard service cannot answer now (%s): try again%s", detail, inSeconds(response))
	case status >= 300 && status < 400:
		location, _ := response.Location()
		return c.failed(http.StatusBadGateway, "%s redirects to %s: set the final address as the URL of the data source",
			c.url.Redacted(), place(location))
	case !isProblem:
		return c.notRunboard(response.Status, response.Header.Get("Content-Type"))
	case status >= 500:
		return c.failed(status, "the Runboard service failed: %s (request %s in its log)", detail, cmp.Or(problem.RequestID, "unknown"))
	default:
		return c.failed(status, "%s", detail)
	}
}

func inSeconds(response *http.Response) string {
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
		return fmt.Sprintf(" in %d s", seconds)
	}
	return " in a moment"
}

func place(location *url.URL) string {
	if location == nil {
		return "nowhere"
	}
	return (&url.URL{Scheme: location.Scheme, Host: location.Host, Path: location.Path}).String()
}
