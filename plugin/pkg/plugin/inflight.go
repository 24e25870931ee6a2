package plugin

import (
	"context"
	"sync"
)

// inFlight lets equal questions that are under way share one answer. Unlike x/sync/singleflight, a caller who leaves
// ends nobody else's question, and the last one to leave ends the work.
type inFlight[T any] struct {
	mu    sync.Mutex
	byKey map[string]*flight[T]
}

type flight[T any] struct {
	done    chan struct{}
	answer  T
	callers int
	cancel  context.CancelFunc
}

func (f *inFlight[T]) do(ctx context.Context, key string, ask func(context.Context) T) (T, error) {
	mine := f.join(ctx, key, ask)
	select {
	case <-mine.done:
		return mine.answer, nil
	case <-ctx.Done():
		f.leave(key, mine)
		var nothing T
		return nothing, ctx.Err()
	}
}

func (f *inFlight[T]) join(ctx context.Context, key string, ask func(context.Context) T) *flight[T] {
	f.mu.Lock()
	defer f.mu.Unlock()
	if known, ok := f.byKey[key]; ok {
		known.callers++
		return known
	}
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	mine := &flight[T]{done: make(chan struct{}), callers: 1, cancel: cancel}
	if f.byKey == nil {
		f.byKey = map[string]*flight[T]{}
	}
	f.byKey[key] = mine
	go func() {
		defer cancel()
		mine.answer = ask(work)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.forget(key, mine)
		close(mine.done)
	}()
	return mine
}

func (f *inFlight[T]) leave(key string, mine *flight[T]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	mine.callers--
	if mine.callers == 0 {
		f.forget(key, mine)
		mine.cancel()
	}
}

// forget makes whoever asks the same from now on start anew; f.mu is held.
func (f *inFlight[T]) forget(key string, mine *flight[T]) {
	if f.byKey[key] == mine {
		delete(f.byKey, key)
	}
}
