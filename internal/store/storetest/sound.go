package storetest

import (
	"slices"
	"testing"

	"loam"
)

// sounds: an upload keeps how long it is and its fingerprint; a version freezes its sound, which
// counts for the version's state; a protection heard in it is seen by who holds it, and by sound
// whatever else gave it away.
func sounds(t *testing.T, b *bundle) {
	ctx := t.Context()
	a, err := b.CreateAsset(ctx, loam.Asset{Owner: b.author.ID, Hash: "song", Type: "audio/mpeg", Size: 9, Millis: 61_500, AI: loam.NotAI})
	must(t, err)
	if got, err := b.Asset(ctx, b.author.ID, a.ID); err != nil || got.Millis != 61_500 || !got.Audio() {
		t.Errorf("the upload is %+v, %v", got, err)
	}
	prints := func(want string) {
		t.Helper()
		if text, millis, err := b.SoundPrint(ctx, "song"); err != nil || text != want || millis != 61_500 {
			t.Errorf("its fingerprint is %q, %d ms, %v, want %q", text, millis, err, want)
		}
	}
	prints("")
	must(t, b.SetSoundPrint(ctx, "song", "AAAA"))
	prints("AAAA")
	_, err = b.CreateAsset(ctx, loam.Asset{Owner: b.cy.ID, Hash: "song", Type: "audio/mpeg", Size: 9, Millis: 61_500, AI: loam.NotAI})
	must(t, err)
	prints("AAAA") // the same bytes of another account
	_, _, err = b.SoundPrint(ctx, "another")
	wantKind(t, err, loam.NotFound)

	mine := b.asks(t, b.cy, loam.ProtectVoice, "林晚", "")
	b.registers(t, b.ana, mine.ID)
	work, err := b.CreateWork(ctx, b.author.ID, "sound", loam.Draft{Kind: loam.KindDaily, Idea: "a", Sound: &loam.Sound{Asset: a.ID, Name: "夏夜"}})
	must(t, err)
	log, err := b.CreationLog(ctx, b.author.ID, work)
	if err != nil || log.Sound == nil || log.Sound.Hash != "song" {
		t.Errorf("the creation log has %+v, %v", log.Sound, err)
	}
	ref := &loam.SoundRef{Asset: a.ID, Hash: "song", Type: "audio/mpeg", Millis: 61_500, Name: "夏夜", AI: loam.SuspectedAI}
	v, err := b.Submit(ctx, loam.Submission{Owner: b.author.ID, Revision: 1, Content: loam.Content{
		Work: work, Kind: loam.KindDaily, Title: "夏夜", TextAI: loam.NotAI, Audience: loam.Public, Uses: map[loam.Use]bool{}, Sound: ref,
	}})
	must(t, err)
	if got, err := b.Version(ctx, v.ID); err != nil || got.Content.Sound == nil || *got.Content.Sound != *ref || got.Content.AI() != loam.SuspectedAI {
		t.Errorf("the version has %+v, %v", got.Content.Sound, err)
	}
	var found []loam.Finding
	for by, field := range map[string]string{loam.SightedSound: loam.SoundField, loam.SightedName: "title"} {
		found = append(found, loam.Finding{Detector: "protected", Risk: loam.Likeness, Field: field, Facts: map[string]string{"protection": mine.ID, "by": by}})
	}
	must(t, b.PutVerdict(ctx, v.ID, loam.Verdict{Action: loam.Review, Policy: "p", Findings: found, Rules: []loam.RuleHit{{Rule: "protected", Action: loam.Review, Reason: "likeness"}}}, loam.Traits{}))
	list, err := b.Sightings(ctx, b.cy.ID, 10)
	must(t, err)
	if len(list) != 1 || list[0].By != loam.SightedSound || len(list[0].Fields) != 2 || !slices.Contains(list[0].Fields, loam.SoundField) {
		t.Errorf("who holds it reads %+v", list)
	}
}

// deniedSounds: the sound of what an upheld claim removed is listed once until the last claim that
// keeps the work away falls; neither an open claim nor one on a note without a sound adds any.
func deniedSounds(t *testing.T, b *bundle) {
	ctx := t.Context()
	listed := func(want ...loam.DeniedSound) {
		t.Helper()
		got, err := b.DeniedSounds(ctx)
		must(t, err)
		if !slices.Equal(got, want) {
			t.Errorf("listed are %+v, want %+v", got, want)
		}
	}
	work, err := b.CreateWork(ctx, b.author.ID, "song", loam.Draft{Kind: loam.KindDaily, Idea: "a"})
	must(t, err)
	v, err := b.Submit(ctx, loam.Submission{Owner: b.author.ID, Revision: 1, Content: loam.Content{
		Work: work, Kind: loam.KindDaily, Title: "夏夜", TextAI: loam.NotAI, Audience: loam.Public, Uses: map[loam.Use]bool{},
		Sound: &loam.SoundRef{Asset: "a", Hash: "song", Type: "audio/mpeg", Millis: 61_500, AI: loam.NotAI},
	}})
	must(t, err)
	b.verdict(t, v.ID, loam.Allow)
	b.confirm(t, v, b.label(t, v))
	song := loam.DeniedSound{Version: v.ID, Work: work, Hash: "song", Denied: loam.RightCopyright}
	one, two, quiet := b.filed(t, "one", work).Claims[0].ID, b.filed(t, "two", work).Claims[0].ID, b.filed(t, "quiet", b.release(t, "b").Work).Claims[0].ID
	listed()
	b.rules(t, b.ana, quiet, loam.RuleRemove, "infringes", "")
	listed()
	b.rules(t, b.ana, one, loam.RuleRemove, "infringes", "")
	b.rules(t, b.ana, two, loam.RuleRemove, "infringes", "")
	listed(song)
	must(t, b.WithdrawNotice(ctx, "one"))
	listed(song)
	must(t, b.WithdrawNotice(ctx, "two"))
	listed()
	b.wantState(t, v.ID, loam.Released)
}
