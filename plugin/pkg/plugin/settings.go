package plugin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

// client is the way to the service: what a data source is configured with, read once.
type client struct {
	// url is the address as it was set, api what all routes begin with
	url, api    *url.URL
	token       string
	trustEmails bool
	// timeout bounds a whole answer, for an export the wait for its beginning
	timeout   time.Duration
	transport http.RoundTripper
}

func newClient(ctx context.Context, given backend.DataSourceInstanceSettings) (*client, error) {
	c := &client{token: strings.TrimSpace(given.DecryptedSecureJSONData["token"])}
	var own struct {
		// where Grafana's own proxy does not look; data sources that were made before have it in URL
		URL         string
		TrustEmails bool
	}
	if len(given.JSONData) > 0 {
		if err := json.Unmarshal(given.JSONData, &own); err != nil {
			return nil, fmt.Errorf("the settings of the data source cannot be read: %w", err)
		}
	}
	c.trustEmails = own.TrustEmails

	address := strings.TrimSpace(cmp.Or(own.URL, given.URL))
	parsed, err := url.Parse(address)
	switch {
	case address == "":
		return nil, errors.New("the URL of the Runboard service is missing: set it in the settings of the data source")
	case err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https"):
		return nil, errors.New("the URL of the data source is none: it must be like http://runboard.example:8080")
	case c.token == "":
		return nil, errors.New("the token is missing: " + makeToken)
	}
	c.url, c.api = parsed, parsed.JoinPath("v1")
	c.api.Path, c.api.RawPath = path.Join("/", c.api.Path), ""

	options, err := given.HTTPClientOptions(ctx)
	if err != nil {
		return nil, fmt.Errorf("the HTTP settings of the data source cannot be read: %w", err)
	}
	c.timeout = cmp.Or(max(options.Timeouts.Timeout, 0), httpclient.DefaultTimeoutOptions.Timeout)
	options.Timeouts.Timeout = c.timeout
	options.Header.Set("Authorization", "Bearer "+c.token)
	// links of the service name the data source
	options.Header.Set("X-Runboard-Datasource", given.UID)
	if c.transport, err = httpclient.GetTransport(options); err != nil {
		return nil, fmt.Errorf("the TLS or proxy settings of the data source are wrong: %w", err)
	}
	return c, nil
}
