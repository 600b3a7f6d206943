package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"loam"
	"loam/internal/store"
)

// scheduled: a confirmed version waits for its moment, whether its job comes or is lost.
func scheduled(t *testing.T, b *bundle) {
	ctx := t.Context()
	at := b.clock.Now().Add(2 * time.Hour).UnixMilli()
	later := func(key string) loam.Version {
		work, err := b.CreateWork(ctx, b.author.ID, key, loam.Draft{Kind: loam.KindDaily, Idea: key})
		must(t, err)
		v, err := b.Submit(ctx, loam.Submission{Owner: b.author.ID, Revision: 1, Content: loam.Content{
			Work: work, Kind: loam.KindDaily, Title: key, Body: "正文", TextAI: loam.NotAI, Audience: loam.Public, Scheduled: at,
		}})
		must(t, err)
		b.verdict(t, v.ID, loam.Allow)
		return v
	}
	on, lost, edited, taken, late := later("on time"), later("lost"), later("edited"), later("taken back"), later("late")
	hashes := map[string]string{}
	for _, v := range []loam.Version{on, lost, edited, taken, late} {
		hashes[v.ID] = b.label(t, v)
	}
	for _, v := range []loam.Version{on, lost, edited, taken} {
		b.confirm(t, v, hashes[v.ID])
		b.wantState(t, v.ID, loam.Cleared)
	}
	if last := b.jobs[len(b.jobs)-1]; last.Kind != store.JobGoOut || last.At != at || last.Ref != taken.ID {
		t.Fatalf("got job %+v, want %s of %s at %d", last, store.JobGoOut, taken.ID, at)
	}
	must(t, b.GoOut(ctx, on.ID)) // too early
	b.wantState(t, on.ID, loam.Cleared)
	_, err := b.SaveDraft(ctx, b.author.ID, edited.Work, 1, loam.Draft{Idea: "anders"}, loam.ActEdit)
	must(t, err)
	must(t, b.Withdraw(ctx, b.author.ID, taken.ID))

	b.clock.Pass(2 * time.Hour)
	for _, v := range []loam.Version{on, edited, taken} {
		must(t, b.GoOut(ctx, v.ID))
	}
	b.wantState(t, on.ID, loam.Released)
	b.wantState(t, edited.ID, loam.Cleared) // its confirmation went with the edit
	b.wantState(t, taken.ID, loam.Withdrawn)
	must(t, b.GoOut(ctx, on.ID)) // once is enough
	_, err = b.Confirm(ctx, b.author.ID, late.ID, hashes[late.ID])
	wantKind(t, err, loam.Conflict)

	n, err := b.Requeue(ctx, at)
	must(t, err)
	if b.wantState(t, lost.ID, loam.Cleared); n != 0 {
		t.Fatalf("requeued %d before anything was overdue", n)
	}
	if _, err = b.Requeue(ctx, at+1); err != nil {
		t.Fatal(err)
	}
	b.wantState(t, lost.ID, loam.Released)
}

// history: every change has its line, and of each minute the last draft can be read again.
func history(t *testing.T, b *bundle) {
	ctx := t.Context()
	draft := func(n int) loam.Draft {
		return loam.Draft{Idea: "想法", Title: []loam.Run{{Text: fmt.Sprint("标题", n), Origin: loam.ByPerson}}}
	}
	id, err := b.CreateWork(ctx, b.author.ID, "k", draft(1))
	must(t, err)
	rev := int64(1)
	pauses := []time.Duration{0, 25 * time.Second, 25 * time.Second, 25 * time.Second, 25 * time.Second, 61 * time.Second, 0, 2 * time.Minute}
	for i, pause := range pauses {
		n := i + 2
		b.clock.Pass(pause)
		rev, err = b.SaveDraft(ctx, b.author.ID, id, rev, draft(n), loam.ActEdit)
		must(t, err)
	}
	// What the machine makes of it takes nothing away, however fast she goes on.
	for n, act := range []loam.Act{loam.ActEdit, loam.ActAgain, loam.ActEdit, loam.ActEdit} {
		rev, err = b.SaveDraft(ctx, b.author.ID, id, rev, draft(len(pauses)+2+n), act)
		must(t, err)
	}
	edits, err := b.Edits(ctx, b.author.ID, id, 0, 100)
	must(t, err)
	last := map[int64]int64{} // of each minute
	for _, e := range edits {
		last[e.At/60_000] = max(last[e.At/60_000], e.Revision)
	}
	for i, e := range edits {
		if want := int64(len(pauses) + 5 - i); e.Revision != want {
			t.Fatalf("got revision %d at %d, want %d", e.Revision, i, want)
		}
		if e.Revision > 1 && !slices.Equal(e.Fields, []string{"title"}) {
			t.Errorf("revision %d: got fields %v", e.Revision, e.Fields)
		}
		if e.Share.Person != len([]rune(fmt.Sprint("标题", e.Revision))) {
			t.Errorf("revision %d: got share %+v", e.Revision, e.Share)
		}
		typed := e.Act == loam.ActEdit && (i == 0 || edits[i-1].Act == loam.ActEdit)
		if e.Kept != (!typed || last[e.At/60_000] == e.Revision) {
			t.Errorf("revision %d of %d: kept is %v", e.Revision, last[e.At/60_000], e.Kept)
		}
		d, err := b.Earlier(ctx, b.author.ID, id, e.Revision)
		if !e.Kept {
			wantKind(t, err, loam.NotFound)
			continue
		}
		must(t, err)
		if want := fmt.Sprint("标题", e.Revision); loam.Plain(d.Title) != want {
			t.Errorf("got %q, want %q", loam.Plain(d.Title), want)
		}
	}
	if before := edits[5]; !before.Kept || edits[0].At-before.At < 60_000 { // she stopped there, and went on much later
		t.Error("what was there before a pause is gone")
	}
	_, err = b.Earlier(ctx, b.cy.ID, id, edits[0].Revision)
	wantKind(t, err, loam.NotFound)
	if others, err := b.Edits(ctx, b.cy.ID, id, 0, 100); err != nil || len(others) != 0 {
		t.Errorf("somebody else reads %d edits, %v", len(others), err)
	}
}

func templates(t *testing.T, b *bundle) {
	ctx := t.Context()
	shape := loam.TemplateForm{Kind: loam.KindFood, Style: "paper", Tags: []string{"空气炸锅"}, Pages: []loam.Page{}}
	m, err := b.SaveTemplate(ctx, b.author.ID, loam.Template{Name: "菜谱", Shape: shape})
	must(t, err)
	shape.Style = "grid"
	again, err := b.SaveTemplate(ctx, b.author.ID, loam.Template{Name: "菜谱", Shape: shape})
	must(t, err)
	if again.ID != m.ID {
		t.Error("the same name made a second template")
	}
	_, err = b.SaveTemplate(ctx, b.cy.ID, loam.Template{Name: "菜谱", Shape: shape})
	must(t, err)
	list, err := b.Templates(ctx, b.author.ID)
	must(t, err)
	if len(list) != 1 || list[0].Shape.Style != "grid" || list[0].Name != "菜谱" {
		t.Fatalf("got %+v", list)
	}
	wantKind(t, b.DeleteTemplate(ctx, b.cy.ID, m.ID), loam.NotFound)
	must(t, b.DeleteTemplate(ctx, b.author.ID, m.ID))
	for n := range 50 {
		_, err := b.SaveTemplate(ctx, b.author.ID, loam.Template{Name: fmt.Sprint(n), Shape: shape})
		must(t, err)
	}
	_, err = b.SaveTemplate(ctx, b.author.ID, loam.Template{Name: "one more", Shape: shape})
	wantKind(t, err, loam.TooLarge)
}

// disabledWaits: what an account confirmed before it was disabled does not go out any more.
func disabledWaits(t *testing.T, b *bundle) {
	ctx := t.Context()
	at := b.clock.Now().Add(2 * time.Hour).UnixMilli()
	work, err := b.CreateWork(ctx, b.author.ID, "k", loam.Draft{Kind: loam.KindDaily, Idea: "k"})
	must(t, err)
	v, err := b.Submit(ctx, loam.Submission{Owner: b.author.ID, Revision: 1, Content: loam.Content{
		Work: work, Kind: loam.KindDaily, Title: "k", Body: "正文", TextAI: loam.NotAI, Audience: loam.Public, Scheduled: at,
	}})
	must(t, err)
	b.verdict(t, v.ID, loam.Allow)
	b.confirm(t, v, b.label(t, v))
	_, err = b.SetDisabled(ctx, b.author.Handle, true)
	must(t, err)
	b.clock.Pass(3 * time.Hour)
	must(t, b.GoOut(ctx, v.ID))
	b.wantState(t, v.ID, loam.Cleared)
	_, err = b.SetDisabled(ctx, b.author.Handle, false)
	must(t, err)
	must(t, b.GoOut(ctx, v.ID))
	if got := b.wantState(t, v.ID, loam.Cleared); got.ConfirmedAt != 0 {
		t.Error("the confirmation outlived the account's being disabled")
	}
}
