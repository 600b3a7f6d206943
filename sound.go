package loam

import (
	"strings"
	"unicode/utf8"
)

// SoundField is the field of a note's sound.
const SoundField = "sound"

// maxSoundName bounds what a sound is called, in characters.
const maxSoundName = 60

// Sound is the one recording of her own in a note. Readers see the Name beside its player; Millis
// is how long it is, which the server sets.
type Sound struct {
	Asset  string `json:"asset" maxLength:"64"`
	Name   string `json:"name" maxLength:"400"`
	Millis int64  `json:"millis,omitempty" minimum:"0"`
}

// Check is Invalid, "sound.name", for a name that is too long, or not one line of text.
func (s Sound) Check() error {
	if !utf8.ValidString(s.Name) || utf8.RuneCountInString(s.Name) > maxSoundName || strings.ContainsFunc(s.Name, Breaks) {
		return Fail(Invalid, "sound.name", maxSoundName)
	}
	return nil
}

// SoundRef is the sound of a Version.
type SoundRef struct {
	Asset  string  `json:"asset"`
	Hash   string  `json:"hash"` // SHA-256, hex, of the bytes before labelling
	Type   string  `json:"type"` // audio/mpeg, audio/mp4, audio/wav, audio/flac or audio/ogg
	Millis int64   `json:"millis"`
	Name   string  `json:"name"`
	AI     AIState `json:"ai"`
}

// Audio reports whether an asset is a sound.
func (a Asset) Audio() bool { return strings.HasPrefix(a.Type, "audio/") }
