package storetest

import (
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/ledger"
)

// corpora: what the installation says of itself is logged in one order beside its accounts' leaves;
// a corpus takes no work whose use was taken back meanwhile, and tells its creator that hers is in it.
func corpora(t *testing.T, b *bundle) {
	ctx := t.Context()
	one, two := b.release(t, "one"), b.release(t, "two")
	for _, v := range []loam.Version{one, two} {
		must(t, b.choose(ctx, v.Owner, v.Work, loam.UseTrainText, true))
	}
	snapshot, err := b.LogSnapshot(ctx, 6, ledger.Hash{1})
	must(t, err)
	if _, place, err := b.OwnLeaf(ctx, snapshot); err != nil || place != -1 {
		t.Fatalf("the snapshot is at %d, %v", place, err)
	}
	b.place(t)
	l, at, err := b.OwnLeaf(ctx, snapshot)
	must(t, err)
	if l.Kind != ledger.Snapshot || l.Account != (ledger.ID{}) || l.At != b.clock.Now().UnixMilli() {
		t.Errorf("the snapshot's leaf is %+v", l)
	}
	now := b.clock.Now().UnixMilli()
	first, err := b.TrainingNotes(ctx, loam.UseTrainText, now, "", 1)
	must(t, err)
	rest, err := b.TrainingNotes(ctx, loam.UseTrainText, now, first[0].Named, 9)
	must(t, err)
	notes := append(first, rest...)
	if len(notes) != 2 || notes[0].Named >= notes[1].Named || notes[0].Creator == "" {
		t.Fatalf("there are %+v", notes)
	}
	var records []loam.TrainingRecord
	for _, n := range notes {
		records = append(records, loam.TrainingRecord{Work: n.Work, Version: n.Version, Salt: strings.Repeat("ab", 32)})
	}
	begin := func() string {
		id, err := b.BeginCorpus(ctx)
		must(t, err)
		for _, r := range records {
			must(t, b.AddToCorpus(ctx, id, []loam.TrainingRecord{r}))
		}
		return id
	}
	put := func(id string) (loam.Corpus, error) {
		return b.PutCorpus(ctx, loam.Corpus{ID: id, Name: "set", Use: loam.UseTrainText, Size: 6, Root: strings.Repeat("cd", 32), At: now}, ledger.Leaf{
			Refs: []int64{at}, Size: 6, Uses: []loam.Use{loam.UseTrainText}, Hash: ledger.Hash{2}, Policy: ledger.Hash{3}, Code: ledger.Hash{4},
		})
	}
	id := begin()
	if gone, err := b.TakeBack(ctx, id, loam.UseTrainText); err != nil || len(gone) > 0 {
		t.Errorf("taken back before anybody did: %v, %v", gone, err)
	}
	made, err := put(id)
	must(t, err)
	if made.ID != id || made.Records != 2 {
		t.Errorf("made %+v", made)
	}
	late := begin()
	if list, err := b.Corpora(ctx, one.Owner); err != nil || len(list) != 1 {
		t.Errorf("one being built is listed: %+v, %v", list, err)
	}
	must(t, b.choose(ctx, one.Owner, one.Work, loam.UseTrainText, false))
	_, err = put(late)
	wantKind(t, err, loam.Conflict)
	gone, err := b.TakeBack(ctx, late, loam.UseTrainText)
	must(t, err)
	for _, n := range notes {
		if (n.Work == one.Work) != (len(gone) == 1 && n.Named == gone[0]) {
			t.Errorf("taken back: %v of %+v", gone, notes)
		}
	}
	must(t, b.AbandonCorpus(ctx, late))
	_, err = put(late) // nothing is in it any more
	wantKind(t, err, loam.Conflict)
	must(t, b.AbandonCorpus(ctx, made.ID)) // one that is logged stays
	died := begin()
	b.clock.Pass(25 * time.Hour)
	_, err = b.BeginCorpus(ctx)
	must(t, err)
	if err := b.AddToCorpus(ctx, died, records[:1]); err == nil {
		t.Error("a build that died can go on")
	}
	waiting, err := b.WaitingLeaves(ctx, 99)
	must(t, err)
	for _, w := range waiting {
		if l, err := ledger.Decode(w.Leaf); err != nil || l.Kind == ledger.Corpus && w.ID != made.ID {
			t.Errorf("a refused corpus left a leaf: %+v, %v", l, err)
		}
	}

	_, err = b.LogModel(ctx, "m", []string{made.ID})
	wantKind(t, err, loam.Conflict) // its corpus is not in the log yet
	b.place(t)
	m, err := b.LogModel(ctx, "m", []string{made.ID})
	must(t, err)
	_, err = b.LogModel(ctx, "m", []string{strings.Repeat("0", 32)})
	wantKind(t, err, loam.NotFound)
	var leaf string
	for range 2 {
		_, again, err := b.RetireModel(ctx, m.ID)
		must(t, err)
		if leaf != "" && again != leaf {
			t.Errorf("withdrawn by %s, then by %s", leaf, again)
		}
		leaf = again
	}
	_, _, err = b.RetireModel(ctx, leaf)
	wantKind(t, err, loam.NotFound)

	list, err := b.Corpora(ctx, one.Owner)
	must(t, err)
	if len(list) != 1 || list[0].Yours != 2 || list[0].Records != 2 || list[0].Place < 0 || len(list[0].Models) != 1 || list[0].Models[0].Retired == 0 {
		t.Errorf("she reads %+v", list)
	}
	taken, err := b.Taken(ctx, one.Owner, made.ID, "", 9)
	must(t, err)
	if len(taken) != 2 || taken[0].Named != notes[0].Named || taken[0].Allowed == taken[1].Allowed || taken[0].Salt == "" {
		t.Errorf("hers in it: %+v", taken)
	}
	if after, err := b.Taken(ctx, one.Owner, made.ID, taken[0].Named, 9); err != nil || len(after) != 1 || after[0] != taken[1] {
		t.Errorf("the next page: %+v, %v", after, err)
	}
	if other, err := b.Corpus(ctx, b.cy.ID, made.ID); err != nil || other.Yours != 0 {
		t.Errorf("another reads %+v, %v", other, err)
	}
	if named, err := b.NamedWorks(ctx, one.Owner); err != nil || len(named) != 2 || named[0].String() != notes[0].Named {
		t.Errorf("the ledger knows %v, %v", named, err)
	}
	_, err = b.Corpus(ctx, one.Owner, snapshot)
	wantKind(t, err, loam.NotFound)
}

// place puts what waits at the end of a log.
func (b *bundle) place(t testing.TB) {
	t.Helper()
	waiting, err := b.WaitingLeaves(t.Context(), 999)
	must(t, err)
	n, err := b.LeavesPlaced(t.Context())
	must(t, err)
	for i := range waiting {
		waiting[i].Place = int64(n + i)
	}
	must(t, b.PlaceLeaves(t.Context(), waiting))
}
