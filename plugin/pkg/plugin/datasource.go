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
	news            *news
	// turns are the answers to streams that are under way
	turns chan struct{}
	// misconfigured says why nothing can be asked
	misconfigured error
}

// NewDatasource never fails: settings that cannot be used are said where someone asks.
func NewDatasource(ctx context.Context, given backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	d := &Datasource{turns: make(chan struct{}, mostAtOnce)}
	var err error
	if d.client, err = newClient(ctx, given); err != nil {
		d.misconfigured = failed(http.StatusBadRequest, "%s", err)
	}
	d.news = &news{client: d.client, of: map[viewer]*followed{}}
	d.resourceHandler = httpadapter.New(d.resources())
	return d, nil
}

// QueryData asks all queries of a request, hidden ones too (Grafana's expressions may need them), in one call.
func (d *Datasource) QueryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	if d.misconfigured != nil {
		return forAll(req.Queries, d.misconfigured), nil
	}
	body, err := requestBody(req.Queries)
	if err != nil {
		return forAll(req.Queries, err), nil
	}
	who := viewerOf(req.PluginContext.User, req.GetHTTPHeaders(), d.client.trustEmails)
	return d.respond(ctx, who, body, req.Queries), nil
}

// respond answers the body of a request of POST /v1/query with these queries.
func (d *Datasource) respond(ctx context.Context, who viewer, body []byte, queries []backend.DataQuery) *backend.QueryDataResponse {
	answer, err := d.client.fetch(ctx, &who, "query", body)
	if err != nil {
		return forAll(queries, err)
	}
	return &backend.QueryDataResponse{Responses: d.client.decode(answer, queries)}
}

func forAll(queries []backend.DataQuery, err error) *backend.QueryDataResponse {
	response := backend.NewQueryDataResponse()
	for _, query := range queries {
		response.Responses[query.RefID] = asResponse(err)
	}
	return response
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
