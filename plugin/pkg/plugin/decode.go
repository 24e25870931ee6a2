package plugin

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// decode reads an answer of POST /v1/query, which is Grafana's own wire form; each query gets its result or an error.
func (c *client) decode(answer []byte, queries []backend.DataQuery) backend.Responses {
	decoded, reason := unmarshal(answer)
	if reason != nil {
		decoded = c.decodeOneByOne(answer)
	}
	responses := make(backend.Responses, len(queries))
	for _, query := range queries {
		result, ok := decoded[query.RefID]
		if !ok {
			result = asResponse(c.brokeOff(cmp.Or(reason, fmt.Errorf("it lacks query %s", query.RefID))))
		}
		responses[query.RefID] = c.checked(query.RefID, result)
	}
	return responses
}

// decodeOneByOne keeps a result that cannot be read from taking the others with it.
func (c *client) decodeOneByOne(answer []byte) backend.Responses {
	var parts struct {
		Results map[string]json.RawMessage `json:"results"`
	}
	if json.Unmarshal(answer, &parts) != nil {
		return nil
	}
	responses := backend.Responses{}
	for refID, part := range parts.Results {
		one, err := json.Marshal(map[string]any{"results": map[string]json.RawMessage{refID: part}})
		if err != nil {
			continue
		}
		decoded, err := unmarshal(one)
		if err != nil {
			responses[refID] = asResponse(c.brokeOff(err))
		} else {
			responses[refID] = decoded[refID]
		}
	}
	return responses
}

// unmarshal is the SDK's decoder, which panics on some malformed frames.
func unmarshal(answer []byte) (responses backend.Responses, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("a frame is malformed")
		}
	}()
	var decoded backend.QueryDataResponse
	if err := json.Unmarshal(answer, &decoded); err != nil {
		// what follows is a piece of the data
		said, _, _ := strings.Cut(err.Error(), ", error found in")
		return nil, errors.New(said)
	}
	if decoded.Responses == nil {
		return nil, errors.New("it has no results")
	}
	return decoded.Responses, nil
}

// checked gives a result the status and source that it lacks, and its frames the name of the query.
func (c *client) checked(refID string, result backend.DataResponse) backend.DataResponse {
	for _, frame := range result.Frames {
		frame.RefID = refID
	}
	switch {
	case result.Error == nil:
		result.Status = backend.StatusOK
	case !result.Status.IsValid() || result.Status < http.StatusBadRequest:
		result.Status = backend.StatusBadRequest
	}
	if result.Error != nil {
		result.Error = c.failed(int(result.Status), "%s", result.Error)
		if !result.ErrorSource.IsValid() {
			result.ErrorSource = backend.ErrorSourceDownstream
		}
	}
	return result
}
