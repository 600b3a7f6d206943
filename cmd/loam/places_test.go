package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestPackPlaces: who does not read a pack of hers has one place, and a second of hers is refused until
// the first has ended; another's is sent meanwhile.
func TestPackPlaces(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann, bo := h.person("ann"), h.person("bo")
	hers, his := ann.publish("湖边的两支防晒", nil).Version.ID, bo.publish("周末的咖啡馆", nil).Version.ID
	path := "/api/versions/" + hers + "/pack"
	r := httptest.NewRequestWithContext(t.Context(), "GET", h.url+path, nil)
	for _, c := range ann.http.Jar.Cookies(r.URL) {
		r.AddCookie(c)
	}
	reader := &unread{header: http.Header{}, writing: make(chan struct{}), left: make(chan struct{})}
	ended := make(chan any)
	go func() {
		defer func() { ended <- recover() }() // it aborts: half an archive is none
		h.node.server.ServeHTTP(reader, r)
	}()
	select {
	case <-reader.writing:
	case why := <-ended:
		t.Fatalf("nothing was sent: %v", why)
	}
	ann.refused(409, "pack.running", "GET", path, nil)
	bo.must("GET", "/api/versions/"+his+"/pack", nil, nil)
	close(reader.left)
	<-ended
	ann.must("GET", path, nil, nil)
}

// unread is an answer whose reader takes nothing and leaves at last.
type unread struct {
	header        http.Header
	writing, left chan struct{}
}

func (u *unread) Header() http.Header { return u.header }
func (u *unread) WriteHeader(int)     {}
func (u *unread) Write([]byte) (int, error) {
	close(u.writing)
	<-u.left
	return 0, errors.New("the reader left")
}

// TestWhatIsLoggedIsLimited: each of these makes leaves that everybody who verifies reads; who sends them
// without end is told to wait.
func TestWhatIsLoggedIsLimited(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann")
	work := ann.publish("湖边的两支防晒", nil).Version.Work
	for path, body := range map[string]func(i int) any{
		"/api/account": func(i int) any { return map[string]any{"name": "ann", "bio": "", "no_ai": i%2 == 0} },
		"/api/works/" + work + "/uses/commercial": func(i int) any { return map[string]any{"allowed": i%2 == 0} },
	} {
		most := 1000
		for i := range most {
			if a := ann.do("PUT", path, body(i)); a.status == http.StatusTooManyRequests {
				most = i
				break
			} else if a.status >= 300 {
				t.Fatalf("%s: %d %s", path, a.status, a.body)
			}
		}
		if most < 100 || most == 1000 {
			t.Errorf("%s was taken %d times in a row", path, most)
		}
	}
}
