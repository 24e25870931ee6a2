package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

const (
	// maxAnswerBytes bounds what is held in memory of one answer; exports are not held.
	maxAnswerBytes  = 64 << 20
	maxProblemBytes = 64 << 10
)

var errSlow = errors.New("slow")

// client speaks HTTP with the service and turns everything that can go wrong into words.
type client struct {
	settings *settings
	http     *http.Client
}

func newClient(s *settings) (*client, error) {
	httpClient, err := httpclient.New(s.http)
	if err != nil {
		return nil, fmt.Errorf("the TLS or proxy settings of the data source are wrong: %w", err)
	}
	return &client{settings: s, http: httpClient}, nil
}

// call is one request: for a viewer, or, with nil, for the token itself.
type call struct {
	method, path, query string
	body                []byte
	viewer              *viewer
}

// fetch answers a whole JSON body.
func (c *client) fetch(ctx context.Context, asked call) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.settings.timeout, errSlow)
	defer cancel()
	response, err := c.send(ctx, asked)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if kind := response.Header.Get("Content-Type"); !strings.Contains(kind, "json") {
		return nil, c.notRunboard(response.Status, kind)
	}
	body, err := readAll(response)
	switch {
	case err != nil && (ctx.Err() != nil || !errors.Is(err, io.ErrUnexpectedEOF)):
		return nil, c.unreachable(ctx, err)
	case err != nil:
		return nil, c.brokeOff(err)
	case len(body) > maxAnswerBytes:
		return nil, c.failed(http.StatusBadGateway, "the answer is larger than %d MiB: ask for less", maxAnswerBytes>>20)
	}
	return c.withoutToken(body), nil
}

// readAll makes room for the answer once, where its length is known.
func readAll(response *http.Response) ([]byte, error) {
	length := min(max(response.ContentLength, 0), maxAnswerBytes)
	body := bytes.NewBuffer(make([]byte, 0, length+bytes.MinRead))
	_, err := body.ReadFrom(io.LimitReader(response.Body, maxAnswerBytes+1))
	return body.Bytes(), err
}

// stream answers as soon as the service begins to; the caller reads and closes the body, and ends it with ctx.
func (c *client) stream(ctx context.Context, asked call) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(c.settings.timeout, func() { cancel(errSlow) })
	defer timer.Stop()
	response, err := c.send(ctx, asked)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	return response, nil
}

// send resolves with an answer of status 200 only.
func (c *client) send(ctx context.Context, asked call) (*http.Response, error) {
	target := c.settings.url.JoinPath(asked.path)
	target.RawQuery = asked.query
	request, err := http.NewRequestWithContext(ctx, asked.method, target.String(), bytes.NewReader(asked.body))
	if err != nil {
		return nil, fmt.Errorf("the request cannot be made: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+c.settings.token)
	request.Header.Set("X-Runboard-Datasource", c.settings.uid)
	if asked.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if asked.viewer != nil {
		asked.viewer.setHeaders(request.Header)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, c.unreachable(ctx, err)
	}
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	defer func() { _ = response.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxProblemBytes))
	return nil, c.refused(response, body)
}

// withoutToken keeps a service that repeats what it was sent from showing the token to a viewer.
func (c *client) withoutToken(body []byte) []byte {
	if !bytes.Contains(body, []byte(c.settings.token)) {
		return body
	}
	return bytes.ReplaceAll(body, []byte(c.settings.token), []byte("[token]"))
}
