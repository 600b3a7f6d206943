package demo

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/policy"
	"loam/internal/render"
	"loam/internal/screen"
	"loam/internal/text"
)

func content(tb testing.TB) Content {
	tb.Helper()
	c, err := Load()
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestPeople(t *testing.T) {
	t.Parallel()
	seen, creators := map[string]bool{}, 0
	for _, p := range content(t).People {
		a := p.Account()
		if err := loam.CheckHandle(p.Handle); err != nil || seen[p.Handle] {
			t.Errorf("handle %q: %v, seen %v", p.Handle, err, seen[p.Handle])
		}
		if err := loam.CheckName(p.Name); err != nil || seen[p.Name] || p.Bio == "" {
			t.Errorf("%s: name %q, bio %q: %v", p.Handle, p.Name, p.Bio, err)
		}
		seen[p.Handle], seen[p.Name] = true, true
		if slices.Equal(a.Roles, []loam.Role{loam.Creator}) && p.Handle != Demo {
			creators++
			if p.Voice == "" {
				t.Errorf("%s has no voice", p.Handle)
			}
		}
	}
	if creators != 36 {
		t.Errorf("%d creators, want 36", creators)
	}
	for _, h := range []string{Demo, Reviewer, Reviewer2, Operator, Auditor, Admin} {
		if !seen[h] {
			t.Errorf("no %s", h)
		}
	}
}

func TestNotesAreWithinLimits(t *testing.T) {
	t.Parallel()
	c, p := content(t), text.Xiaohongshu()
	people, seen := map[string]bool{}, map[string]bool{}
	for _, q := range c.People {
		people[q.Handle] = true
	}
	for _, n := range c.Notes {
		switch {
		case n.Key == "" || seen[n.Key]:
			t.Errorf("key %q is empty or used twice", n.Key)
		case !people[n.By]:
			t.Errorf("%s is by nobody known, %q", n.Key, n.By)
		case !slices.Contains(loam.NoteKinds(), n.Kind):
			t.Errorf("%s: kind %q", n.Key, n.Kind)
		case n.Ago <= 0 || n.Ago > 28*24*time.Hour && !n.Series || n.Ago > 70*24*time.Hour:
			t.Errorf("%s: %v ago", n.Key, n.Ago)
		case n.Idea == "" || n.Title == "" || n.Body == "" || len(n.Tags) == 0:
			t.Errorf("%s lacks something", n.Key)
		}
		seen[n.Key] = true
		if l := text.TitleLength(n.Title); l > p.TitleMax {
			t.Errorf("%s: title is %d of %d: %s", n.Key, l, p.TitleMax, n.Title)
		}
		if l := text.BodyLength(n.Body); l > p.BodyMax {
			t.Errorf("%s: body is %d of %d", n.Key, l, p.BodyMax)
		}
		if len(n.Tags) > p.TagsMax || slices.ContainsFunc(n.Tags, func(s string) bool { return text.BodyLength(s) > p.TagMax || s == "" }) {
			t.Errorf("%s: tags %q", n.Key, n.Tags)
		}
		if k := len(n.Carousel()); k > p.PagesMax {
			t.Errorf("%s has %d pages", n.Key, k)
		}
		if _, err := render.Find(n.Style); err != nil {
			t.Errorf("%s: style %q", n.Key, n.Style)
		}
		if strings.TrimSpace(n.Body) != n.Body || strings.TrimSpace(n.Title) != n.Title {
			t.Errorf("%s has space at an end", n.Key)
		}
		for _, u := range n.Uses {
			if !slices.Contains(loam.Uses(), u) {
				t.Errorf("%s: use %q", n.Key, u)
			}
		}
		for _, pg := range n.Carousel() {
			if !slices.Contains(loam.PageKinds(), pg.Kind) || (pg.Kind == loam.PagePhoto) && pg.Scene == nil || pg.Kind != loam.PagePhoto && pg.Kind != loam.PageCover && pg.Scene != nil || pg.Scene != nil && pg.Alt == "" {
				t.Errorf("%s: page %+v", n.Key, pg)
			}
		}
	}
	for _, n := range c.Notes {
		if n.After != "" && !seen[n.After] {
			t.Errorf("%s comes after %q, which is not there", n.Key, n.After)
		}
	}
}

// TestTheMix holds what docs say of the community.
func TestTheMix(t *testing.T) {
	t.Parallel()
	c := content(t)
	kinds, titles := map[loam.NoteKind]int{}, map[string]string{}
	var photos, model, gifts int
	byHand := 0
	for _, n := range c.Notes {
		if n.Series {
			continue
		}
		byHand++
		kinds[n.Kind]++
		if n.Photo != nil {
			photos++
		}
		if n.Model {
			model++
		}
		if n.Sponsor == loam.Gifted || n.Sponsor == loam.Sponsored {
			gifts++
		}
		other, twice := titles[n.Title]
		if twice && n.After == "" && !n.Unfinished && other != "copy" {
			t.Errorf("%s and %s have one title, %s", n.Key, other, n.Title)
		}
		titles[n.Title] = n.Key
		if n.After != "" || n.Unfinished {
			titles[n.Title] = "copy" // meant to be the same as another
		}
	}
	for _, k := range loam.NoteKinds() {
		if kinds[k] < 12 {
			t.Errorf("%d notes of kind %s", kinds[k], k)
		}
	}
	total := byHand
	if deep := len(c.Notes) - byHand; deep != 200 {
		t.Errorf("%d notes of series, want 200", deep)
	}
	if total < 120 || photos*100 < 35*total || photos*100 > 55*total || model*100 < 8*total || model*100 > 12*total || gifts < 3 {
		t.Errorf("%d notes, %d photo covers, %d by a model, %d gifts", total, photos, model, gifts)
	}
}

func TestScreeningSaysWhatTheStoryWants(t *testing.T) {
	t.Parallel()
	p, err := policy.Parse(policy.Default())
	if err != nil {
		t.Fatal(err)
	}
	s := screen.New(screen.Config{Policy: p})
	for _, n := range content(t).Notes {
		want := n.Screen
		if want == "" {
			want = loam.Allow
		}
		got := loam.Allow
		var why []loam.RuleHit
		for _, f := range screen.Fields(loam.Content{Title: n.Title, Body: n.Body, Tags: n.Tags, Pages: n.Draft(nil, "").Pages}) {
			v := s.Text(context.Background(), n.Key, f.Text)
			if v.Action.Severity() > got.Severity() {
				got, why = v.Action, v.Rules
			}
		}
		if got != want {
			t.Errorf("%s: screening says %s, the story wants %s: %+v", n.Key, got, want, why)
		}
	}
}

// TestPhotosAreOnes: two people do not show one photo, unless the story is that one of them
// took it.
func TestPhotosAreOnes(t *testing.T) {
	t.Parallel()
	by := map[string]string{}
	for _, n := range content(t).Notes {
		if n.Photo == nil || n.After != "" {
			continue
		}
		if other := by[n.Photo.String()]; other != "" && other != n.By {
			t.Errorf("%s and %s show the photo %s", other, n.By, n.Photo)
		}
		by[n.Photo.String()] = n.By
	}
}

// TestHistory: what was decided happened after its note and after the wait.
func TestHistory(t *testing.T) {
	t.Parallel()
	for _, n := range content(t).Notes {
		for _, at := range []struct{ ago, waited time.Duration }{ago(n.Ruled), removal(n.Removed)} {
			if at.ago+at.waited > n.Ago {
				t.Errorf("%s: waited %v until %v ago, and is %v old", n.Key, at.waited, at.ago, n.Ago)
			}
		}
	}
}

func ago(r *Ruled) (at struct{ ago, waited time.Duration }) {
	if r != nil {
		at.ago, at.waited = r.Ago, r.Waited
	}
	return at
}

func removal(r *Removal) (at struct{ ago, waited time.Duration }) {
	if r != nil {
		at.ago, at.waited = r.Ago, r.Waited
	}
	return at
}

// TestComments: everything said is said by somebody, of a note that is older, and screening
// has nothing against it.
func TestComments(t *testing.T) {
	t.Parallel()
	p, err := policy.Parse(policy.Default())
	if err != nil {
		t.Fatal(err)
	}
	s := screen.New(screen.Config{Policy: p})
	c := content(t)
	people, ages, count := map[string]bool{}, map[string]time.Duration{}, map[string]int{}
	for _, q := range c.People {
		people[q.Handle] = true
	}
	for _, n := range c.Notes {
		ages[n.Key] = n.Ago
	}
	for _, m := range c.Comments {
		switch {
		case !people[m.By]:
			t.Errorf("%s: nobody is %s", m.On, m.By)
		case ages[m.On] <= m.Ago || m.Ago <= 0:
			t.Errorf("%s: %q came %v ago, the note %v", m.On, m.Text, m.Ago, ages[m.On])
		case m.Re > count[m.On]:
			t.Errorf("%s: %q answers number %d of %d", m.On, m.Text, m.Re, count[m.On])
		}
		if v := s.Text(context.Background(), "", m.Text); v.Action != loam.Allow {
			t.Errorf("%s: %q comes to %s", m.On, m.Text, v.Action)
		}
		count[m.On]++
	}
	if len(c.Comments) < 30 {
		t.Errorf("%d comments", len(c.Comments))
	}
}
