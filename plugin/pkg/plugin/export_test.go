package plugin

// Waiting says how many callers wait for an answer now.
func (d *Datasource) Waiting() (callers int) {
	d.questions.mu.Lock()
	defer d.questions.mu.Unlock()
	for _, question := range d.questions.byKey {
		callers += question.callers
	}
	return callers
}
