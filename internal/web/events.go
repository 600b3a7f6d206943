package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
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
	if _, err := fmt.Fprintf(s.w, "event: %s\nid: %s\ndata: %s\n\n", event, id, raw); err != nil {
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

// events tells an account what changed, without the content. Ids do not follow commit
// order, so the last five seconds are read again and known ids dropped.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	c := callerOf(r.Context())
	staff := c.account.Has(loam.Reviewer) || c.account.Has(loam.Operator)
	since := s.Clock.Now()
	seen := map[string]int64{}
	out := startStream(w)
	end := s.Clock().Add(eventLife)
	beat := 0
	for s.Clock().Before(end) {
		list, err := s.Library.Events(r.Context(), c.id(), staff, since-5000)
		if err != nil {
			return // the client opens the stream again
		}
		for _, e := range list {
			if _, ok := seen[e.ID]; ok {
				continue
			}
			seen[e.ID] = e.At
			if e.At >= since && !out.send(e.Topic, e.ID, e) {
				return
			}
		}
		since = max(since, s.Clock.Now()-1000)
		for id, at := range seen {
			if at < since-10_000 {
				delete(seen, id)
			}
		}
		if beat++; beat%20 == 0 && !out.send("beat", "", s.Clock.Now()) {
			return
		}
		if !out.wait(r.Context(), 500*time.Millisecond) {
			return
		}
	}
}
