package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"loam"
)

func generationOnce(t *testing.T, b *bundle) {
	ctx := t.Context()
	work, err := b.CreateWork(ctx, b.author.ID, "k", loam.Draft{})
	must(t, err)
	g := loam.Generation{Account: b.author.ID, Work: work, Purpose: "draft", Key: "once", Model: "m", Input: "i"}
	first, fresh, err := b.BeginGeneration(ctx, g, 0)
	must(t, err)
	second, freshAgain, err := b.BeginGeneration(ctx, g, 0)
	must(t, err)
	if !fresh || freshAgain || first.ID != second.ID {
		t.Fatalf("got fresh %v then %v", fresh, freshAgain)
	}
	must(t, b.KeepGeneration(ctx, first.ID, "半句"))
	b.clock.Pass(time.Hour)
	n, err := b.LoseGenerations(ctx, b.clock.Now().UnixMilli())
	must(t, err)
	lost, err := b.Generation(ctx, b.author.ID, first.ID)
	must(t, err)
	if n != 1 || lost.State != loam.Unknown || lost.Text != "半句" {
		t.Fatalf("got %d, %+v", n, lost)
	}
	first.State, first.Text = loam.Done, "late"
	must(t, b.EndGeneration(ctx, first))
	if lost, _ = b.Generation(ctx, b.author.ID, first.ID); lost.State != loam.Unknown {
		t.Fatal("a lost call was settled twice")
	}
	_, err = b.Generation(ctx, b.cy.ID, first.ID)
	wantKind(t, err, loam.NotFound)
}

// spendCap: two calls at once cannot pass the cap of a day; the next day it is open again.
func spendCap(t *testing.T, b *bundle) {
	ctx := t.Context()
	work, err := b.CreateWork(ctx, b.author.ID, "k", loam.Draft{})
	must(t, err)
	results := make(chan error, 20)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			for {
				_, _, err := b.BeginGeneration(ctx, loam.Generation{
					Account: b.author.ID, Work: work, Purpose: "draft", Key: fmt.Sprint("spend", i), Model: "m", Cost: 300, Prompt: "a\nb", Params: map[string]string{"max_tokens": "9"},
				}, 1000)
				if err == nil || loam.KindOf(err) == loam.Limited {
					results <- err
					return
				}
				if ctx.Err() != nil {
					results <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(results)
	made := 0
	for err := range results {
		if err == nil {
			made++
		} else if loam.CodeOf(err) != "spend.cap" {
			t.Errorf("got %v", err)
		}
	}
	spent, err := b.Spent(ctx, b.author.ID)
	must(t, err)
	if made != 3 || spent != 900 {
		t.Fatalf("%d calls of 300 under a cap of 1000, %d spent", made, spent)
	}
	list, err := b.Generations(ctx, b.author.ID, work, 2)
	must(t, err)
	if len(list) != 2 || list[0].Prompt != "a\nb" || list[0].Params["max_tokens"] != "9" {
		t.Fatalf("got %+v", list)
	}
	list[0].State, list[0].Cost = loam.Done, 100
	must(t, b.EndGeneration(ctx, list[0]))
	if spent, err = b.Spent(ctx, b.author.ID); err != nil || spent != 700 {
		t.Fatalf("settled: %d, %v", spent, err)
	}
	b.clock.Pass(24 * time.Hour)
	if spent, err = b.Spent(ctx, b.author.ID); err != nil || spent != 0 {
		t.Fatalf("the next day: %d, %v", spent, err)
	}
}

// personas: what a person set is kept, her notes are learned from only while she allows it.
func personas(t *testing.T, b *bundle) {
	ctx := t.Context()
	e, err := b.Persona(ctx, b.author.ID)
	must(t, err)
	if e.On || e.Words != nil {
		t.Fatalf("nothing set: %+v", e)
	}
	words := []string{"慢慢"}
	for range 2 { // saved twice is saved once
		must(t, b.SavePersona(ctx, b.author.ID, loam.PersonaEdits{On: true, Words: &words}))
	}
	if e, err = b.Persona(ctx, b.author.ID); err != nil || !e.On || (*e.Words)[0] != "慢慢" || e.Emoji != nil {
		t.Fatalf("got %+v, %v", e, err)
	}
	must(t, b.DeletePersona(ctx, b.author.ID))
	if e, err = b.Persona(ctx, b.author.ID); err != nil || e.On {
		t.Fatalf("deleted: %+v, %v", e, err)
	}
}

// styled: a note's style is learned from only while its owner allows it, by the one rule.
func styled(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "styled")
	allowed := func() (mine, titles bool) {
		t.Helper()
		list, err := b.Styled(ctx, b.author.ID, 5)
		must(t, err)
		lines, err := b.Titles(ctx, 5)
		must(t, err)
		if len(list) != 1 || list[0].Work != v.Work || list[0].Content.Title != v.Content.Title || len(lines) != 1 || lines[0].Title != v.Content.Title || lines[0].Owner != b.author.ID {
			t.Fatalf("got %+v and %+v", list, lines)
		}
		may, err := b.May(ctx, v.Work, loam.UseStyle)
		must(t, err)
		if list[0].Allowed != may || lines[0].Style != may {
			t.Fatalf("the one rule says %v: %+v and %+v", may, list[0], lines[0])
		}
		return list[0].Allowed, lines[0].Style
	}
	if mine, titles := allowed(); mine || titles {
		t.Error("style is no until she says yes")
	}
	must(t, b.choose(ctx, b.author.ID, v.Work, loam.UseStyle, true))
	if mine, titles := allowed(); !mine || !titles {
		t.Error("she said yes")
	}
	must(t, b.choose(ctx, b.author.ID, v.Work, loam.UseStyle, false))
	if mine, titles := allowed(); mine || titles {
		t.Error("she took it back")
	}
	if list, err := b.Styled(ctx, b.cy.ID, 5); err != nil || len(list) != 0 {
		t.Errorf("another's notes: %+v, %v", list, err)
	}
}
