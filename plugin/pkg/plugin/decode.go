package plugin

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// decode reads an answer of POST /v1/query, which is Grafana's own wire form; each query gets its result or an error.
func (c *client) decode(answer []byte, queries []backend.DataQuery) backend.Responses {
	var parts struct{ Results map[string]json.RawMessage }
	err := json.Unmarshal(answer, &parts)
	if err == nil && parts.Results == nil {
		err = errors.New("it has no results")
	}
	responses := make(backend.Responses, len(queries))
	for _, query := range queries {
		part, reason := parts.Results[query.RefID], err
		if reason == nil && part == nil {
			reason = fmt.Errorf("it lacks query %s", query.RefID)
		}
		var result backend.DataResponse
		if reason == nil {
			result, reason = decodeResult(part)
		}
		if reason != nil {
			result = asResponse(c.brokeOff(reason))
		}
		responses[query.RefID] = c.checked(query.RefID, result)
	}
	return responses
}

// decodeResult is the SDK's decoder, which panics on some malformed frames: such a result fails alone.
func decodeResult(part []byte) (result backend.DataResponse, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("a frame is malformed")
		}
	}()
	// it reads whole answers only
	whole := append(append([]byte(`{"results":{"A":`), part...), "}}"...)
	var decoded backend.QueryDataResponse
	if err := json.Unmarshal(whole, &decoded); err != nil {
		// what follows is a piece of the data
		said, _, _ := strings.Cut(err.Error(), ", error found in")
		return result, errors.New(said)
	}
	return decoded.Responses["A"], nil
}

// checked gives a result the status and source that it lacks, and its frames the name of the query.
func (c *client) checked(refID string, result backend.DataResponse) backend.DataResponse {
	for _, frame := range result.Frames {
		frame.RefID = refID
	}
	if result.Error == nil {
		result.Status = backend.StatusOK
		return result
	}
	if !result.Status.IsValid() || result.Status < http.StatusBadRequest {
		result.Status = backend.StatusBadRequest
	}
	if !result.ErrorSource.IsValid() {
		result.ErrorSource = backend.ErrorSourceDownstream
	}
	result.Error = c.failed(int(result.Status), "%s", result.Error)
	return result
}
