// Package web is Loam over HTTP: the JSON API behind its OpenAPI file, uploads and event
// streams, the script-free public pages and the embedded app.
//
// It stands apart so that nobody else knows HTTP: a handler decodes, calls one verb of a
// stage, encodes. Its invariant is the authorisation table: no route exists outside it.
package web

import (
	"context"
	"html/template"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"loam"
	"loam/internal/community"
	"loam/internal/label"
	"loam/internal/media"
	"loam/internal/publish"
	"loam/internal/review"
	"loam/internal/rights"
	"loam/internal/studio"
)

// Config is what the server is joined with. Every field is needed unless it says otherwise.
type Config struct {
	Accounts    Accounts
	Sessions    scs.CtxStore
	Library     Library
	Labels      Labels
	Rights      Rights
	Used        Used
	Notices     Notices
	Protections Protections
	// Hear checks a sound against what is registered; its fingerprint is what is kept of one.
	Hear   Hearing
	Bodies Bodies
	Ledger Ledger // nil where nothing can be signed
	// Witnesses are who is asked to cosign the ledger's checkpoints.
	Witnesses []rights.Witness
	Known     func() label.Known // whose signatures on files are known here
	// Archive writes everything an account made and granted.
	Archive func(ctx context.Context, w io.Writer, a loam.Account) error
	// Match tells whether a file is the one a content number was given to here.
	Match  func(ctx context.Context, src media.Source, id string) (label.Match, error)
	Studio *studio.Studio
	Model  Model
	Intake Intake
	// Label writes a version's labels now, where nothing has to be drawn for them.
	Label func(ctx context.Context, version string) error
	// Unmarked is one file of a version without its visible label.
	Unmarked func(ctx context.Context, v loam.Version, field string) ([]byte, loam.Label, error)
	Review   review.Desk
	Publish  publish.Desk
	Square   community.Square
	Screen   Screen
	Operate  Operate
	Blobs    Blobs
	Draw     Draw
	// Thumbnail gives the picture of a hash as a JPEG of at most edge pixels a side.
	Thumbnail func(ctx context.Context, hash string, edge int) ([]byte, error)
	App       fs.FS  // the built app, index.html at its root
	Tokens    string // the CSS variables of both surfaces
	// Sign signs a text that ends in a newline as a C2SP signed note of this installation.
	Sign     func(text string) ([]byte, error)
	Key      string // the verifier key of Sign, "" if nothing can be signed
	Ready    func(context.Context) error
	Clock    loam.Clock
	Log      *slog.Logger
	Demo     bool
	Producer bool   // a label producer is configured
	Public   string // LOAM_PUBLIC_URL; "" on loopback
	Proxies  []netip.Prefix
}

// Blobs reads stored bytes by hash.
type Blobs interface {
	Read(hash string) ([]byte, error)
	Has(hash string) error // why they cannot be read, nil if they lie there
}

// Server is the HTTP server's handler.
type Server struct {
	Config
	api         huma.API
	mux         *http.ServeMux
	sessions    *scs.SessionManager
	log         *slog.Logger
	decoy       string
	views       map[string]*template.Template // the public pages by file name
	slow        *limiter                      // sign-in, sign-up, reports: each address 10, then one in 6 s
	tries       *limiter                      // sign-in: each handle 30, then one in 10 s, wherever from
	quick       *limiter                      // drawing and arranging: each address 150, then 10 a second
	work        *limiter                      // each costly route: each account 300, then 10 a second
	talk        *limiter                      // comments and profiles: each account 12, then one in 10 s
	crowd       *limiter                      // comments: each note 120, then one a second, whoever writes
	streams     *seats                        // event streams: each account 12
	look        *limiter                      // searches: each address 60, then 4 a second
	numbers     *limiter                      // receipt numbers: each address 30, then one in 10 s
	uploads     chan struct{}                 // places for pictures in memory
	drawings    chan struct{}                 // places for pages being drawn
	sketches    chan struct{}                 // as many of them as visitors may take
	packs       chan struct{}                 // places for archives of posts being sent
	packers     *seats                        // such archives: each account one at once
	exports     chan struct{}                 // places for archives of accounts being sent
	exporters   *seats                        // exports: each account one at once
	stall       time.Duration                 // how long the reader of an archive may take nothing of it
	arrivals    chan struct{}                 // places for files to be checked while they are sent
	pace        pace                          // of such a file
	patience    time.Duration                 // how long one waits for a place
	inspections chan struct{}                 // places for files being checked for marks
	checkers    *seats                        // checks of files: each account or address two at once
	screens     chan struct{}                 // places for texts being screened
	screeners   *seats                        // screening requests: each account two, operators as many as they like
	zipped      zippedFiles
	handler     http.Handler
}

// setHuma shapes huma's answers: it keeps that in variables of its package, so once.
var setHuma = sync.OnceFunc(func() {
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError { return humaProblem("zh", status, errs) }
	huma.NewErrorWithContext = func(c huma.Context, status int, _ string, errs ...error) huma.StatusError {
		return humaProblem(callerOf(c.Context()).lang, status, errs)
	}
	huma.DefaultArrayNullable = false // lists are [], never null
})

// New joins the routes.
func New(c Config) *Server {
	s := &Server{
		streams: newSeats(12), screeners: newSeats(2), checkers: newSeats(2),
		uploads: make(chan struct{}, 6), drawings: make(chan struct{}, 4), sketches: make(chan struct{}, 2), packs: make(chan struct{}, 4), packers: newSeats(1), exports: make(chan struct{}, 2), exporters: newSeats(1), stall: 30 * time.Second, arrivals: make(chan struct{}, 16), pace: pace{grace: 10 * time.Second, most: largeBodyTime, rate: 64 << 10}, patience: 10 * time.Second, inspections: make(chan struct{}, 4), screens: make(chan struct{}, 2*runtime.GOMAXPROCS(0)), views: parsePages(),
		Config: c, log: c.Log, mux: http.NewServeMux(), decoy: HashPassword(loam.NewSecret()),
		slow: newLimiter(c.Clock, 10, 6*time.Second), quick: newLimiter(c.Clock, 150, 100*time.Millisecond),
		tries: newLimiter(c.Clock, 30, 10*time.Second), work: newLimiter(c.Clock, 300, 100*time.Millisecond),
		talk: newLimiter(c.Clock, 12, 10*time.Second), crowd: newLimiter(c.Clock, 120, time.Second), look: newLimiter(c.Clock, 60, 250*time.Millisecond),
		numbers: newLimiter(c.Clock, 30, 10*time.Second),
	}
	// Not scs.New(): it begins with a store in memory, and a goroutine that sweeps it.
	s.sessions = &scs.SessionManager{
		Store: ctxStore{c.Sessions}, Codec: scs.GobCodec{}, HashTokenInStore: true, Lifetime: sessionLife,
		Cookie: scs.SessionCookie{
			Name: "loam", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(c.Public, "https:"), Persist: true,
		},
	}
	s.sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		s.fail(w, r, loam.Fail(loam.Unavailable, "database.unavailable").Because(err))
	}
	setHuma()
	conf := huma.DefaultConfig("Loam", "1")
	conf.DocsPath, conf.SchemasPath, conf.OpenAPIPath = "", "", ""
	conf.CreateHooks = nil // no $schema links in answers
	conf.Info.Description = "The generative-AI layer of a content community. Errors are RFC 9457 problem documents."
	conf.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "loam"},
		"key":     {Type: "http", Scheme: "bearer"},
	}
	s.api = humago.New(s.mux, conf)
	s.routes()
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, loam.Fail(loam.Denied, "request.cross_origin"))
	}))
	s.handler = s.harden(s.sessions.LoadAndSave(s.identify(cross.Handler(http.HandlerFunc(s.route)))))
	return s
}

// match is what the mux has for a request: found once, for the figures and for route.
type match struct {
	handler http.Handler
	pattern string // "" where there is no route
}

type matchKey struct{}

// route serves a request, or says that there is no such page or route.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	m, _ := r.Context().Value(matchKey{}).(match)
	switch {
	case !utf8.ValidString(r.URL.Path) || strings.ContainsRune(r.URL.Path, 0): // no text column holds it
		s.fail(w, r, loam.Fail(loam.NotFound, "page.not_found"))
	case m.pattern != "":
		s.mux.ServeHTTP(w, r)
	case strings.HasPrefix(r.URL.Path, "/api/"):
		s.noRoute(w, r, m.handler)
	case r.Method == http.MethodGet:
		s.failPage(w, r, loam.Fail(loam.NotFound, "page.not_found"))
	default:
		s.mux.ServeHTTP(w, r)
	}
}

// noRoute answers for a route that does not exist, or not by this method; none is what the
// mux would answer, which knows the methods there are.
func (s *Server) noRoute(w http.ResponseWriter, r *http.Request, none http.Handler) {
	told := probe{header: http.Header{}}
	none.ServeHTTP(&told, r)
	if told.status != http.StatusMethodNotAllowed {
		s.fail(w, r, loam.Fail(loam.NotFound, "request.no_route"))
		return
	}
	wrongMethod(w, r, told.header.Get("Allow"))
}

// wrongMethod answers that a route is there, and for which methods.
func wrongMethod(w http.ResponseWriter, r *http.Request, allow string) {
	w.Header().Set("Allow", allow)
	writeProblem(w, &Problem{
		Type: "about:blank", Status: http.StatusMethodNotAllowed, Title: http.StatusText(http.StatusMethodNotAllowed), Code: "request.method", Args: []string{},
		Detail: sentence(langOf(r), "request.method"),
	})
}

// probe hears an answer that is not sent.
type probe struct {
	header http.Header
	status int
}

func (p *probe) Header() http.Header         { return p.header }
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }
func (p *probe) WriteHeader(status int)      { p.status = status }

// ctxStore gives scs its store with contexts; the plain methods are never called.
type ctxStore struct{ scs.CtxStore }

func (c ctxStore) Find(token string) ([]byte, bool, error) {
	return c.FindCtx(context.Background(), token)
}

func (c ctxStore) Commit(token string, b []byte, expiry time.Time) error {
	return c.CommitCtx(context.Background(), token, b, expiry)
}

func (c ctxStore) Delete(token string) error { return c.DeleteCtx(context.Background(), token) }

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// handle registers a plain route behind the table.
func (s *Server) handle(route string, h http.HandlerFunc) { s.mux.HandleFunc(route, s.guard(route, h)) }

func (s *Server) routes() {
	s.sessionRoutes()
	s.passwordRoutes()
	s.studioRoutes()
	s.pictureRoutes()
	s.soundRoutes()
	s.modelRoutes()
	s.versionRoutes()
	s.historyRoutes()
	s.templateRoutes()
	s.takeAwayRoutes()
	s.reviewRoutes()
	s.operateRoutes()
	s.moderationRoutes()
	s.inspectRoutes()
	s.labelRoutes()
	s.rightsRoutes()
	s.termsRoutes()
	s.noticeRoutes()
	s.protectionRoutes()
	s.publicRoutes()
	s.browseRoutes()
	s.commentRoutes()
	s.figureRoutes()
	s.handle("GET /api/events", s.events)
	s.handle("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, "ok") })
	s.handle("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := s.Ready(r.Context()); err != nil {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		plain(w, "ready"+s.unwitnessed())
	})
	s.handle("GET /metrics", promhttp.Handler().ServeHTTP)
	spec, err := s.api.OpenAPI().YAML()
	if err != nil {
		panic("OpenAPI: " + err.Error()) // found at start, by every test
	}
	s.handle("GET /api/openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(spec) // the client is gone; nothing to do
	})
}

// Spec is the OpenAPI file.
func (s *Server) Spec() ([]byte, error) { return s.api.OpenAPI().YAML() }

func plain(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(text + "\n")) // the client is gone; nothing to do
}

// policyCSP allows no inline script and nothing from elsewhere. Styles may be inline: the
// app's component library writes them.
const policyCSP = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// harden checks the host, sets the headers every answer has, bounds the body, and writes
// the one canonical log line.
func (s *Server) harden(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := s.Clock()
		h := w.Header()
		h.Set("Content-Security-Policy", policyCSP)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		if !s.hostAllowed(r.Host) {
			http.Error(w, "this server does not answer for that host; set LOAM_PUBLIC_URL", http.StatusMisdirectedRequest)
			return
		}
		var m match
		m.handler, m.pattern = s.mux.Handler(r)
		// A copy: net/http looks at its own request's body to tell whether it was read to the
		// end, and would take what is left of a replaced one for the next request.
		r = r.WithContext(context.WithValue(r.Context(), matchKey{}, m))
		most, within := int64(maxUpload), bodyTime
		if n, ok := longer[m.pattern]; ok {
			most, within = n, largeBodyTime
		}
		sends := r.Body != http.NoBody
		if sends {
			// Nobody may hold a place by sending a byte a minute; without support nothing is lost.
			_ = http.NewResponseController(w).SetReadDeadline(s.Clock().Add(within))
		}
		r.Body = io.NopCloser(http.MaxBytesReader(w, r.Body, most)) // whoever reads it may close it before its end
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		if sends {
			rec.refuse = func() { _ = http.NewResponseController(w).SetReadDeadline(s.Clock().Add(drainTime)) }
		}
		next.ServeHTTP(rec, r)
		// What is left of a refused body is taken in, as much as comes of it shortly: a client that
		// still sends would have its connection reset and never read why.
		_, _ = io.Copy(io.Discard, r.Body)
		requests.WithLabelValues(m.pattern, http.StatusText(rec.status)).Observe(s.Clock().Sub(started).Seconds())
		s.log.InfoContext(r.Context(), "request", "method", r.Method, "path", logged(r.URL.Path), "status", rec.status, "ms", s.Clock().Sub(started).Milliseconds())
	})
}

// How long a client may take to send a body, and one of the large routes.
const (
	bodyTime      = 2 * time.Minute
	largeBodyTime = 10 * time.Minute
	drainTime     = 5 * time.Second // to send the rest once it was refused
)

// hostAllowed keeps a foreign name from resolving to this server (DNS rebinding).
func (s *Server) hostAllowed(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	switch strings.ToLower(strings.Trim(name, "[]")) {
	case "localhost", "127.0.0.1", "::1":
		return true
	}
	u, err := url.Parse(s.Public)
	return err == nil && s.Public != "" && strings.EqualFold(u.Host, host)
}

// addressOf is the client's address; a forwarded one counts only from a trusted proxy. Of an
// IPv6 address it is the /64: one household has a whole one (RFC 6177 §2).
func (s *Server) addressOf(r *http.Request) string {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	for _, p := range s.Proxies {
		if !p.Contains(ap.Addr().Unmap()) {
			continue
		}
		hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if a, err := netip.ParseAddr(strings.TrimSpace(hops[len(hops)-1])); err == nil {
			return household(a)
		}
	}
	return household(ap.Addr())
}

func household(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if !a.Is6() {
		return a.String()
	}
	return netip.PrefixFrom(a, 64).Masked().String()
}

type recorder struct {
	http.ResponseWriter
	status int
	begun  bool
	refuse func() // nil where no body came
}

// WriteHeader notes the status. Huma tells one more when the client leaves in the middle of
// an answer: it is noted, and nobody is there to read it.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	if !r.begun {
		r.begun = true
		if status >= http.StatusBadRequest && r.refuse != nil {
			r.refuse() // before net/http reads the rest of a short body
		}
		r.ResponseWriter.WriteHeader(status)
	}
}

// Unwrap lets http.ResponseController flush through.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
