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
