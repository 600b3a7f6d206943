package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"loam"
)

// taken is a Biometric nobody else has.
func taken(kind loam.BiometricKind, n float32) *loam.Biometric {
	return &loam.Biometric{Kind: kind, Model: "model", Vectors: [][]float32{{n, 0.5, -1e-7}}}
}

// comparing asks for a likeness with a face and a voice in its files.
func (b *bundle) comparing(t testing.TB, consent string) (loam.Protection, error) {
	t.Helper()
	p := loam.Protection{
		Owner: b.author.ID, Kind: loam.ProtectLikeness, Name: "林晚", Aliases: []string{}, Text: "说明", Subject: "本人", By: loam.BySubject,
		Agreement: loam.ProtectionConsent, Compare: consent,
	}
	for i, m := range []*loam.Biometric{taken(loam.BiometricFace, 0.123456), taken(loam.BiometricVoice, 0.654321), nil} {
		proof, err := b.AddProof(t.Context(), loam.Proof{Owner: b.author.ID, Name: "a", Digest: "d", Biometric: m, Facts: map[string]string{}}, loam.Asset{})
		must(t, err)
		if i == 0 && proof.Biometric == nil {
			t.Fatal("no face is kept")
		}
		p.Proofs = append(p.Proofs, loam.Proof{ID: proof.ID, Holder: "本人"})
	}
	return b.AskProtection(t.Context(), p)
}

// biometrics: of a likeness the face alone is kept, and only with consent; it is compared once
// somebody registered it, and deleted with the consent, a refusal, the protection, or a day without
// one.
func biometrics(t *testing.T, b *bundle) {
	ctx := t.Context()
	compared := func(want ...loam.Biometric) {
		t.Helper()
		found, err := b.Registered(ctx)
		must(t, err)
		var got []loam.Biometric
		for _, r := range found {
			got = append(got, r.Biometrics...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("compared by: %s", diff)
		}
	}
	v := b.release(t, "a")
	seen := func(by string, p loam.Protection) int {
		t.Helper()
		must(t, b.SightOut(ctx, v.ID, []loam.Finding{{Detector: "protected", Field: "picture.1", Facts: map[string]string{"protection": p.ID, "by": by}}}))
		list, err := b.Sightings(ctx, p.Owner, 10)
		must(t, err)
		return len(list)
	}
	p, err := b.comparing(t, loam.CompareConsent)
	must(t, err)
	var kept []loam.BiometricKind
	for _, proof := range p.Proofs {
		kept = append(kept, proof.Compared)
	}
	if slices.Sort(kept); !slices.Equal(kept, []loam.BiometricKind{"", "", loam.BiometricFace}) {
		t.Errorf("of a likeness is kept %q", kept)
	}
	compared()
	b.registers(t, b.ana, p.ID)
	compared(*taken(loam.BiometricFace, 0.123456))
	b.nothingOf(t, "0.654321")
	wantKind(t, b.StopComparing(ctx, b.cy.ID, p.ID), loam.NotFound)
	must(t, b.StopComparing(ctx, b.author.ID, p.ID))
	wantKind(t, b.StopComparing(ctx, b.author.ID, p.ID), loam.Conflict)
	compared()
	b.nothingOf(t, "0.123456")
	if p, err = b.Protection(ctx, p.ID); err != nil || p.State != loam.ProtectionRegistered || p.Compare != "" {
		t.Errorf("the protection is %+v, %v", p, err)
	}
	must(t, b.WithdrawProtection(ctx, b.author.ID, p.ID))

	without, err := b.comparing(t, "")
	must(t, err)
	b.registers(t, b.ana, without.ID)
	compared()
	b.nothingOf(t, "0.123456", "0.654321")

	refused, err := b.comparing(t, loam.CompareConsent)
	must(t, err)
	_, err = b.DecideProtection(ctx, b.ana.ID, refused.ID, loam.ProtectionRefuse, "unproven")
	must(t, err)
	b.nothingOf(t, "0.123456")

	gone, err := b.comparing(t, loam.CompareConsent)
	must(t, err)
	b.registers(t, b.ana, gone.ID)
	must(t, b.WithdrawProtection(ctx, b.author.ID, gone.ID))
	b.nothingOf(t, "0.123456")

	_, err = b.AskProtection(ctx, loam.Protection{
		Owner: b.author.ID, Kind: loam.ProtectLikeness, Name: "林晚", Aliases: []string{}, Text: "说明", Subject: "本人", By: loam.BySubject,
		Agreement: loam.ProtectionConsent, Compare: loam.CompareConsent,
	})
	if loam.CodeOf(err) != "protection.compare" {
		t.Errorf("agreeing to be compared by nothing: %v", err)
	}
	proof, err := b.AddProof(ctx, loam.Proof{Owner: b.author.ID, Name: "a", Digest: "d", Biometric: taken(loam.BiometricFace, 0.777), Facts: map[string]string{}}, loam.Asset{})
	must(t, err)
	b.clock.Pass(25 * time.Hour)
	must(t, b.SweepBiometrics(ctx))
	b.nothingOf(t, "0.777")
	must(t, b.RemoveProof(ctx, b.author.ID, proof.ID))

	// A stranger's note: seen by a face only while that is agreed to.
	hers, err := b.AddProof(ctx, loam.Proof{Owner: b.cy.ID, Name: "a", Digest: "d", Biometric: taken(loam.BiometricFace, 0.9), Facts: map[string]string{}}, loam.Asset{})
	must(t, err)
	face, err := b.AskProtection(ctx, loam.Protection{
		Owner: b.cy.ID, Kind: loam.ProtectLikeness, Name: "陆知遥", Aliases: []string{}, Text: "说明", Subject: "本人", By: loam.BySubject,
		Agreement: loam.ProtectionConsent, Compare: loam.CompareConsent, Proofs: []loam.Proof{{ID: hers.ID, Holder: "本人"}},
	})
	must(t, err)
	b.registers(t, b.ana, face.ID)
	if n := seen(loam.SightedFace, face); n != 1 {
		t.Errorf("seen %d times", n)
	}
	must(t, b.StopComparing(ctx, b.cy.ID, face.ID))
	if list, err := b.Sightings(ctx, b.cy.ID, 10); err != nil || len(list) != 0 {
		t.Errorf("still seen by a face: %+v, %v", list, err)
	}
	if n := seen(loam.SightedFace, face); n != 0 {
		t.Errorf("seen by a face %d times without consent", n)
	}
	if n := seen(loam.SightedPicture, face); n != 1 {
		t.Errorf("seen by a picture %d times", n)
	}
}

// comparedVoice registers a voice of somebody who agreed to be compared by it.
func (b *bundle) comparedVoice(t testing.TB, who loam.Account, name string) loam.Protection {
	t.Helper()
	proof, err := b.AddProof(t.Context(), loam.Proof{Owner: who.ID, Name: "a", Digest: "d", Biometric: taken(loam.BiometricVoice, 0.25), Facts: map[string]string{}}, loam.Asset{})
	must(t, err)
	p, err := b.AskProtection(t.Context(), loam.Protection{
		Owner: who.ID, Kind: loam.ProtectVoice, Name: name, Aliases: []string{}, Text: "说明", Subject: "本人", By: loam.BySubject,
		Agreement: loam.ProtectionConsent, Compare: loam.CompareConsent, Proofs: []loam.Proof{{ID: proof.ID, Holder: "本人"}},
	})
	must(t, err)
	b.registers(t, b.ana, p.ID)
	return p
}

// foundBy is a finding of a protection, with what a face or voice that is near gives.
func foundBy(p loam.Protection, by, field string) loam.Finding {
	f := loam.Finding{
		Detector: "protected", Risk: loam.Likeness, Tier: loam.TierReview, Field: field, Score: 0.7,
		Facts: map[string]string{"protection": p.ID, "by": by, "kind": string(p.Kind)},
	}
	if by == loam.SightedVoice {
		f.Score, f.Facts["distance"], f.Facts["second"] = 0.9137, "0.09", "36"
	}
	return f
}

// likeness is the verdict that a note is held for findings.
func likeness(found ...loam.Finding) loam.Verdict {
	on := make([]int, len(found))
	for i := range on {
		on[i] = i
	}
	return loam.Verdict{Action: loam.Review, Policy: "p", Findings: found, Rules: []loam.RuleHit{{Rule: "protected", Action: loam.Review, Reason: "likeness", Findings: on}}}
}

// untold: the author of a held note reads that somebody's voice may be in it, not whose, nor how
// near; people who judge read both.
func untold(t *testing.T, b *bundle) {
	ctx := t.Context()
	p, q := b.comparedVoice(t, b.cy, "林晚"), b.comparedVoice(t, b.cy, "晚晚")
	v := b.submit(t, "夏夜")
	must(t, b.PutVerdict(ctx, v.ID, likeness(foundBy(p, loam.SightedName, "title"), foundBy(p, loam.SightedVoice, "sound"), foundBy(q, loam.SightedVoice, "sound")), loam.Traits{}))
	st, err := b.Statement(ctx, b.wantState(t, v.ID, loam.Held))
	must(t, err)
	said := func(by, field string, score float64) loam.Finding {
		return loam.Finding{
			Detector: "protected", Risk: loam.Likeness, Tier: loam.TierReview, Field: field, Score: score,
			Facts: map[string]string{"by": by, "kind": string(loam.ProtectVoice)},
		}
	}
	want := []loam.Finding{said(loam.SightedName, "title", 0.7), said(loam.SightedVoice, "sound", 0)}
	if diff := cmp.Diff(want, st.Findings); diff != "" {
		t.Errorf("the author reads: %s", diff)
	}
	verdict, err := b.Verdict(ctx, v.ID)
	if err != nil || len(verdict.Findings) != 3 || verdict.Findings[1].Facts["protection"] != p.ID || verdict.Findings[1].Facts["distance"] == "" {
		t.Errorf("people read %+v, %v", verdict, err)
	}
}

// stopped: what a voice found is deleted with the consent, in sightings and verdicts; what was found
// of the same note by a name or a picture stands, with her answer to it, and so does what the
// verdict decided. A verdict that comes after is kept without it.
func stopped(t *testing.T, b *bundle) {
	ctx := t.Context()
	p, other := b.comparedVoice(t, b.cy, "林晚"), b.comparedVoice(t, b.cy, "晚晚")
	both, alone, late := b.submit(t, "夏夜"), b.submit(t, "秋夜"), b.submit(t, "冬夜")
	must(t, b.PutVerdict(ctx, both.ID, likeness(foundBy(p, loam.SightedVoice, "sound"), foundBy(p, loam.SightedName, "title"), foundBy(other, loam.SightedVoice, "sound"), foundBy(p, loam.SightedPicture, "page.2")), loam.Traits{}))
	must(t, b.PutVerdict(ctx, alone.ID, likeness(foundBy(p, loam.SightedVoice, "sound")), loam.Traits{}))
	reads := func(want map[string]string) {
		t.Helper()
		list, err := b.Sightings(ctx, b.cy.ID, 10)
		must(t, err)
		got := map[string]string{}
		for _, s := range list {
			if s.Protection == p.ID {
				got[s.ID] = s.By + " " + strings.Join(s.Fields, ",") + " " + s.Answer
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("she reads: %s", diff)
		}
	}
	seen := func(version string) string {
		t.Helper()
		list, err := b.SightingsIn(ctx, version)
		must(t, err)
		for _, s := range list {
			if s.Protection == p.ID {
				return s.ID
			}
		}
		t.Fatalf("nothing of hers is seen in %s", version)
		return ""
	}
	id := seen(both.ID)
	must(t, b.AnswerSighting(ctx, b.cy.ID, id, loam.SightingTakedown))
	reads(map[string]string{id: "picture sound,title,page.2 takedown", seen(alone.ID): "voice sound "})
	must(t, b.StopComparing(ctx, b.cy.ID, p.ID))
	reads(map[string]string{id: "picture title,page.2 takedown"})
	must(t, b.PutVerdict(ctx, late.ID, likeness(foundBy(p, loam.SightedVoice, "sound"), foundBy(p, loam.SightedName, "title")), loam.Traits{}))
	reads(map[string]string{id: "picture title,page.2 takedown", seen(late.ID): "name title "})
	for version, want := range map[string]loam.Verdict{
		both.ID:  likeness(foundBy(p, loam.SightedName, "title"), foundBy(other, loam.SightedVoice, "sound"), foundBy(p, loam.SightedPicture, "page.2")),
		alone.ID: likeness(),
		late.ID:  likeness(foundBy(p, loam.SightedName, "title")),
	} {
		b.wantState(t, version, loam.Held)
		got, err := b.Verdict(ctx, version)
		must(t, err)
		if diff := cmp.Diff(want, loam.Verdict{Action: got.Action, Policy: got.Policy, Findings: got.Findings, Rules: got.Rules}, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("the verdict says: %s", diff)
		}
	}
	must(t, b.WithdrawProtection(ctx, b.cy.ID, other.ID))
	b.nothingOf(t, "0.9137")
}
