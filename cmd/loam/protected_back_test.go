package main

import (
	"testing"

	"loam"
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
