package plugin

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

const (
	// silence is longer than the service's streams are silent: the connection is dead then.
	silence = 25 * time.Second
	// comesBackAfter a stream that has ended or was refused.
	comesBackAfter = time.Second
)

// news holds one stream of the service for each viewer, as long as some panel of theirs follows it.
type news struct {
	client *client
	mu     sync.Mutex
	of     map[viewer]*followed
}

type followed struct {
	followers map[chan struct{}]bool
	stop      context.CancelFunc
}

// follow is sent something whenever there may be something new for the viewer.
func (n *news) follow(who viewer) (<-chan struct{}, func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	one := n.of[who]
	if one == nil {
		ctx, stop := context.WithCancel(context.Background())
		one = &followed{map[chan struct{}]bool{}, stop}
		n.of[who] = one
		go n.client.listen(ctx, who, func() { n.tell(one) })
	}
	// one that was not heard yet says as much as several
	follower := make(chan struct{}, 1)
	one.followers[follower] = true
	return follower, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		if delete(one.followers, follower); len(one.followers) == 0 {
			one.stop()
			delete(n.of, who)
		}
	}
}

func (n *news) tell(one *followed) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for follower := range one.followers {
		select {
		case follower <- struct{}{}:
		default:
		}
	}
}

// listen reads GET /v1/live, over and over, from the last message on that it has.
func (c *client) listen(ctx context.Context, who viewer, tell func()) {
	for last := ""; ctx.Err() == nil; {
		c.listenOnce(ctx, who, &last, tell)
		select {
		case <-time.After(comesBackAfter):
		case <-ctx.Done():
		}
	}
}

func (c *client) listenOnce(ctx context.Context, who viewer, last *string, tell func()) {
	ctx, hangUp := context.WithCancel(httpclient.WithResponseLimit(ctx, noLimit))
	defer hangUp()
	alive := time.AfterFunc(silence, hangUp)
	defer alive.Stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.api.JoinPath("live").String()+"?rows=false", nil)
	if err != nil {
		return
	}
	who.setHeaders(request.Header)
	request.Header.Set("Last-Event-ID", *last)
	response, err := c.RoundTrip(request)
	if err != nil {
		return
	}
	defer func() { _ = response.Body.Close() }()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		alive.Reset(silence)
		if id, isID := strings.CutPrefix(lines.Text(), "id: "); isID {
			*last = id
			tell()
		}
	}
}
