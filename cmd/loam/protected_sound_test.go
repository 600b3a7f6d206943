package main

import (
	"encoding/binary"
	"slices"
	"testing"

	"loam"
	"loam/internal/media/mediatest"
	"loam/internal/web"
)

// registersSong registers a voice with a recording; it is in force when it returns.
func (c *client) registersSong(reviewer *client, name string, song []byte) loam.Protection {
	c.h.t.Helper()
	f := c.protection(loam.ProtectVoice, name, noisyJPEG(c.h.t, 320, 240))
	proof := c.prove("录音.wav", song)
	if !proof.Heard {
		c.h.t.Fatalf("no fingerprint is kept: %+v", proof)
	}
	f.Proofs = append(f.Proofs, web.ProofRef{ID: proof.ID, Holder: "录音棚"})
	var p loam.Protection
	c.must("POST", "/api/protections", f, &p)
	before := c.h.matcher().Len()
	reviewer.must("POST", "/api/review/protections/"+p.ID+"/decision", map[string]string{"step": "register", "reason": "proven"}, nil)
	c.h.inForce(before + 1)
	return p
}

// TestProtectedUploads is the red-team set of sounds: a registered recording that somebody else
// uploads, encoded anew, cut, faster or quieter, is suspected, goes to people and is shown to who
// holds it; another sound, and her own, pass; what cannot be compared goes to people.
func TestProtectedUploads(t *testing.T) {
	t.Parallel()
	needSoundPrograms(t)
	h := newHouse(t, withProducer)
	wan, ann, rita := h.person("wan"), h.person("ann"), h.person("rita", loam.Reviewer)
	voice := wan.registersSong(rita, "林晚", melody(1))
	var seen []loam.Sighting
	for i, u := range []struct {
		name string
		file string
		args []string
	}{
		{"the very same", "a.wav", nil},
		{"mp3 64 kbit/s", "a.mp3", []string{"-c:a", "libmp3lame", "-b:a", "64k"}},
		{"aac", "a.m4a", []string{"-c:a", "aac", "-b:a", "64k"}},
		{"opus 32 kbit/s", "a.opus", []string{"-c:a", "libopus", "-b:a", "32k"}},
		{"13 s from the 4th on", "a.ogg", []string{"-ss", "4", "-t", "13", "-c:a", "libvorbis"}},
		{"a tenth as loud", "a.flac", []string{"-af", "volume=0.1"}},
		{"3 % faster", "a.mp3", []string{"-af", "atempo=1.03", "-c:a", "libmp3lame"}},
		{"1 % higher", "a.mp3", []string{"-af", "asetrate=11135,aresample=11025", "-c:a", "libmp3lame"}},
	} {
		s := ann.withSound("今天录的第一首歌，弹错了两次，凑合听", "随便唱唱", mediatest.Remade(t, melody(1), u.file, u.args...))
		v := ann.until(ann.submit(s, nil).ID, "settled", settled)
		if v.State != loam.Held || soundLabel(t, v).State != loam.SuspectedAI || v.Labels[0].State != loam.NotAI {
			t.Errorf("%s: %s, its sound %s, its words %s", u.name, v.State, soundLabel(t, v).State, v.Labels[0].State)
			continue
		}
		if k := slices.IndexFunc(v.Marked, func(m web.LabelView) bool { return m.Field == loam.SoundField }); k < 0 || len(v.Marked[k].Signs) == 0 || v.Marked[k].Signs[0].Kind != "protected" {
			t.Errorf("%s: she is not told why: %+v", u.name, v.Marked)
		}
		wan.must("GET", "/api/sightings", nil, &seen)
		if len(seen) != i+1 || seen[0].By != loam.SightedSound || seen[0].Protection != voice.ID || !slices.Equal(seen[0].Fields, []string{"sound"}) || seen[0].Work != "" {
			t.Fatalf("%s: who holds it reads %+v", u.name, seen)
		}
	}
	wan.must("POST", "/api/sightings/"+seen[0].ID, map[string]string{"answer": "takedown"}, nil)
	c := rita.take(0)
	if len(c.Sightings) != 1 || c.Sightings[0].By != loam.SightedSound || c.Sound == nil || c.Sound.Notice == "" {
		t.Errorf("the reviewer has %+v, %+v", c.Sightings, c.Sound)
	}
	rita.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleRemove, "likeness"), nil)

	s := ann.withSound("今天录的第二首歌，自己写的，弹错了两次", "自己的歌", melody(7))
	if v := ann.confirm(ann.submit(s, nil)); soundLabel(t, v).State != loam.NotAI {
		t.Errorf("an honest sound is %s", soundLabel(t, v).State)
	}
	s = wan.withSound("我自己的歌，今天第一次放出来", "夏夜", melody(1))
	if v := wan.confirm(wan.submit(s, nil)); soundLabel(t, v).State != loam.NotAI {
		t.Errorf("her own is %s", soundLabel(t, v).State)
	}
}

// TestProtectedNames: words about a protected voice beside a sound are about the sound, wherever
// they stand; a note that only mentions her is let be.
func TestProtectedNames(t *testing.T) {
	t.Parallel()
	needSoundPrograms(t)
	h := newHouse(t, withProducer)
	wan, ann, rita := h.person("wan"), h.person("ann"), h.person("rita", loam.Reviewer)
	wan.registersSong(rita, "林晚", melody(1))
	for name, s := range map[string]web.Sheet{
		"its name":  ann.withSound("录了一个下午，耳机听效果最好", "林 晚 - A I 翻唱", melody(4)),
		"the words": ann.withSound("AI翻唱林晚的夏夜，录了一个下午", "夏夜", melody(4)),
	} {
		v := ann.until(ann.submit(s, nil).ID, "settled", settled)
		if v.State != loam.Held || soundLabel(t, v).State != loam.SuspectedAI {
			t.Errorf("%s: %s, its sound %s", name, v.State, soundLabel(t, v).State)
		}
	}
	s := ann.withSound("听了林晚的演唱会，回来弹了一小段", "随便弹弹", melody(4))
	if v := ann.until(ann.submit(s, nil).ID, "settled", settled); v.State != loam.Cleared || soundLabel(t, v).State != loam.NotAI {
		t.Errorf("a mention: %s, its sound %s", v.State, soundLabel(t, v).State)
	}
}

// TestUncompared: while anything is registered, a sound that is not as long as it says is not let
// pass: a part of it was not compared.
func TestUncompared(t *testing.T) {
	t.Parallel()
	needSoundPrograms(t)
	h := newHouse(t, withProducer)
	wan, ann, rita := h.person("wan"), h.person("ann"), h.person("rita", loam.Reviewer)
	wan.registersSong(rita, "林晚", melody(1))
	lies := mediatest.Remade(t, melody(8), "a.flac")
	packed := binary.BigEndian.Uint64(lies[18:])
	binary.BigEndian.PutUint64(lies[18:], packed&^(1<<36-1)|11025) // a second
	s := ann.withSound("录了一段自己写的小调，弹错了两次", "小调", lies)
	v := ann.until(ann.submit(s, nil).ID, "settled", settled)
	verdict, err := h.db.Verdict(t.Context(), v.ID)
	if err != nil || v.State != loam.Held || !slices.Contains(verdict.Missing, loam.ProtectedDetector) {
		t.Errorf("%s, missing %v, %v", v.State, verdict.Missing, err)
	}
}
