package rights

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	f_note "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/witness/persistence/inmemory"
	"github.com/transparency-dev/witness/witness"
	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/merkle/merkletest"
	"loam/internal/verify"
)

// omni is transparency-dev's witness behind a listener: its verifier key, its address, and what it
// does instead of answering, if anything.
type omni struct {
	key, url string
	asked    atomic.Int64
	instead  atomic.Pointer[http.HandlerFunc]
}

func newOmni(t *testing.T, name string, log note.Verifier) *omni {
	t.Helper()
	secret, plain, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	key, err := f_note.VKeyToCosignatureV1(plain)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := f_note.NewSignerForCosignatureV1(secret)
	if err != nil {
		t.Fatal(err)
	}
	w, err := witness.New(t.Context(), witness.Opts{
		Persistence: inmemory.New(), Signers: []note.Signer{signer},
		VerifierForLog: func(_ context.Context, origin string) (note.Verifier, bool, error) {
			return log, origin == log.Name(), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	o := &omni{key: key}
	handler := witness.NewHTTPHandler(w)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", func(rw http.ResponseWriter, r *http.Request) {
		o.asked.Add(1)
		if f := o.instead.Load(); f != nil {
			(*f)(rw, r)
			return
		}
		handler.AddCheckpoint(rw, r)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	o.url = server.URL
	return o
}

// TestWitnesses: witnesses of another's make cosign the checkpoints; one that hangs holds a leaf
// up for a second at most and no further leaf, and none is lost; the checkpoint tells who is
// missing, and has both again once both answer.
func TestWitnesses(t *testing.T) {
	t.Parallel()
	signer, key := newKey(t)
	dir, o := t.TempDir(), &box{}
	one, two := newOmni(t, "one.example", key), newOmni(t, "two.example", key)
	w, err := ParseWitnesses(fmt.Appendf(nil, "witness a %s %s\nwitness b %s %s # two\ngroup both all a b\nquorum both\n", one.key, one.url, two.key, two.url))
	if err != nil {
		t.Fatal(err)
	}
	w.Transport, w.Clock = http.DefaultTransport, time.Now
	a, err := Append(dir, signer, key, o, w, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	log := &Log{Dir: dir, Verifier: key, Witnesses: w}
	covered := func(leaves int64) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); ; {
			if size, err := log.Size(); err == nil && size >= leaves {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%d leaves are under no checkpoint", leaves)
			}
			<-time.After(10 * time.Millisecond)
		}
	}
	add := func(n int, leaves int64) {
		t.Helper()
		o.put(t, n)
		if _, err := a.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		covered(leaves)
	}
	signed := func(size int64, absent string) {
		t.Helper()
		got, missing, err := log.Witnessed()
		if err != nil || got != size || strings.Join(missing, " ") != absent {
			t.Errorf("witnessed to %d, missing %q, %v; want %d, %q", got, missing, err, size, absent)
		}
	}
	add(5, 5)
	signed(5, "")
	hang := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // or the server would not notice that the log has left
		<-r.Context().Done()
	})
	two.instead.Store(&hang)
	add(5, 10)
	signed(0, "two.example")
	asked := two.asked.Load()
	add(5, 15)
	signed(0, "two.example")
	if two.asked.Load() != asked {
		t.Error("a witness that hangs was asked again at once")
	}
	p, err := log.Receipt(12)
	if err != nil {
		t.Fatal(err)
	}
	if by, enough, err := w.Signed(p.Checkpoint, key); err != nil || enough || len(by) != 1 || by[0].Name != "one.example" {
		t.Errorf("a receipt meanwhile is signed by %+v, %v, %v", by, enough, err)
	}
	if err := a.Close(t.Context()); err != nil {
		t.Fatal(err)
	}

	two.instead.Store(nil)
	if a, err = Append(dir, signer, key, o, w, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	add(5, 20)
	signed(20, "")
	if err := a.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	report, err := verify.Run(verify.Log{Key: key, Files: folder(dir), Witnesses: w.verifiers, Quorum: 2})
	if err != nil || report.Size != 20 || len(report.Witnesses) != 2 {
		t.Errorf("a stranger finds %+v, %v", report, err)
	}
	var none *Witnesses
	if by, enough, err := none.Signed(p.Checkpoint, key); by != nil || enough || err != nil {
		t.Errorf("nobody signed %+v, %v, %v", by, enough, err)
	}
}

// TestImpatient: a host that hangs, fails or is not there is not asked again before it rested.
func TestImpatient(t *testing.T) {
	t.Parallel()
	asked := 0
	answers := []http.HandlerFunc{
		func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "half")
			_ = http.NewResponseController(w).Flush() // the client reads the rest
			<-r.Context().Done()
		},
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "fine") },
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := answers[asked]
		asked++
		f(w, r)
	}))
	defer server.Close()
	now := time.Unix(1, 0)
	tr := &impatient{inner: http.DefaultTransport, within: 50 * time.Millisecond, rests: time.Minute, clock: func() time.Time { return now }, until: map[string]int64{}}
	client := &http.Client{Transport: tr}
	for i := range answers {
		res, err := client.Get(server.URL)
		if err == nil {
			if err := res.Body.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if good := err == nil && res.StatusCode == http.StatusOK; good != (i == len(answers)-1) {
			t.Errorf("answer %d: %v", i, err)
		}
		if i == len(answers)-1 {
			break
		}
		if _, err := client.Get(server.URL); err == nil || !strings.Contains(err.Error(), errResting.Error()) {
			t.Errorf("after answer %d it was asked again: %v", i, err)
		}
		now = now.Add(2 * time.Minute)
	}
	if asked != len(answers) {
		t.Errorf("it was asked %d times", asked)
	}
}

func TestParseWitnesses(t *testing.T) {
	t.Parallel()
	w := merkletest.NewWitness("w.example", 1)
	for policy, want := range map[string]int{
		"witness a " + w.Key + " https://w.example\nquorum a\n":                                 1,
		"log x\n# nobody\nwitness a " + w.Key + " https://w.example # a\ngroup g 1 a\nquorum g": 1,
		"": 0, "quorum none": 0, "witness a " + w.Key + " https://w.example": 0, "witness a x https://w.example\nquorum a": 0,
		"witness a " + w.Key + " https://w.example\nwitness b " + w.Key + " https://v.example\ngroup g any a b\nquorum g": 0,
		"witness a " + w.Key + "\nquorum a": 0, "what": 0, "group g 2 a\nquorum g": 0,
	} {
		got, err := ParseWitnesses([]byte(policy))
		if want == 0 {
			if loam.CodeOf(err) != "witness.policy" {
				t.Errorf("%q: %v", policy, err)
			}
			continue
		}
		if err != nil || len(got.List) != want || got.List[0].Name != "w.example" {
			t.Errorf("%q: %+v, %v", policy, got, err)
		}
	}
}

func FuzzParseWitnesses(f *testing.F) {
	w := merkletest.NewWitness("w.example", 1)
	f.Add([]byte("witness a " + w.Key + " https://w.example\ngroup g 1 a\nquorum g"))
	f.Add([]byte("quorum none"))
	f.Add([]byte("group g 0 g\nquorum g"))
	f.Fuzz(func(t *testing.T, policy []byte) {
		if got, err := ParseWitnesses(policy); (err == nil) != (got != nil) || err != nil && loam.CodeOf(err) != "witness.policy" {
			t.Fatalf("%+v, %v", got, err)
		}
	})
}
