package storetest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/ledger"
	"loam/internal/store"
)

// pdq is the text form of a picture's hash, made of a number.
func pdq(n int) string { return fmt.Sprintf("%064x.%064x.90", n, n+1) }

// asks asks for a protection of a name with one picture.
func (b *bundle) asks(t testing.TB, who loam.Account, kind loam.ProtectionKind, name string, guardian string) loam.Protection {
	t.Helper()
	proof, err := b.AddProof(t.Context(), loam.Proof{Owner: who.ID, Name: "a.jpg", Digest: name, Type: "image/jpeg", Sound: "sound of " + name, Facts: map[string]string{}},
		loam.Asset{Hash: "picture of " + name, Type: "image/jpeg", Size: 9, PHash: pdq(len(name))})
	must(t, err)
	p := loam.Protection{
		Owner: who.ID, Kind: kind, Name: name, Aliases: []string{name + "的别名"}, Text: "说明", Subject: "本人", By: loam.BySubject,
		Agreement: loam.ProtectionConsent, Proofs: []loam.Proof{{ID: proof.ID, Holder: "录音师"}},
	}
	if guardian != "" {
		p.By, p.Guardian = loam.ByGuardian, guardian
	}
	p, err = b.AskProtection(t.Context(), p)
	must(t, err)
	return p
}

func (b *bundle) registers(t testing.TB, who loam.Account, id string) {
	t.Helper()
	_, err := b.DecideProtection(t.Context(), who.ID, id, loam.ProtectionRegister, "proven")
	must(t, err)
}

// protections: what is asked for holds nothing yet; another registers it, and it is found by its
// names and picture and shields its account's works in the ledger; withdrawn, nothing is left.
func protections(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "a")
	must(t, b.choose(ctx, b.author.ID, v.Work, loam.UseVoice, true))
	_, err := b.Choose(ctx, b.author.ID, nil, loam.UseChoice{Uses: []loam.Use{loam.UseVoice}, Allowed: true})
	must(t, err)
	b.wantOpen(t, b.author, loam.UseVoice, true)
	b.wantOpen(t, b.author, loam.UseStyle, false)
	p := b.asks(t, b.author, loam.ProtectVoice, "林晚", "")
	if p.State != loam.ProtectionAsked || len(p.Proofs) != 1 || p.Proofs[0].Holder != "录音师" || p.Subject != "本人" {
		t.Errorf("asked for %+v", p)
	}
	found, err := b.Registered(ctx)
	must(t, err)
	if len(found) != 0 {
		t.Errorf("found before anybody decided: %+v", found)
	}
	b.wantMay(t, v.Work, loam.UseVoice, true)

	_, err = b.DecideProtection(ctx, b.author.ID, p.ID, loam.ProtectionRegister, "proven")
	wantKind(t, err, loam.Denied)
	_, err = b.DecideProtection(ctx, b.ana.ID, p.ID, loam.ProtectionRegister, "unproven")
	wantKind(t, err, loam.Invalid)
	_, err = b.DecideProtection(ctx, b.ana.ID, p.ID, loam.ProtectionWithdraw, "proven")
	wantKind(t, err, loam.Invalid)
	b.registers(t, b.ana, p.ID)
	_, err = b.DecideProtection(ctx, b.bo.ID, p.ID, loam.ProtectionRefuse, "common")
	wantKind(t, err, loam.Conflict)

	found, err = b.Registered(ctx)
	must(t, err)
	want := []loam.Registered{{ID: p.ID, Owner: b.author.ID, Kind: loam.ProtectVoice, Names: []string{"林晚", "林晚的别名"}, PDQs: []string{pdq(len("林晚"))}, Sounds: []string{"sound of 林晚"}}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("found by: %s", diff)
	}
	b.wantMay(t, v.Work, loam.UseVoice, false)
	b.wantMay(t, v.Work, loam.UseIndex, true)
	b.agree(t, []string{v.Work})
	b.wantOpen(t, b.author, loam.UseVoice, false) // whatever she had opened

	wantKind(t, b.WithdrawProtection(ctx, b.cy.ID, p.ID), loam.NotFound)
	must(t, b.WithdrawProtection(ctx, b.author.ID, p.ID))
	wantKind(t, b.WithdrawProtection(ctx, b.author.ID, p.ID), loam.Conflict)
	b.wantMay(t, v.Work, loam.UseVoice, true)
	b.agree(t, []string{v.Work})
	b.wantOpen(t, b.author, loam.UseVoice, true)
	b.nothingOf(t, "林晚", "录音师", pdq(len("林晚")), "picture of", "sound of")
}

// wantOpen checks whether an account opened a use of all her works.
func (b *bundle) wantOpen(t testing.TB, who loam.Account, u loam.Use, want bool) {
	t.Helper()
	open, err := b.AccountAllows(t.Context(), who.ID, u)
	must(t, err)
	if open != want {
		t.Errorf("%s is open to everybody: %v, want %v", u, open, want)
	}
}

// nothingOf checks that no row of the database says any of these words.
func (b *bundle) nothingOf(t testing.TB, words ...string) {
	t.Helper()
	var dump bytes.Buffer
	_, err := b.Dump(t.Context(), &dump)
	must(t, err)
	for _, w := range words {
		if strings.Contains(dump.String(), w) {
			t.Errorf("%q is still there", w)
		}
	}
}

// protectedChild: a guardian's registration shields every work of the account, until it is taken
// back.
func protectedChild(t *testing.T, b *bundle) {
	ctx := t.Context()
	v := b.release(t, "a")
	must(t, b.choose(ctx, b.author.ID, v.Work, loam.UseTrainText, true))
	p := b.asks(t, b.author, loam.ProtectLikeness, "小满", "林晚的妈妈")
	b.registers(t, b.ana, p.ID)
	b.wantMay(t, v.Work, loam.UseTrainText, false)
	b.wantMay(t, v.Work, loam.UseRecommend, true)
	var kinds []string
	waiting, err := b.WaitingLeaves(ctx, 100)
	must(t, err)
	for _, w := range waiting {
		l, err := ledger.Decode(w.Leaf)
		must(t, err)
		if l.Kind == ledger.Protect {
			kinds = append(kinds, l.What.String())
			if l.Actor != ledger.Guardian || l.What == ledger.Likeness && l.Body == (ledger.Hash{}) {
				t.Errorf("the leaf is %+v", l)
			}
		}
	}
	if diff := cmp.Diff([]string{"likeness", "minor"}, kinds); diff != "" {
		t.Errorf("leaves: %s", diff)
	}
	must(t, b.WithdrawProtection(ctx, b.author.ID, p.ID))
	b.wantMay(t, v.Work, loam.UseTrainText, true)
}

// sightings: a finding is a sighting of what is registered and another's, once a place; who holds
// it reads of it, the work's name only while readers see it, and answers; nobody else does.
func sightings(t *testing.T, b *bundle) {
	ctx := t.Context()
	mine := b.asks(t, b.cy, loam.ProtectVoice, "林晚", "")
	b.registers(t, b.ana, mine.ID)
	authors := b.asks(t, b.author, loam.ProtectStyle, "青禾絮语", "")
	b.registers(t, b.ana, authors.ID)
	waiting := b.asks(t, b.cy, loam.ProtectBrand, "禾木茶舍", "")
	v := b.submit(t, "夏夜")
	var found []loam.Finding
	for _, id := range []string{mine.ID, mine.ID, authors.ID, waiting.ID, "no such id"} {
		found = append(found, loam.Finding{Detector: "protected", Risk: loam.Likeness, Field: "title", Facts: map[string]string{"protection": id, "by": "name"}})
	}
	must(t, b.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Review, Policy: "p", Findings: found, Rules: []loam.RuleHit{{Rule: "protected", Action: loam.Review, Reason: "likeness"}}}, loam.Traits{}))
	list, err := b.Sightings(ctx, b.cy.ID, 10)
	must(t, err)
	if len(list) != 1 || list[0].Protection != mine.ID || !slices.Equal(list[0].Fields, []string{"title"}) || list[0].Title != "" || list[0].Work != "" {
		t.Fatalf("before its release she reads %+v", list)
	}
	if own, err := b.Sightings(ctx, b.author.ID, 10); err != nil || len(own) != 0 {
		t.Errorf("the author reads %+v, %v", own, err)
	}
	wantKind(t, b.AnswerSighting(ctx, b.author.ID, list[0].ID, loam.SightingMine), loam.NotFound)
	must(t, b.AnswerSighting(ctx, b.cy.ID, list[0].ID, loam.SightingMine))
	in, err := b.SightingsIn(ctx, v.ID)
	must(t, err)
	if len(in) != 1 || in[0].Answer != loam.SightingMine || in[0].AnsweredAt == 0 || in[0].Name != "林晚" {
		t.Errorf("who judges reads %+v", in)
	}
	b.confirm(t, v, b.label(t, v))
	d := b.decide(t, b.ana, v.ID, loam.RuleAllow)
	b.clock.Pass(6e9)
	must(t, b.Apply(ctx, d.ID))
	b.wantState(t, v.ID, loam.Released)
	if list, err = b.Sightings(ctx, b.cy.ID, 10); err != nil || len(list) != 1 || list[0].Title != "夏夜" || list[0].Work != v.Work {
		t.Errorf("once readers see it she reads %+v, %v", list, err)
	}
	must(t, b.WithdrawProtection(ctx, b.cy.ID, mine.ID))
	if list, err = b.Sightings(ctx, b.cy.ID, 10); err != nil || len(list) != 0 {
		t.Errorf("withdrawn, she still reads %+v, %v", list, err)
	}
}

// lookedBack: what is out is looked through once for each protection, from where it was left; what is
// seen in it is shown to who holds it and goes to people, once.
func lookedBack(t *testing.T, b *bundle) {
	ctx := t.Context()
	v, w := b.release(t, "夏夜"), b.release(t, "秋夜")
	first := b.asks(t, b.cy, loam.ProtectVoice, "林晚", "")
	b.asks(t, b.cy, loam.ProtectVoice, "白露", "") // nobody registered it yet
	b.registers(t, b.ana, first.ID)
	ids, looked, err := b.Unlooked(ctx)
	must(t, err)
	if !slices.Equal(ids, []string{first.ID}) || looked != (store.LookedBack{}) {
		t.Fatalf("to be looked for are %v, after %+v", ids, looked)
	}
	list, err := b.Out(ctx, "", 1)
	must(t, err)
	for _, want := range []store.LookedBack{{Done: true, Missed: true}, {After: list[0].ID, Missed: true}, {After: list[0].ID}} {
		must(t, b.Looked(ctx, ids, want))
		if _, looked, err = b.Unlooked(ctx); err != nil || looked != want {
			t.Errorf("left at %+v it goes on at %+v, %v", want, looked, err)
		}
	}
	second := b.asks(t, b.cy, loam.ProtectStyle, "青禾絮语", "")
	b.registers(t, b.ana, second.ID)
	if ids, looked, err = b.Unlooked(ctx); err != nil || !slices.Equal(ids, []string{second.ID, first.ID}) || looked != (store.LookedBack{}) {
		t.Errorf("with a second one %v after %+v, %v", ids, looked, err)
	}
	rest, err := b.Out(ctx, list[0].ID, 9)
	must(t, err)
	if len(rest) != 1 || list[0].ID != min(v.ID, w.ID) || rest[0].ID != max(v.ID, w.ID) {
		t.Errorf("out are %v, then %v", list, rest)
	}
	found := []loam.Finding{{Detector: "protected", Risk: loam.Likeness, Field: "title", Facts: map[string]string{"protection": first.ID, "by": "name"}}}
	for range 2 {
		must(t, b.SightOut(ctx, v.ID, found))
	}
	seen, err := b.Sightings(ctx, b.cy.ID, 9)
	must(t, err)
	if len(seen) != 1 || seen[0].Work != v.Work {
		t.Errorf("she reads %+v", seen)
	}
	queue, err := b.Queue(ctx, b.ana.ID, 9)
	must(t, err)
	if len(queue) != 1 || queue[0].Version != v.ID || queue[0].Kind != loam.CaseReport || queue[0].Risk != loam.Likeness {
		t.Errorf("people have %+v", queue)
	}
	must(t, b.Looked(ctx, ids, store.LookedBack{Done: true}))
	if ids, _, err = b.Unlooked(ctx); err != nil || len(ids) > 0 {
		t.Errorf("once all was looked through %v is left, %v", ids, err)
	}
	sub := b.submit(t, "冬夜") // not out
	must(t, b.SightOut(ctx, sub.ID, found))
	if seen, err = b.Sightings(ctx, b.cy.ID, 9); err != nil || len(seen) != 1 {
		t.Errorf("of what is not out she reads %+v, %v", seen, err)
	}
}

// protectionsWander walks several protections at random: the table of steps alone says what may
// be done, what is registered is found and nothing else, and the ledger shields a kind as long as
// one of it stands.
func protectionsWander(t *testing.T, b *bundle) {
	ctx := t.Context()
	r := rand.New(rand.NewPCG(17, 4))
	v := b.release(t, "a")
	for _, u := range []loam.Use{loam.UseVoice, loam.UseStyle} {
		must(t, b.choose(ctx, b.author.ID, v.Work, u, true))
	}
	kinds := []loam.ProtectionKind{loam.ProtectVoice, loam.ProtectStyle}
	model := map[string]loam.Protection{}
	for i := range 12 {
		p := b.asks(t, b.author, kinds[i%2], fmt.Sprint("名字", i), "")
		model[p.ID] = p
	}
	ids := make([]string, 0, len(model))
	for id := range model {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for range 60 {
		id := ids[r.IntN(len(ids))]
		step := loam.ProtectionSteps()[r.IntN(3)]
		to, want := model[id].State.Next(step)
		var err error
		switch step {
		case loam.ProtectionWithdraw:
			err = b.WithdrawProtection(ctx, b.author.ID, id)
		case loam.ProtectionRegister:
			_, err = b.DecideProtection(ctx, b.ana.ID, id, step, "proven")
		case loam.ProtectionRefuse:
			_, err = b.DecideProtection(ctx, b.bo.ID, id, step, "common")
		}
		if loam.KindOf(err) != loam.KindOf(want) {
			t.Fatalf("%s from %s: got %v, want %v", step, model[id].State, err, want)
		}
		if want == nil {
			p := model[id]
			p.State = to
			model[id] = p
		}
		b.protectionsAs(t, model, v.Work)
	}
}

func (b *bundle) protectionsAs(t *testing.T, model map[string]loam.Protection, work string) {
	t.Helper()
	list, err := b.Protections(t.Context(), b.author.ID)
	must(t, err)
	stands, of := map[loam.ProtectionKind]bool{}, map[string]bool{}
	for _, p := range list {
		if p.State != model[p.ID].State {
			t.Fatalf("%s is %s, want %s", p.ID, p.State, model[p.ID].State)
		}
		gone := p.State == loam.ProtectionWithdrawn
		if gone != (p.Name == "") || gone != (len(p.Proofs) == 0) {
			t.Fatalf("%s leaves %+v", p.State, p)
		}
		if p.State == loam.ProtectionRegistered {
			stands[p.Kind], of[p.ID] = true, true
		}
	}
	found, err := b.Registered(t.Context())
	must(t, err)
	for _, f := range found {
		if !of[f.ID] {
			t.Fatalf("found by %+v, which is not registered", f)
		}
		delete(of, f.ID)
	}
	if len(of) > 0 {
		t.Fatalf("registered and not found: %v", of)
	}
	b.wantMay(t, work, loam.UseVoice, !stands[loam.ProtectVoice])
	b.wantMay(t, work, loam.UseStyle, !stands[loam.ProtectStyle])
}
