package storetest

import (
	"maps"
	"testing"
	"time"

	"loam"
)

// labelledAs submits a version whose text has a label of a state.
func (b *bundle) labelledAs(t *testing.T, key string, state loam.AIState) loam.Version {
	t.Helper()
	v := b.submit(t, key)
	must(t, b.PutLabels(t.Context(), v.ID, []loam.Label{{Field: "text", State: state, Source: "source-" + key}, {Field: "picture.1", State: loam.NotAI, Source: "bytes-" + key}}, "release-"+key, nil))
	v, err := b.Version(t.Context(), v.ID)
	must(t, err)
	return v
}

// labelAppeals: a label is challenged once for the same bytes, by who owns them, with her
// own evidence; a reviewer's ruling lowers the state of exactly these bytes and touches
// nothing else of the version.
func labelAppeals(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.labelledAs(t, "a", loam.IsAI)
	e, err := b.AddExhibit(ctx, loam.Exhibit{Owner: b.author.ID, Version: v.ID, Name: "草稿.psd", Digest: "d", Facts: map[string]string{"layers": "12"}}, loam.Asset{})
	must(t, err)
	_, err = b.AddExhibit(ctx, loam.Exhibit{Owner: b.ana.ID, Version: v.ID}, loam.Asset{})
	wantKind(t, err, loam.NotFound)
	wrong, err := b.AddExhibit(ctx, loam.Exhibit{Owner: b.author.ID, Version: v.ID, Name: "别的.jpg"}, loam.Asset{})
	must(t, err)
	wantKind(t, b.RemoveExhibit(ctx, b.ana.ID, v.ID, wrong.ID), loam.NotFound)
	must(t, b.RemoveExhibit(ctx, b.author.ID, v.ID, wrong.ID))
	wantKind(t, b.RemoveExhibit(ctx, b.author.ID, v.ID, wrong.ID), loam.NotFound)
	file := func(who loam.Account, v loam.Version, field string, exhibits ...loam.Exhibit) (loam.LabelAppeal, error) {
		return b.FileLabelAppeal(ctx, who.ID, loam.LabelAppeal{Version: v.ID, Field: field, Text: "我自己写的", Exhibits: exhibits})
	}
	for name, err := range map[string]error{
		"another's":         second(file(b.ana, v, "text")),
		"no label":          second(file(b.author, v, "picture.1")),
		"no such part":      second(file(b.author, v, "picture.9")),
		"evidence not hers": second(file(b.author, v, "text", loam.Exhibit{ID: "nowhere"})),
	} {
		if err == nil {
			t.Errorf("%s: filed", name)
		}
	}
	_, err = file(b.author, v, "text", e)
	must(t, err)
	wantKind(t, b.RemoveExhibit(ctx, b.author.ID, v.ID, e.ID), loam.Conflict)
	_, err = file(b.author, v, "text")
	wantKind(t, err, loam.Conflict)
	list, err := b.LabelAppeals(ctx, v.ID)
	must(t, err)
	if len(list) != 1 || len(list[0].Exhibits) != 1 || !maps.Equal(list[0].Exhibits[0].Facts, map[string]string{"layers": "12"}) || list[0].Was != loam.IsAI {
		t.Fatalf("got %+v", list)
	}

	b.verdict(t, v.ID, loam.Allow)
	before := b.wantState(t, v.ID, loam.Cleared)
	c := b.caseOf(t, b.ana, v.ID)
	if c.Kind != loam.CaseLabel {
		t.Fatalf("a case of kind %s", c.Kind)
	}
	held, err := b.Lease(ctx, b.ana.ID, c.ID)
	must(t, err)
	_, err = b.Decide(ctx, loam.Decision{Case: c.ID, Ruling: loam.RuleLimit, Reason: "label", Reviewer: b.ana.ID}, held.Token)
	wantKind(t, err, loam.Invalid)
	d, err := b.Decide(ctx, loam.Decision{Case: c.ID, Ruling: loam.RuleAllow, Reason: "ok", Reviewer: b.ana.ID}, held.Token)
	must(t, err)
	ruling := func(who loam.Account, source string) (loam.LabelRuling, bool) {
		t.Helper()
		r, ruled, err := b.LabelRuling(ctx, who.ID, source)
		must(t, err)
		return r, ruled
	}
	if r, ruled := ruling(b.author, "source-a"); ruled {
		t.Fatalf("ruled before its five seconds: %v", r)
	}
	b.clock.Pass(6 * time.Second)
	must(t, b.Apply(ctx, d.ID))
	must(t, b.Apply(ctx, d.ID)) // its job comes twice
	if r, ruled := ruling(b.author, "source-a"); !ruled || r != (loam.LabelRuling{State: loam.NotAI, Was: loam.IsAI}) {
		t.Errorf("got ruling %v, %v", r, ruled)
	}
	if r, ruled := ruling(b.author, "bytes-a"); ruled {
		t.Errorf("other bytes are ruled on: %v", r)
	}
	if r, ruled := ruling(b.ana, "source-a"); ruled {
		t.Errorf("another account's bytes are ruled on: %v", r)
	}
	after := b.wantState(t, v.ID, loam.Cleared)
	if after.Labels[0] != before.Labels[0] || after.ReleaseHash != before.ReleaseHash {
		t.Errorf("the version changed: %+v", after.Labels)
	}
	if st, err := b.Statement(ctx, after); err != nil || st.By != "machine" {
		t.Errorf("a ruling on a label is told as one on the note: %+v, %v", st, err)
	}
	list, err = b.LabelAppeals(ctx, v.ID)
	must(t, err)
	if list[0].Outcome != "overturned" {
		t.Errorf("got outcome %q", list[0].Outcome)
	}

	sink := func(key, source string, state loam.AIState) loam.Version { // the same bytes again, in another state
		v := b.submit(t, key)
		must(t, b.PutLabels(ctx, v.ID, []loam.Label{{Field: "text", State: state, Source: source}}, "release-"+key, nil))
		return v
	}
	_, err = file(b.author, sink("c", "source-a", loam.SuspectedAI), "text")
	wantKind(t, err, loam.Conflict)
	weak := sink("d", "source-d", loam.SuspectedAI)
	_, err = file(b.author, weak, "text")
	must(t, err)
	_, err = file(b.author, sink("e", "source-d", loam.IsAI), "text") // found since, so nobody ruled on it
	must(t, err)

	stays := b.labelledAs(t, "b", loam.SuspectedAI)
	_, err = file(b.author, stays, "text")
	must(t, err)
	must(t, b.Withdraw(ctx, b.author.ID, stays.ID)) // what is about bytes outlives the version
	d = b.decide(t, b.bo, stays.ID, loam.RuleRemove)
	b.clock.Pass(6 * time.Second)
	must(t, b.Apply(ctx, d.ID))
	if r, ruled := ruling(b.author, "source-b"); ruled {
		t.Errorf("an upheld label is lowered: %v", r)
	}
}

func second[T any](_ T, err error) error { return err }

// waivers: an application and what went out on it stay for the law's six months and longer,
// counted from the last file, and are gone after.
func waivers(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.submit(t, "a")
	_, err := b.CreateWaiver(ctx, loam.Waiver{Owner: b.ana.ID, Version: v.ID})
	wantKind(t, err, loam.NotFound)
	w, err := b.CreateWaiver(ctx, loam.Waiver{Owner: b.author.ID, Handle: "author", Identity: loam.IdentityAccount, Version: v.ID, Recipient: "印刷厂", Purpose: "印海报", Agreement: loam.WaiverAgreement})
	must(t, err)
	_, err = b.Waiver(ctx, b.ana.ID, w.ID)
	wantKind(t, err, loam.NotFound)
	wantKind(t, b.Deliver(ctx, "nowhere", loam.Delivery{}), loam.NotFound)
	b.clock.Pass(100 * day)
	must(t, b.Deliver(ctx, w.ID, loam.Delivery{Field: "picture.1", ProduceID: "p", Digest: "d", Channel: loam.ChannelDownload}))
	b.clock.Pass(183 * day) // six months after the file
	must(t, b.SweepWaivers(ctx))
	list, err := b.Waivers(ctx, 10)
	must(t, err)
	if len(list) != 1 || len(list[0].Deliveries) != 1 || list[0].Recipient != "印刷厂" || list[0].Deliveries[0].Digest != "d" || list[0].Identity != loam.IdentityAccount || list[0].Deliveries[0].Channel != loam.ChannelDownload {
		t.Fatalf("six months after the last file: %+v", list)
	}
	b.clock.Pass(18 * day)
	must(t, b.SweepWaivers(ctx))
	if list, err = b.Waivers(ctx, 10); err != nil || len(list) != 0 {
		t.Errorf("kept for ever: %+v, %v", list, err)
	}
}
