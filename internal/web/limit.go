package web

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"golang.org/x/time/rate"

	"loam"
)

// requests times every request by route pattern and status.
var requests = promauto.NewHistogramVec(prometheus.HistogramOpts{
	Name: "loam_request_seconds", Help: "Time of requests by route and status.", Buckets: []float64{.001, .005, .02, .05, .1, .25, 1, 5},
}, []string{"route", "status"})

// costly are the routes that draw, decode, arrange or write much: an account that autosaves
// each 700 ms never meets their limit.
var costly = map[string]bool{
	"POST /api/works":                       true,
	"PUT /api/works/{id}/draft":             true,
	"POST /api/works/{id}/arrange":          true,
	"POST /api/works/{id}/mend":             true,
	"POST /api/works/{id}/rewrites":         true,
	"PUT /api/works/{id}/rewrites":          true,
	"POST /api/works/{id}/pictures":         true,
	"POST /api/works/{id}/sounds":           true,
	"PUT /api/works/{id}/uses/{use}":        true,
	"PUT /api/account":                      true,
	"POST /api/works/{id}/submit":           true,
	"POST /api/versions/{id}/appeal":        true,
	"POST /api/versions/{id}/exhibits":      true,
	"POST /api/versions/{id}/label-appeals": true,
	"POST /api/versions/{id}/waivers":       true,
	"PUT /api/rights":                       true,
	"POST /api/rights/acts":                 true,
	"POST /api/passkeys/registration":       true,
	"POST /api/claims/{id}/counter":         true,
	"POST /api/protections":                 true,
	"POST /api/operate/protected/check":     true,
	"POST /api/protections/proofs":          true,
	"POST /api/suspensions/{id}/appeal":     true,
}

// admit lets a caller in to a route, by the authorisation table and the costly routes' limit.
func (s *Server) admit(route string, c caller) error {
	if err := allow(route, c); err != nil {
		return err
	}
	if costly[route] && !s.work.allow(route+" "+c.id()) {
		return loam.Fail(loam.Limited, "request.too_often")
	}
	return nil
}

// limiter gives every key a burst and then one act per interval. It forgets keys that
// rested, so its memory is bounded by who is active.
type limiter struct {
	clock loam.Clock
	burst int
	every time.Duration
	mu    sync.Mutex
	keys  map[string]*rate.Limiter
}

func newLimiter(clock loam.Clock, burst int, every time.Duration) *limiter {
	return &limiter{clock: clock, burst: burst, every: every, keys: map[string]*rate.Limiter{}}
}

// seats gives every key a number of places that are left again.
type seats struct {
	most  int
	mu    sync.Mutex
	taken map[string]int
}

func newSeats(most int) *seats { return &seats{most: most, taken: map[string]int{}} }

// take reports whether there is a place; whoever has one leaves it.
func (s *seats) take(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken[key] >= s.most {
		return false
	}
	s.taken[key]++
	return true
}

func (s *seats) leave(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken[key]--; s.taken[key] == 0 {
		delete(s.taken, key)
	}
}

func (l *limiter) allow(key string) bool { return l.allowN(key, 1) }

// allowN takes n acts at once; more than the burst is never allowed.
func (l *limiter) allowN(key string, n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock()
	if len(l.keys) > 10_000 {
		for k, v := range l.keys {
			if v.TokensAt(now) >= float64(l.burst) {
				delete(l.keys, k)
			}
		}
	}
	k, ok := l.keys[key]
	if !ok {
		k = rate.NewLimiter(rate.Every(l.every), l.burst)
		l.keys[key] = k
	}
	return k.AllowN(now, n)
}
