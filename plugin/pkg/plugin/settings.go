package plugin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

// settings are what a data source is configured with, read once.
type settings struct {
	// uid is the name of the data source in its Grafana: links of the service name it
	uid string
	// url is the address as it was set, api what all routes begin with
	url, api    *url.URL
	token       string
	trustEmails bool
	// timeout bounds a whole answer, for an export the wait for its beginning
	timeout time.Duration
	http    httpclient.Options
}

func readSettings(ctx context.Context, given backend.DataSourceInstanceSettings) (*settings, error) {
	s := &settings{uid: given.UID, token: strings.TrimSpace(given.DecryptedSecureJSONData["token"])}
	address := strings.TrimSpace(given.URL)
	parsed, err := url.Parse(address)
	switch {
	case address == "":
		return nil, errors.New("the URL of the Runboard service is missing: set it in the settings of the data source")
	case err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https"):
		return nil, errors.New("the URL of the data source is none: it must be like http://runboard.example:8080")
	case s.token == "":
		return nil, errors.New("the token is missing: " + makeToken)
	}
	s.url, s.api = parsed, parsed.JoinPath("v1")
	s.api.Path, s.api.RawPath = path.Join("/", s.api.Path), ""

	var options struct {
		TrustEmails bool `json:"trustEmails"`
	}
	if len(given.JSONData) > 0 {
		if err := json.Unmarshal(given.JSONData, &options); err != nil {
			return nil, fmt.Errorf("the settings of the data source cannot be read: %w", err)
		}
	}
	s.trustEmails = options.TrustEmails

	if s.http, err = given.HTTPClientOptions(ctx); err != nil {
		return nil, fmt.Errorf("the HTTP settings of the data source cannot be read: %w", err)
	}
	s.timeout = cmp.Or(max(s.http.Timeouts.Timeout, 0), httpclient.DefaultTimeoutOptions.Timeout)
	s.http.Header.Set("Authorization", "Bearer "+s.token)
	s.http.Header.Set("X-Runboard-Datasource", s.uid)
	return s, nil
}
