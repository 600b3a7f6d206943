package rights

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/transparency-dev/tessera"
	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/merkle"
)

const (
	// witnessWithin is how long one request to a witness may take, and with it how long a receipt
	// waits for one that does not answer.
	witnessWithin = time.Second
	// witnessRests is how long a witness that failed is not asked again: while it is away, one
	// checkpoint in so long waits for it.
	witnessRests = 30 * time.Second
	// witnessAgain is how often a checkpoint is signed anew without new leaves, so that a witness
	// that was away signs it.
	witnessAgain = time.Minute
)

var errResting = errors.New("it failed a moment ago and is not asked yet")

// Witness is one that cosigns checkpoints (c2sp.org/tlog-witness).
type Witness struct {
	Name string `json:"name"` // as it signs
	Key  string `json:"key"`  // its verifier key
}

// Witnesses cosign the checkpoints of a log by a policy. They ask for no more than that: a
// checkpoint they do not sign in time is published without them.
type Witnesses struct {
	List      []Witness
	Transport http.RoundTripper // by which they are asked
	Clock     loam.Clock

	group     tessera.WitnessGroup
	verifiers []note.Verifier
}

// ParseWitnesses reads a policy in Sigsum's form, as Tessera takes it: lines "witness NAME VKEY
// URL", "group NAME any|all|N NAME…", "quorum NAME". Invalid, "witness.policy".
func ParseWitnesses(policy []byte) (*Witnesses, error) {
	w := &Witnesses{}
	var err error
	if w.group, err = tessera.NewWitnessGroupFromPolicy(policy); err != nil {
		return nil, loam.Fail(loam.Invalid, "witness.policy").Because(err)
	}
	var keys []string
	for line := range strings.Lines(string(policy)) {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) != 4 || fields[0] != "witness" {
			continue
		}
		keys = append(keys, fields[2])
	}
	if w.verifiers, err = merkle.NewWitnesses(keys...); err != nil {
		return nil, loam.Fail(loam.Invalid, "witness.policy").Because(err)
	}
	for i, v := range w.verifiers {
		w.List = append(w.List, Witness{v.Name(), keys[i]})
	}
	if len(w.List) == 0 || len(w.group.Endpoints()) == 0 {
		return nil, loam.Fail(loam.Invalid, "witness.policy").Because(errors.New("the quorum asks nobody"))
	}
	return w, nil
}

// Signed gives who of the witnesses signed a checkpoint of a log, and whether that is as many as
// the policy asks for. Nobody's signs for nil.
func (w *Witnesses) Signed(text []byte, key note.Verifier) (by []merkle.Cosignature, enough bool, err error) {
	if w == nil {
		return nil, false, nil
	}
	c, err := merkle.OpenCheckpoint(text, key, w.verifiers...)
	return c.Cosignature, err == nil && w.group.Satisfied(text), err
}

// Absent are the names of those that did not sign, in the policy's order.
func (w *Witnesses) Absent(by []merkle.Cosignature) []string {
	var out []string
	for _, x := range w.List {
		if !slices.ContainsFunc(by, func(c merkle.Cosignature) bool { return c.Name == x.Name }) {
			out = append(out, x.Name)
		}
	}
	return out
}

// options has the log ask the witnesses.
func (w *Witnesses) options(o *tessera.AppendOptions) *tessera.AppendOptions {
	if w == nil {
		return o
	}
	return o.WithWitnesses(w.group, &tessera.WitnessOptions{FailOpen: true}).WithCheckpointRepublishInterval(witnessAgain)
}

// transport is for requests to the witnesses and for no others.
func (w *Witnesses) transport() http.RoundTripper {
	if w == nil {
		return nowhere{}
	}
	return &impatient{inner: w.Transport, within: witnessWithin, rests: witnessRests, clock: w.Clock, until: map[string]int64{}}
}

// impatient sends requests on, each for a time, and none to a host that failed a moment ago.
type impatient struct {
	inner  http.RoundTripper
	within time.Duration
	rests  time.Duration
	clock  loam.Clock

	mu    sync.Mutex
	until map[string]int64 // by host
}

// maxCosignatures is the longest answer of a witness.
const maxCosignatures = 16 << 10

// RoundTrip implements http.RoundTripper; the answer is read whole.
func (t *impatient) RoundTrip(r *http.Request) (*http.Response, error) {
	t.mu.Lock()
	resting := t.clock.Now() < t.until[r.URL.Host]
	t.mu.Unlock()
	if resting {
		return nil, errResting
	}
	answer, err := t.ask(r)
	if r.Context().Err() == nil && (err != nil || answer.StatusCode >= http.StatusInternalServerError) { // and not because others were enough
		t.mu.Lock()
		t.until[r.URL.Host] = t.clock().Add(t.rests).UnixMilli()
		t.mu.Unlock()
	}
	return answer, err
}

func (t *impatient) ask(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(r.Context(), t.within)
	defer cancel()
	answer, err := t.inner.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxCosignatures))
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(text))
	return answer, nil
}
