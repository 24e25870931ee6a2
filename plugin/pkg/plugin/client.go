package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

const (
	// maxAnswerBytes bounds what is held in memory of one answer; exports are not held.
	maxAnswerBytes  = 64 << 20
	maxProblemBytes = 64 << 10
)

var errSlow = errors.New("slow")

// RoundTrip answers as soon as the service begins to, with an answer of status 200 only. It follows no redirect: token
// and viewer belong to this address alone.
func (c *client) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		return nil, c.unreachable(request.Context(), err)
	}
	kind := response.Header.Get("Content-Type")
	isOurs := strings.Contains(kind, "json") || strings.HasPrefix(kind, "text/csv") || strings.HasPrefix(kind, "text/event-stream")
	if response.StatusCode == http.StatusOK && isOurs {
		return response, nil
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode == http.StatusOK {
		return nil, c.notRunboard(response.Status, kind)
	}
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxProblemBytes))
	return nil, c.refused(response, body)
}

// fetch answers a whole JSON body: for a viewer, or, with nil, for the token itself. A body to send makes it a POST.
func (c *client) fetch(ctx context.Context, who *viewer, path string, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(httpclient.WithResponseLimit(ctx, maxAnswerBytes), c.timeout, errSlow)
	defer cancel()
	method := http.MethodGet
	if body != nil {
		method = http.MethodPost
	}
	path, query, _ := strings.Cut(path, "?")
	address := c.api.JoinPath(path)
	address.RawQuery = query
	request, err := http.NewRequestWithContext(ctx, method, address.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("the request cannot be made: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	if who != nil {
		who.setHeaders(request.Header)
	}
	response, err := c.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	return c.read(ctx, response)
}

// read answers the whole body. A service that repeats what it was sent must not show the token to a viewer.
func (c *client) read(ctx context.Context, response *http.Response) ([]byte, error) {
	defer func() { _ = response.Body.Close() }()
	// room for all of it at once, where its length is known
	body := bytes.NewBuffer(make([]byte, 0, min(max(response.ContentLength, 0), maxAnswerBytes)+bytes.MinRead))
	_, err := body.ReadFrom(response.Body)
	switch {
	case errors.Is(err, httpclient.ErrResponseBodyTooLarge):
		return nil, c.failed(http.StatusBadGateway, "the answer is larger than %d MiB: ask for less", maxAnswerBytes>>20)
	case errors.Is(err, io.ErrUnexpectedEOF) && ctx.Err() == nil:
		return nil, c.brokeOff(err)
	case err != nil:
		return nil, c.unreachable(ctx, err)
	}
	return bytes.ReplaceAll(body.Bytes(), []byte(c.token), []byte("[token]")), nil
}
