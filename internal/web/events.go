package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"loam"
)

// stream is a server-sent event stream.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func startStream(w http.ResponseWriter) stream {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	s := stream{w, http.NewResponseController(w)}
	_ = s.control.Flush() // the first write will tell if the client is gone
	return s
}

// send writes one event and reports whether the client is still there.
func (s stream) send(event, id string, data any) bool {
	raw, err := json.Marshal(data)
	if err != nil {
		return false
	}
	if id != "" { // an empty one would make the client forget the last
		id = "id: " + id + "\n"
	}
	if _, err := fmt.Fprintf(s.w, "event: %s\n%sdata: %s\n\n", event, id, raw); err != nil {
		return false
	}
	return s.control.Flush() == nil
}

// wait pauses, or reports false when the client left.
func (stream) wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// eventLife is how long one event stream lives; the browser opens the next by itself.
const eventLife = 5 * time.Minute

// lateness is how long after its moment an event may be committed and still be told.
const lateness = 5000

// page is how many events the store gives at once.
const page = 500

// events tells an account what changed, without the content. Ids do not follow commit
// order, so the last five seconds are read again, and what was not sent in this stream is
// sent. A stream that broke goes on at its last event (Last-Event-ID).
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	c := callerOf(r.Context())
	if !s.streams.take(c.id()) {
		s.fail(w, r, loam.Fail(loam.Limited, "events.too_many"))
		return
	}
	defer s.streams.leave(c.id())
	staff := c.account.Has(loam.Reviewer) || c.account.Has(loam.Operator)
	since := s.Clock.Now()
	sent := map[string]int64{} // by id, when: those that can be read again
	if last := r.Header.Get("Last-Event-ID"); loam.IsID(last) {
		since = min(since, loam.TimeOf(last))
		sent[last] = since
	}
	since -= lateness
	out := startStream(w)
	end := s.Clock().Add(eventLife)
	beat := 0
	for s.Clock().Before(end) {
		now := s.Clock.Now()
		list, err := s.Library.Events(r.Context(), c.id(), staff, since)
		if err != nil {
			return // the client opens the stream again
		}
		for _, e := range list {
			if _, ok := sent[e.ID]; ok {
				continue
			}
			sent[e.ID] = e.At
			if !out.send(e.Topic, e.ID, e) {
				return
			}
		}
		full := len(list) >= page
		since = next(list, since, now)
		for id, at := range sent {
			if at < since {
				delete(sent, id)
			}
		}
		if full {
			continue
		}
		if beat++; beat%20 == 0 {
			// What the account may hear is asked again with the next stream.
			a, err := s.Accounts.Account(r.Context(), c.id())
			if err != nil || a.Disabled || !slices.Equal(a.Roles, c.account.Roles) || !out.send("beat", "", s.Clock.Now()) {
				return
			}
		}
		if !out.wait(r.Context(), 500*time.Millisecond) {
			return
		}
	}
}

// next is from when to read after a list read at a moment: where a full one ended, since
// more may follow, else the last five seconds.
func next(list []loam.Event, since, now int64) int64 {
	if len(list) < page {
		return max(since, now-lateness)
	}
	if last := list[len(list)-1].At; last > since {
		return last
	}
	return since + 1 // a page of one millisecond
}
