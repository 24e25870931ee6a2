// Package plugin is the backend of the data source. It knows no metric and no member of a query.
package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
	"github.com/grafana/grafana-plugin-sdk-go/backend/resource/httpadapter"
)

// Datasource is one configured data source.
type Datasource struct {
	resourceHandler backend.CallResourceHandler
	client          *client
	// misconfigured says why nothing can be asked
	misconfigured error
}

// NewDatasource never fails: settings that cannot be used are said where someone asks.
func NewDatasource(ctx context.Context, given backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	d := &Datasource{}
	var err error
	if d.client, err = newClient(ctx, given); err != nil {
		d.misconfigured = failed(http.StatusBadRequest, "%s", err)
	}
	d.resourceHandler = httpadapter.New(d.resources())
	return d, nil
}

// QueryData asks all queries of a request, hidden ones too (Grafana's expressions may need them), in one call.
func (d *Datasource) QueryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	responses, err := d.ask(ctx, req)
	if err != nil {
		responses = make(backend.Responses, len(req.Queries))
		for _, query := range req.Queries {
			responses[query.RefID] = asResponse(err)
		}
	}
	return &backend.QueryDataResponse{Responses: responses}, nil
}

func (d *Datasource) ask(ctx context.Context, req *backend.QueryDataRequest) (backend.Responses, error) {
	if d.misconfigured != nil {
		return nil, d.misconfigured
	}
	body, err := requestBody(req.Queries)
	if err != nil {
		return nil, err
	}
	who := viewerOf(req.PluginContext.User, req.GetHTTPHeaders(), d.client.trustEmails)
	answer, err := d.client.fetch(ctx, &who, "query", body)
	if err != nil {
		return nil, err
	}
	return d.client.decode(answer, req.Queries), nil
}

// requestBody puts each query, as it was saved, beside its own window and number of points.
func requestBody(queries []backend.DataQuery) ([]byte, error) {
	asked := make([]map[string]json.RawMessage, len(queries))
	for i, query := range queries {
		if err := json.Unmarshal(query.JSON, &asked[i]); err != nil || asked[i] == nil {
			return nil, fmt.Errorf("query %s is no JSON object", query.RefID)
		}
		asked[i]["refId"], _ = json.Marshal(query.RefID)
		asked[i]["from"] = strconv.AppendInt(nil, query.TimeRange.From.UnixMilli(), 10)
		asked[i]["to"] = strconv.AppendInt(nil, query.TimeRange.To.UnixMilli(), 10)
		if query.MaxDataPoints > 0 {
			asked[i]["maxDataPoints"] = strconv.AppendInt(nil, query.MaxDataPoints, 10)
		}
	}
	return json.Marshal(map[string]any{"queries": asked})
}
