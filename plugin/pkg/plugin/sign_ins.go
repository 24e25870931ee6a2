package plugin

import (
	"maps"
	"sync"
	"time"
)

// picture is the sign-in word of who makes a picture of a panel, as the person who shared it. Grafana keeps the id
// token of a person for some ten minutes, so the word then also stands in requests of their own browser.
const picture = "render"

const (
	signInHolds = 12 * time.Hour
	// mostSignIns bounds the memory: beyond it everybody is forgotten, which opens nothing
	mostSignIns = 100_000
)

// signIns remembers how people signed in, since the word of a picture says nothing about that.
type signIns struct {
	mu   sync.Mutex
	now  func() time.Time
	seen map[person]signIn
}

type person struct{ login, email string }

type signIn struct {
	word string
	at   time.Time
}

// lastSignIns is one for all data sources: changed settings make a data source anew.
var lastSignIns = &signIns{now: time.Now, seen: map[person]signIn{}}

// of is what the word says of the person's sign-in: the word itself, which is remembered; for a picture the last
// other one of the last 12 hours, if there is one.
func (s *signIns) of(login, email, word string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	who, now := person{login, email}, s.now()
	if word == picture {
		if last, known := s.seen[who]; known && now.Sub(last.at) <= signInHolds {
			return last.word
		}
		return picture
	}
	if _, known := s.seen[who]; !known && len(s.seen) >= mostSignIns {
		maps.DeleteFunc(s.seen, func(_ person, last signIn) bool { return now.Sub(last.at) > signInHolds })
		if len(s.seen) >= mostSignIns {
			clear(s.seen)
		}
	}
	s.seen[who] = signIn{word, now}
	return word
}
