package plugin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// CheckHealth says what the data source opens to who asks, or precisely what is wrong.
func (d *Datasource) CheckHealth(ctx context.Context, req *backend.CheckHealthRequest) (*backend.CheckHealthResult, error) {
	message, err := d.describe(ctx, req)
	if err != nil {
		return &backend.CheckHealthResult{Status: backend.HealthStatusError, Message: err.Error()}, nil
	}
	return &backend.CheckHealthResult{Status: backend.HealthStatusOk, Message: message}, nil
}

func (d *Datasource) describe(ctx context.Context, req *backend.CheckHealthRequest) (string, error) {
	if d.misconfigured != nil {
		return "", d.misconfigured
	}
	var me struct {
		Version      string
		Organization struct{ ID, Name string }
		Token        struct {
			Name   string
			Scopes []string
		}
	}
	// of the token itself: lacking scopes are no reason not to hear of them
	if err := d.get(ctx, "me", nil, &me); err != nil {
		return "", err
	}
	if me.Organization.ID == "" {
		return "", d.client.brokeOff(errors.New("it names no organization"))
	}
	for _, scope := range []string{"read", "delegate"} {
		if !slices.Contains(me.Token.Scopes, scope) {
			return "", d.client.failed(http.StatusForbidden, "the token %q of %s lacks the scope %s (it has %s): %s",
				me.Token.Name, me.Organization.Name, scope, cmp.Or(strings.Join(me.Token.Scopes, ", "), "none"), makeToken)
		}
	}
	if err := d.client.fit(req.PluginContext.PluginVersion, me.Version); err != nil {
		return "", err
	}
	var asker struct{ Says string }
	who := viewerOf(req.PluginContext.User, req.GetHTTPHeaders(), d.client.trustEmails)
	if err := d.get(ctx, "me?data=true", &who, &asker); err != nil {
		return "", err
	}
	return fmt.Sprintf("Connected to %s (%s). %s Service %s, token %q with the scopes %s", me.Organization.Name,
		me.Organization.ID, asker.Says, me.Version, me.Token.Name, strings.Join(me.Token.Scopes, ", ")), nil
}

func (d *Datasource) get(ctx context.Context, path string, who *viewer, into any) error {
	body, err := d.client.fetch(ctx, who, path, nil)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return d.client.brokeOff(err)
	}
	return nil
}

// fit compares the versions of plugin and service as semantic versioning does: before 1.0, the minor one counts.
func (c *client) fit(plugin, service string) error {
	if plugin == "" || compatible(plugin) == compatible(service) {
		return nil
	}
	return c.failed(http.StatusBadGateway, "the plugin is version %s, the service %s: install the plugin that comes with the service",
		plugin, cmp.Or(service, "unknown"))
}

func compatible(version string) string {
	parts := strings.SplitN(version, ".", 3)
	if parts[0] != "0" || len(parts) < 2 {
		return parts[0]
	}
	return parts[0] + "." + parts[1]
}
