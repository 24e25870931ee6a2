package plugin

import "time"

// ForgetSignIns forgets how people signed in, and tells the time by this clock from then on.
func ForgetSignIns(now func() time.Time) {
	lastSignIns.mu.Lock()
	defer lastSignIns.mu.Unlock()
	clear(lastSignIns.seen)
	lastSignIns.now = now
}
