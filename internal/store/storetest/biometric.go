package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	face := b.comparedFace(t)
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

// comparedFace registers the likeness of cy, who agreed to be compared by her face.
func (b *bundle) comparedFace(t testing.TB) loam.Protection {
	t.Helper()
	hers, err := b.AddProof(t.Context(), loam.Proof{Owner: b.cy.ID, Name: "a", Digest: "d", Biometric: taken(loam.BiometricFace, 0.9), Facts: map[string]string{}}, loam.Asset{})
	must(t, err)
	p, err := b.AskProtection(t.Context(), loam.Protection{
		Owner: b.cy.ID, Kind: loam.ProtectLikeness, Name: "陆知遥", Aliases: []string{}, Text: "说明", Subject: "本人", By: loam.BySubject,
		Agreement: loam.ProtectionConsent, Compare: loam.CompareConsent, Proofs: []loam.Proof{{ID: hers.ID, Holder: "本人"}},
	})
	must(t, err)
	b.registers(t, b.ana, p.ID)
	return p
}

// bodiesForgotten: whose face was found is for her and for people who judge, never for the author; once
// she stops being compared nothing says it, and what was found by her name stands with her answer.
func bodiesForgotten(t *testing.T, b *bundle) {
	ctx := t.Context()
	by := func(p loam.Protection, how, field string) loam.Finding {
		return loam.Finding{
			Detector: "protected", Risk: loam.Likeness, Field: field, Score: 0.654321,
			Facts: map[string]string{"protection": p.ID, "by": how, "distance": "0.314159", "kind": "likeness"},
		}
	}
	found := func(key string, list ...loam.Finding) loam.Version {
		v := b.submit(t, key)
		must(t, b.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Review, Policy: "p", Findings: list, Rules: []loam.RuleHit{{
			Rule: "protected", Action: loam.Review, Reason: "likeness", Findings: []int{0, len(list) - 1},
		}}}, loam.Traits{}))
		return b.wantState(t, v.ID, loam.Held)
	}
	face := b.comparedFace(t)
	both := found("both", by(face, loam.SightedFace, "picture.1"), by(face, loam.SightedName, "title"))
	alone := found("alone", by(face, loam.SightedFace, "picture.1"))
	said, err := b.Statement(ctx, both)
	must(t, err)
	if f := said.Findings; len(f) != 2 || f[0].Facts["protection"] != "" || f[0].Score != 0 || f[0].Facts["by"] != loam.SightedFace || f[1].Facts["protection"] != face.ID {
		t.Errorf("the author reads %+v", f)
	}
	judged, err := b.Verdict(ctx, both.ID)
	must(t, err)
	if judged.Findings[0].Facts["protection"] != face.ID {
		t.Errorf("who judges reads %+v", judged.Findings)
	}
	list, err := b.Sightings(ctx, b.cy.ID, 10)
	must(t, err)
	if len(list) != 2 || list[0].By != loam.SightedFace || list[1].By != loam.SightedName || !slices.Equal(list[1].Fields, []string{"title", "picture.1"}) {
		t.Fatalf("she reads %+v", list)
	}
	must(t, b.AnswerSighting(ctx, b.cy.ID, list[1].ID, loam.SightingMine))
	must(t, b.StopComparing(ctx, b.cy.ID, face.ID))
	if list, err = b.Sightings(ctx, b.cy.ID, 10); err != nil || len(list) != 1 || !slices.Equal(list[0].Fields, []string{"title"}) || list[0].Answer != loam.SightingMine {
		t.Errorf("compared no longer, she reads %+v, %v", list, err)
	}
	for v, names := range map[string]int{both.ID: 1, alone.ID: 0} {
		verdict, err := b.Verdict(ctx, v)
		must(t, err)
		for _, f := range verdict.Findings {
			if f.Facts["protection"] == face.ID {
				names--
			}
		}
		if names != 0 || verdict.Action != loam.Review || len(verdict.Rules) != 1 {
			t.Errorf("the verdict is %+v", verdict)
		}
	}
	// What was compared before she stopped, and comes after.
	late := found("late", by(face, loam.SightedFace, "picture.1"), by(face, loam.SightedName, "title"))
	if list, err = b.Sightings(ctx, b.cy.ID, 10); err != nil || len(list) != 2 || !slices.Equal(list[0].Fields, []string{"title"}) {
		t.Errorf("of what comes late she reads %+v, %v", list, err)
	}
	verdict, err := b.Verdict(ctx, late.ID)
	if err != nil || verdict.Findings[0].Facts["protection"] != "" || verdict.Findings[1].Facts["protection"] != face.ID {
		t.Errorf("the verdict is %+v, %v", verdict.Findings, err)
	}
	must(t, b.WithdrawProtection(ctx, b.cy.ID, face.ID))
	for _, v := range []loam.Version{both, alone, late} {
		verdict, err := b.Verdict(ctx, v.ID)
		must(t, err)
		for _, f := range verdict.Findings {
			if f.Facts["protection"] != "" || f.Score != 0 {
				t.Errorf("withdrawn, it says %+v", f)
			}
		}
	}
	b.nothingOf(t, "0.314159", "0.654321")
}
