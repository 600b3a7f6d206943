package loam_test

import (
	"strings"
	"testing"

	"loam"
)

// TestSoundName: a name is one line of at most sixty characters, or nothing.
func TestSoundName(t *testing.T) {
	t.Parallel()
	for name, ok := range map[string]bool{
		"": true, "雨夜小调 🌧": true, strings.Repeat("长", 60): true,
		strings.Repeat("长", 61): false, "两\n行": false, "a\x00": false, "\xff": false, "行\u2028行": false,
	} {
		if err := (loam.Sound{Asset: "a", Name: name}).Check(); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestSoundCounts: a note is as much AI as its sound, and a draft with another sound is another.
func TestSoundCounts(t *testing.T) {
	t.Parallel()
	for _, s := range loam.AIStates() {
		c := loam.Content{TextAI: loam.NotAI, Sound: &loam.SoundRef{AI: s}}
		if c.AI() != s {
			t.Errorf("a note with a sound that is %s is %s", s, c.AI())
		}
	}
	with := loam.Draft{Sound: &loam.Sound{Asset: "a"}}
	if got := loam.Changed(loam.Draft{}, with); len(got) != 1 || got[0] != "sound" {
		t.Errorf("changed are %v", got)
	}
	if got := loam.Changed(with, loam.Draft{Sound: &loam.Sound{Asset: "a"}}); len(got) != 0 {
		t.Errorf("nothing changed, and yet %v", got)
	}
}
