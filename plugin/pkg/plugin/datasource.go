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
	backend.CallResourceHandler
	client *client
	// misconfigured says why nothing can be asked
	misconfigured error
	questions     inFlight[backend.Responses]
}

// NewDatasource never fails: settings that cannot be used are said where someone asks.
func NewDatasource(ctx context.Context, given backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	d := &Datasource{}
	s, err := readSettings(ctx, given)
	if err == nil {
		d.client, err = newClient(s)
	}
	if err != nil {
		d.misconfigured = failed(http.StatusBadRequest, "%s", err)
	}
	d.CallResourceHandler = httpadapter.New(d.resources())
	return d, nil
}

// QueryData asks all queries of a request, hidden ones too (Grafana's expressions may need them), in one call.
func (d *Datasource) QueryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	answers := d.ask(ctx, req)
	response := backend.NewQueryDataResponse()
	for _, query := range req.Queries {
		response.Responses[query.RefID] = answers[query.RefID]
	}
	return response, nil
}

// ask answers every query of the request. The answer may be another caller's, too: it is not to be changed.
func (d *Datasource) ask(ctx context.Context, req *backend.QueryDataRequest) backend.Responses {
	if d.misconfigured != nil {
		return sameForAll(req.Queries, asResponse(d.misconfigured))
	}
	body, err := requestBody(req.Queries)
	if err != nil {
		return sameForAll(req.Queries, asResponse(err))
	}
	who := viewerOf(req.PluginContext.User, req.GetHTTPHeaders(), d.client.trustEmails)
	answers, err := d.questions.do(ctx, fmt.Sprintf("%q %s", who, body), func(ctx context.Context) (answers backend.Responses) {
		defer func() {
			// nobody else would: the SDK recovers in its own goroutines only
			if reason := recover(); reason != nil {
				answers = sameForAll(req.Queries, asResponse(fmt.Errorf("a fault of the plugin: %v", reason)))
			}
		}()
		answer, err := d.client.fetch(ctx, &who, "query", body)
		if err != nil {
			return sameForAll(req.Queries, asResponse(err))
		}
		return d.client.decode(answer, req.Queries)
	})
	if err != nil {
		return sameForAll(req.Queries, asResponse(err))
	}
	return answers
}

// requestBody puts each query, as it was saved, beside its own window and number of points.
func requestBody(queries []backend.DataQuery) ([]byte, error) {
	asked := make([]map[string]json.RawMessage, len(queries))
	for i, query := range queries {
		if err := json.Unmarshal(query.JSON, &asked[i]); err != nil || asked[i] == nil {
			return nil, fmt.Errorf("query %s is no JSON object", query.RefID)
		}
		refID, err := json.Marshal(query.RefID)
		if err != nil {
			return nil, err
		}
		asked[i]["refId"] = refID
		asked[i]["from"] = strconv.AppendInt(nil, query.TimeRange.From.UnixMilli(), 10)
		asked[i]["to"] = strconv.AppendInt(nil, query.TimeRange.To.UnixMilli(), 10)
		if query.MaxDataPoints > 0 {
			asked[i]["maxDataPoints"] = strconv.AppendInt(nil, query.MaxDataPoints, 10)
		}
	}
	return json.Marshal(map[string]any{"queries": asked})
}

func sameForAll(queries []backend.DataQuery, response backend.DataResponse) backend.Responses {
	responses := make(backend.Responses, len(queries))
	for _, query := range queries {
		responses[query.RefID] = response
	}
	return responses
}
