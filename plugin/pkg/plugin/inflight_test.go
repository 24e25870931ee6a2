package plugin_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/runboard/runboard/plugin/pkg/plugin"
)

// gate is a service that answers when it is let to, and says when a question began and was given up.
type gate struct {
	*fakeService
	began, given chan struct{}
	open         chan struct{}
}

func newGate(t *testing.T) *gate {
	g := &gate{began: make(chan struct{}, 100), given: make(chan struct{}, 100), open: make(chan struct{})}
	g.fakeService = newFake(t, func(w http.ResponseWriter, r *http.Request) {
		g.began <- struct{}{}
		select {
		case <-g.open:
			sendsJSON(answerA)(w, r)
		case <-r.Context().Done():
			g.given <- struct{}{}
		}
	})
	return g
}

// asking is a caller under way.
func asking(ctx context.Context, d *plugin.Datasource, req *backend.QueryDataRequest) <-chan backend.DataResponse {
	answer := make(chan backend.DataResponse, 1)
	go func() {
		response, err := d.QueryData(ctx, req)
		if err != nil {
			response.Responses["A"] = backend.DataResponse{Error: err}
		}
		answer <- response.Responses["A"]
	}()
	return answer
}

func waitFor(d *plugin.Datasource, callers int) {
	for d.Waiting() != callers {
		time.Sleep(time.Millisecond)
	}
}

func TestEqualQuestionsUnderWayAreAskedOnce(t *testing.T) {
	g := newGate(t)
	d := newDatasource(t, g.URL, nil)
	first := asking(context.Background(), d, request(alice, query("A", `{"view":"total"}`)))
	<-g.began
	ctx, cancel := context.WithCancel(context.Background())
	leaving := asking(ctx, d, request(alice, query("A", `{"view":"total"}`)))
	staying := asking(context.Background(), d, request(alice, query("A", `{"view":"total"}`)))
	waitFor(d, 3)
	cancel()
	if a := <-leaving; a.Error == nil {
		t.Error("a cancelled caller got an answer")
	}
	close(g.open)
	for _, answer := range []<-chan backend.DataResponse{first, staying} {
		if a := <-answer; a.Error != nil || len(a.Frames) != 1 {
			t.Errorf("%+v", a)
		}
	}
	if requests, _ := g.asked(); len(requests) != 1 {
		t.Errorf("asked %d times", len(requests))
	}
	ask(t, d, request(alice, query("A", `{"view":"total"}`)))
	if requests, _ := g.asked(); len(requests) != 2 {
		t.Errorf("an answer was kept: asked %d times", len(requests))
	}
}

func TestWhoFirstAskedMayLeave(t *testing.T) {
	g := newGate(t)
	d := newDatasource(t, g.URL, nil)
	ctx, cancel := context.WithCancel(context.Background())
	first := asking(ctx, d, request(alice, query("A", `{}`)))
	<-g.began
	second := asking(context.Background(), d, request(alice, query("A", `{}`)))
	waitFor(d, 2)
	cancel()
	<-first
	close(g.open)
	if a := <-second; a.Error != nil {
		t.Error(a.Error)
	}
}

func TestTheLastToLeaveEndsTheQuestion(t *testing.T) {
	g := newGate(t)
	d := newDatasource(t, g.URL, nil)
	ctx, cancel := context.WithCancel(context.Background())
	answers := []<-chan backend.DataResponse{
		asking(ctx, d, request(alice, query("A", `{}`))), asking(ctx, d, request(alice, query("A", `{}`))),
	}
	<-g.began
	waitFor(d, 2)
	cancel()
	for _, answer := range answers {
		<-answer
	}
	<-g.given
	again := asking(context.Background(), d, request(alice, query("A", `{}`)))
	<-g.began
	close(g.open)
	if a := <-again; a.Error != nil {
		t.Errorf("whoever asked later got a cancelled answer: %s", a.Error)
	}
}

func TestWhatDiffersIsAskedApart(t *testing.T) {
	g := newGate(t)
	d := newDatasource(t, g.URL, nil)
	bob := &backend.User{Login: "bob", Email: "bob@example.com", Role: "Viewer"}
	later := query("A", `{}`)
	later.TimeRange.To = later.TimeRange.To.Add(time.Millisecond)
	var answers []<-chan backend.DataResponse
	for _, req := range []*backend.QueryDataRequest{
		request(alice, query("A", `{}`)), request(bob, query("A", `{}`)), request(alice, later), request(alice, query("A", `{"a":1}`)),
	} {
		answers = append(answers, asking(context.Background(), d, req))
	}
	for range answers {
		<-g.began
	}
	close(g.open)
	for _, answer := range answers {
		<-answer
	}
}

// Run with -race: the SDK writes on what it is given.
func TestSharedAnswersMayBeChanged(t *testing.T) {
	g := newGate(t)
	d := newDatasource(t, g.URL, nil)
	var callers sync.WaitGroup
	for range 8 {
		callers.Add(1)
		go func() {
			defer callers.Done()
			response, err := d.QueryData(context.Background(), request(alice, query("A", `{}`)))
			if err != nil {
				t.Error(err)
				return
			}
			response.Responses["A"] = backend.DataResponse{Frames: response.Responses["A"].Frames}
			if _, err := backend.ToProto().QueryDataResponse(backend.DataFrameFormat_ARROW, response); err != nil {
				t.Error(err)
			}
		}()
	}
	waitFor(d, 8)
	close(g.open)
	callers.Wait()
}
