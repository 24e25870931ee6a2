package plugin

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

const (
	// leastGap lies between two answers to a panel, however fast data comes in; where answers take longer, as much as they take.
	leastGap = 250 * time.Millisecond
	// latestAgain is when a panel is answered again although no data came in: some things change by time alone.
	latestAgain = 5 * time.Second
	// streamLasts bounds for how long somebody is answered by the role that they had at the beginning.
	streamLasts = 10 * time.Minute
	// maxPushed is far below what Grafana holds for a browser, which asks for larger answers itself.
	maxPushed = 1 << 20
	// mostAtOnce leaves the service to others.
	mostAtOnce = 16
)

// question is what a panel is answered again and again: a request of POST /v1/query whose window ends now, or once.
type question struct {
	From          int64             `json:"from"`
	To            int64             `json:"to,omitempty"`
	MaxDataPoints int64             `json:"maxDataPoints,omitempty"`
	Queries       []json.RawMessage `json:"queries"`
}

// livePath names a channel of Grafana Live. Grafana runs one stream for all who subscribe to a channel, and runs it as the
// first of them: so each belongs to one viewer and one question.
func livePath(who viewer, asked question) string {
	return "live/" + digest(who) + "/" + digest(asked)
}

func digest(value any) string {
	text, _ := json.Marshal(value)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// sayLivePath answers the name of the channel on which the viewer hears of the question in the body.
func (d *Datasource) sayLivePath(w http.ResponseWriter, r *http.Request) {
	var asked question
	// the adapter gives a request without a body none to read
	if r.Body == nil || json.NewDecoder(r.Body).Decode(&asked) != nil {
		sayError(w, r, failed(http.StatusBadRequest, "the body must be a question"))
		return
	}
	who := viewerOf(backend.UserFromContext(r.Context()), r.Header, d.client.trustEmails)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"path": livePath(who, asked)})
}

// admitted is whose channel it is and what it is about, if it is that of who asks.
func (d *Datasource) admitted(user *backend.User, headers http.Header, path string, data []byte) (who viewer, asked question, ok bool) {
	if d.misconfigured != nil || json.Unmarshal(data, &asked) != nil {
		return who, asked, false
	}
	who = viewerOf(user, headers, d.client.trustEmails)
	return who, asked, path == livePath(who, asked)
}

// SubscribeStream lets a viewer subscribe to their own channels only.
func (d *Datasource) SubscribeStream(_ context.Context, req *backend.SubscribeStreamRequest) (*backend.SubscribeStreamResponse, error) {
	status := backend.SubscribeStreamStatusOK
	if _, _, ok := d.admitted(req.PluginContext.User, req.GetHTTPHeaders(), req.Path, req.Data); !ok {
		status = backend.SubscribeStreamStatusPermissionDenied
	}
	return &backend.SubscribeStreamResponse{Status: status}, nil
}

// PublishStream refuses everybody.
func (d *Datasource) PublishStream(context.Context, *backend.PublishStreamRequest) (*backend.PublishStreamResponse, error) {
	return &backend.PublishStreamResponse{Status: backend.PublishStreamStatusPermissionDenied}, nil
}

// RunStream answers the question anew whenever there may be something new, as long as somebody is subscribed. Its last
// message says that the browser shall ask for the path again.
func (d *Datasource) RunStream(ctx context.Context, req *backend.RunStreamRequest, sender *backend.StreamSender) error {
	who, asked, ok := d.admitted(req.PluginContext.User, req.GetHTTPHeaders(), req.Path, req.Data)
	if !ok {
		return nil
	}
	news, leave := d.news.follow(who)
	defer leave()
	end := time.After(streamLasts)
	var told message
	for {
		began := time.Now()
		now := d.tell(ctx, who, asked)
		if now.ID == told.ID {
			now.Answer = nil
		}
		if err := now.send(sender); err != nil {
			return err
		}
		told = now
		again := time.After(latestAgain)
		select {
		case <-time.After(max(leastGap, time.Since(began))):
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-news:
		case <-again:
		case <-end:
			return message{HasEnded: true}.send(sender)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// message is what the browser hears. Without an answer it has the one with that id, or asks for it itself.
type message struct {
	ID       string          `json:"id,omitempty"`
	Answer   json.RawMessage `json:"answer,omitempty"`
	HasEnded bool            `json:"hasEnded,omitempty"`
}

func (m message) send(sender *backend.StreamSender) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return sender.SendJSON(text)
}

// tell is the message with the answer, in the form in which Grafana answers queries.
func (d *Datasource) tell(ctx context.Context, who viewer, asked question) message {
	d.turns <- struct{}{}
	defer func() { <-d.turns }()
	asked.To = cmp.Or(asked.To, time.Now().UnixMilli())
	body, _ := json.Marshal(asked)
	text, err := json.Marshal(d.respond(ctx, who, body, asked.queries()))
	if err != nil {
		return message{}
	}
	sum := sha256.Sum256(text)
	now := message{ID: hex.EncodeToString(sum[:8])}
	if len(text) <= maxPushed {
		now.Answer = text
	}
	return now
}

// queries are those that get an answer each.
func (q question) queries() []backend.DataQuery {
	queries := make([]backend.DataQuery, len(q.Queries))
	for i, query := range q.Queries {
		var named struct{ RefID string }
		_ = json.Unmarshal(query, &named)
		queries[i].RefID = named.RefID
	}
	return queries
}
