package plugin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/runboard/runboard/plugin/pkg/plugin"
)

// fleet is a service whose data changes when it is told to, with how many streams of it are open.
type fleet struct {
	*fakeService
	version atomic.Int64
	open    atomic.Int64
	breakUp chan struct{}
}

func newFleet(t testing.TB) *fleet {
	f := &fleet{breakUp: make(chan struct{})}
	f.version.Store(1)
	f.fakeService = newFake(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/live" {
			sendsJSON(strings.ReplaceAll(answerA, "[[3]]", fmt.Sprintf("[[%d]]", f.version.Load())))(w, r)
			return
		}
		f.open.Add(1)
		defer f.open.Add(-1)
		w.Header().Set("Content-Type", "text/event-stream")
		for told := int64(0); ; time.Sleep(time.Millisecond) {
			if now := f.version.Load(); now != told {
				_, _ = fmt.Fprintf(w, "id: %d\nevent: moved\ndata: {}\n\n", now)
				w.(http.Flusher).Flush()
				told = now
			}
			select {
			case <-r.Context().Done():
				return
			case <-f.breakUp:
				return
			default:
			}
		}
	})
	return f
}

type packets chan string

func (p packets) Send(packet *backend.StreamPacket) error {
	p <- string(packet.Data)
	return nil
}

// run runs the stream of that person's panel: what it says, and how to end it.
func run(t testing.TB, d *plugin.Datasource, user *backend.User, question string) (packets, context.CancelFunc) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	said := make(packets, 100)
	go func() {
		_ = d.RunStream(ctx, &backend.RunStreamRequest{
			PluginContext: backend.PluginContext{User: user}, Path: pathFor(t, d, user, question), Data: json.RawMessage(question),
		}, backend.NewStreamSender(said))
	}()
	t.Cleanup(stop)
	return said, stop
}

// hears waits for a message with that text in it.
func hears(t testing.TB, said packets, text string) {
	t.Helper()
	for end := time.After(10 * time.Second); ; {
		select {
		case message := <-said:
			if strings.Contains(message, text) {
				return
			}
		case <-end:
			t.Fatalf("never heard %s", text)
		}
	}
}

func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for range 1000 {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal(what)
}
