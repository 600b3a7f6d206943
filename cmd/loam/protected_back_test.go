package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"loam"
	"loam/internal/store"
)

// TestLookBack: what was out before a voice was registered is found too: by what its words say, by
// its sound; who holds it reads where, people look at it, and what is hers or a mention is left.
func TestLookBack(t *testing.T) {
	t.Parallel()
	needSoundPrograms(t)
	h := newHouse(t, withProducer)
	wan, ann, rita := h.person("wan"), h.person("ann"), h.person("rita", loam.Reviewer)
	cover := ann.publish("AI翻唱林晚的夏夜，录了一个下午，耳机听效果最好", nil).Version
	song := ann.confirm(ann.submit(ann.withSound("今天录的第一首歌，弹错了两次，凑合听", "随便唱唱", melody(1)), nil))
	ann.publish("听了林晚的演唱会，下雨也去了，全场大合唱", nil)
	wan.publish("我是林晚，AI翻唱林晚的夏夜，自己做着玩", nil)
	wan.registersSong(rita, "林晚", melody(1))
	for range 2 { // twice is once
		if err := h.node.lookBack(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var seen []loam.Sighting
	wan.must("GET", "/api/sightings", nil, &seen)
	by := map[string]string{}
	for _, s := range seen {
		by[s.Work] = s.By
	}
	if len(seen) != 2 || by[cover.Work] != loam.SightedName || by[song.Work] != loam.SightedSound {
		t.Errorf("she reads %+v", seen)
	}
	for range 2 {
		c := rita.take(0)
		if len(c.Sightings) != 1 || c.Kind != loam.CaseReport || c.Risk != loam.Likeness {
			t.Errorf("the reviewer has %+v", c.Case)
		}
		rita.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleAllow, "ok"), nil)
	}
}

// TestLookBackAgain: what could not be compared because the storage was away is looked at again once more
// soon, and then after a day or at a start; what was found meanwhile stands.
func TestLookBackAgain(t *testing.T) {
	t.Parallel()
	needSoundPrograms(t)
	h := newHouse(t, withProducer)
	wan, ann, rita := h.person("wan"), h.person("ann"), h.person("rita", loam.Reviewer)
	ann.publish("AI翻唱林晚的夏夜，录了一个下午，耳机听效果最好", nil)
	song := ann.confirm(ann.submit(ann.withSound("今天录的第一首歌，弹错了两次，凑合听", "随便唱唱", melody(1)), nil))
	hash := song.Content.Sound.Hash
	file := filepath.Join(h.config.Data, "blobs", hash[:2], hash)
	if err := h.node.db.SetSoundPrint(t.Context(), hash, ""); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o700); err != nil {
		t.Fatal(err)
	}
	wan.registersSong(rita, "林晚", melody(1))
	sees := func(want int, when string) {
		t.Helper()
		if err := h.node.lookBack(t.Context()); err != nil {
			t.Fatal(err)
		}
		var seen []loam.Sighting
		if wan.must("GET", "/api/sightings", nil, &seen); len(seen) != want {
			t.Errorf("%s she reads %+v", when, seen)
		}
	}
	sees(1, "while the sound cannot be read")
	sees(1, "a minute later")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	sees(1, "within a day")
	// As it was left by one who ended behind what it could not compare.
	ids, _, err := h.node.db.Unlooked(t.Context())
	if err == nil {
		err = h.node.db.Looked(t.Context(), ids, store.LookedBack{After: song.ID, Missed: true})
	}
	if err != nil {
		t.Fatal(err)
	}
	sees(1, "the rest, by one who began anew,")
	h.node.lookedAgain = time.Time{}
	sees(2, "at the next start")
	if ids, _, err := h.node.db.Unlooked(t.Context()); err != nil || len(ids) > 0 {
		t.Errorf("%v is left, %v", ids, err)
	}
}
