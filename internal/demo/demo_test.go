package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam"
)

// paperWorld is a World that only takes notes of what was asked of it.
type paperWorld struct {
	mu       sync.Mutex
	stages   map[string]bool
	accounts map[string]loam.Account
	works    map[string]Published
	prints   map[string]string // SHA-256 of a note and its pictures
	out      map[string]bool   // keys by now released
	reports  []loam.Report
	removed  []string
	appeals  []string
	failAt   string
	traces   []string
	views    int64
}

func newPaperWorld() *paperWorld {
	return &paperWorld{
		stages: map[string]bool{}, accounts: map[string]loam.Account{}, works: map[string]Published{},
		prints: map[string]string{}, out: map[string]bool{},
	}
}

func (w *paperWorld) Filled(_ context.Context, stage string) (bool, error) {
	return w.stages[stage], nil
}

func (w *paperWorld) MarkFilled(_ context.Context, stage string) error {
	w.stages[stage] = true
	return nil
}

func (w *paperWorld) CreateAccount(_ context.Context, a loam.Account) (loam.Account, error) {
	if old, ok := w.accounts[a.Handle]; ok {
		return old, nil
	}
	a.ID = "account-" + a.Handle
	w.accounts[a.Handle] = a
	return a, nil
}

func (w *paperWorld) Publish(_ context.Context, owner loam.Account, n Note, pictures []Picture) (Published, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n.Key == w.failAt {
		return Published{}, errors.New("no more paper")
	}
	if owner.Handle != n.By || owner.ID == "" {
		return Published{}, fmt.Errorf("%s publishes for %s", owner.Handle, n.By)
	}
	if n.After != "" && !w.out[n.After] {
		return Published{}, fmt.Errorf("%s is not out yet", n.After)
	}
	if p, ok := w.works[n.Key]; ok {
		return p, nil
	}
	p := Published{Work: "work-" + n.Key, Version: "version-" + n.Key, State: loam.Released}
	if n.Unfinished {
		p.Version, p.State = "", ""
	}
	h := sha256.New()
	fmt.Fprintf(h, "%+v\n", n.Draft(nil, ""))
	for _, pic := range pictures {
		fmt.Fprintf(h, "%d %s\n", pic.Page, pic.Alt)
		h.Write(pic.JPEG)
	}
	w.works[n.Key], w.prints[n.Key], w.out[n.Key] = p, hex.EncodeToString(h.Sum(nil)), true
	return p, nil
}

func (w *paperWorld) Report(_ context.Context, r loam.Report) error {
	w.reports = append(w.reports, r)
	return nil
}

func (w *paperWorld) Remove(_ context.Context, by loam.Account, work string, r Removal) error {
	if !by.Has(loam.Operator) || !slices.Contains(loam.Risks(), r.Risk) || r.Note == "" || r.Ago <= 0 || r.Waited <= 0 {
		return fmt.Errorf("remove %s by %s: %+v", work, by.Handle, r)
	}
	w.removed = append(w.removed, work)
	return nil
}

func (w *paperWorld) Rule(_ context.Context, by loam.Account, work string, r Ruled) error {
	if !by.Has(loam.Reviewer) || !slices.Contains(loam.Rulings(), r.Ruling) || r.Reason == "" || r.Ago <= 0 || r.Waited <= 0 || r.Seconds <= 0 {
		return fmt.Errorf("%s rules on %s: %+v", by.Handle, work, r)
	}
	return nil
}

func (w *paperWorld) Escalate(_ context.Context, by loam.Account, work string) error {
	if !by.Has(loam.Reviewer) || work == "" {
		return fmt.Errorf("%s escalates %q", by.Handle, work)
	}
	return nil
}

func (w *paperWorld) Appeal(_ context.Context, owner loam.Account, version, text string) error {
	if version == "" || text == "" {
		return errors.New("an appeal of nothing")
	}
	w.appeals = append(w.appeals, version)
	return nil
}

func (w *paperWorld) Note(_ context.Context, _ loam.Account, key string) (Published, error) {
	return w.works[key], nil
}

func (w *paperWorld) Comment(_ context.Context, by loam.Account, key, note, parent, text string, ago time.Duration) (string, error) {
	if by.ID == "" || note == "" || text == "" || ago <= 0 {
		return "", fmt.Errorf("comment %s by %q on %q: %q", key, by.ID, note, text)
	}
	w.traces = append(w.traces, fmt.Sprint("comment ", by.Handle, note, parent, text))
	return "comment-" + key, nil
}

func (w *paperWorld) React(_ context.Context, by loam.Account, work string, kind loam.Reaction) error {
	w.traces = append(w.traces, fmt.Sprint(kind, by.Handle, work))
	return nil
}

func (w *paperWorld) Feedback(_ context.Context, _ loam.Account, work, answer string) error {
	w.traces = append(w.traces, answer+work)
	return nil
}

func (w *paperWorld) AddViews(_ context.Context, views []loam.Views) error {
	for _, v := range views {
		w.traces = append(w.traces, fmt.Sprint(v))
		w.views += v.Count
	}
	return nil
}

// TestTraces: readers leave the same traces each time, once, on what is out.
func TestTraces(t *testing.T) {
	t.Parallel()
	w, now := filled(t, newPaperWorld()), time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for range 2 {
		if err := Traces(t.Context(), w, now); err != nil {
			t.Fatal(err)
		}
	}
	c := content(t)
	if w.views < int64(20*len(c.Notes)) || len(w.traces) < 10*len(c.Notes) {
		t.Errorf("%d views and %d traces of %d notes", w.views, len(w.traces), len(c.Notes))
	}
	other := filled(t, newPaperWorld())
	if err := Traces(t.Context(), other, now); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w.traces, other.traces); diff != "" {
		t.Errorf("other readers: %s", diff)
	}
}

func filled(tb testing.TB, w *paperWorld) *paperWorld {
	tb.Helper()
	if err := Fill(tb.Context(), w); err != nil {
		tb.Fatal(err)
	}
	if err := Later(tb.Context(), w); err != nil {
		tb.Fatal(err)
	}
	return w
}

func TestFill(t *testing.T) {
	t.Parallel()
	w, c := newPaperWorld(), content(t)
	if err := Fill(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	if n := len(w.works); n < firstScreen || n >= len(c.Notes) {
		t.Errorf("%d of %d notes before the server is ready", n, len(c.Notes))
	}
	if len(w.appeals) != 1 || len(w.removed) != 2 || len(w.reports) < 8 {
		t.Errorf("%d appeals, %d removed, %d reports", len(w.appeals), len(w.removed), len(w.reports))
	}
	if err := Later(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	if len(w.works) != len(c.Notes) || len(w.accounts) != len(c.People) {
		t.Errorf("%d notes and %d people, want %d and %d", len(w.works), len(w.accounts), len(c.Notes), len(c.People))
	}
	for _, r := range w.reports {
		if r.Work == "" || r.Version == "" || !slices.Contains(loam.Risks(), r.Risk) || r.Text == "" {
			t.Errorf("report %+v", r)
		}
	}
	before := len(w.reports)
	filled(t, w)
	if len(w.reports) != before {
		t.Error("the second filling reported again")
	}
	if diff := cmp.Diff(w.prints, filled(t, newPaperWorld()).prints); diff != "" {
		t.Errorf("another filling makes another community: %s", diff)
	}
}

func TestFillingStartsOverWhereItFailed(t *testing.T) {
	t.Parallel()
	w := newPaperWorld()
	w.failAt = "banshan-window"
	if err := Fill(t.Context(), w); err == nil || w.stages[stageFirst] {
		t.Fatalf("got %v, marked %v", err, w.stages)
	}
	w.failAt = ""
	if err := Fill(t.Context(), w); err != nil || len(w.works) < firstScreen || !w.stages[stageFirst] {
		t.Errorf("the second try: %v, %d notes, marked %v", err, len(w.works), w.stages)
	}
}

func TestUnfinishedAndModelDrafts(t *testing.T) {
	t.Parallel()
	for _, n := range content(t).Notes {
		d := n.Draft(map[int]string{0: "asset"}, "generation")
		body := d.Body[0]
		if n.Model != (body.Origin == loam.ByModel) || n.Model != (body.Generation != "") || loam.Plain(d.Body) != n.Body {
			t.Errorf("%s: %+v", n.Key, body)
		}
		if n.Photo != nil && (!slices.Equal(d.Pages[0].Assets(), []string{"asset"}) || n.bare() == d.Pages[0].Drawn()) {
			t.Errorf("%s: cover %+v", n.Key, d.Pages[0])
		}
		if c := n.Choice(); !c.Uses[loam.UseIndex] || c.AI != (n.Model || n.AI) {
			t.Errorf("%s: choice %+v", n.Key, c)
		}
	}
}
