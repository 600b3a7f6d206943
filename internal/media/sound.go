package media

import (
	"bytes"
	"slices"
	"time"

	"loam"
)

// Bounds of a sound that a note may carry.
const (
	SoundBytes  = 20 << 20
	SoundLength = 10 * time.Minute
)

// M4A is an MP4 file that is nothing but one sound, as it is stored and served.
const M4A Type = "audio/mp4"

// SoundTypes lists the types of sounds that are taken in.
func SoundTypes() []Type { return []Type{MP3, M4A, WAV, FLAC, OGG} }

// Recording is a sound fit to be stored.
type Recording struct {
	Data   []byte
	Type   Type
	Length time.Duration
	AI     loam.AIState // what its metadata said; the strongest label is kept in Data
	Marks  []Found
}

// followed is a sound that was followed to its end without being decoded: how long it is by its
// own tables, and a plan of it without anything but the sound.
type followed struct {
	length time.Duration
	bare   func() (*Edit, error)
}

// IsSound reports whether bytes are of a container that holds sounds, films among them.
func IsSound(b []byte) bool {
	t, err := Identify(bytes.NewReader(b))
	return err == nil && (t == MP4 || slices.Contains(SoundTypes(), t))
}

// SniffSound tells the type of a sound by its bytes, never by a name: Invalid, "sound.type" for
// what is none, "sound.film" for an MP4 with pictures.
func SniffSound(b []byte) (Type, error) {
	src := bytes.NewReader(b)
	t, err := Identify(src)
	switch {
	case err == nil && t == MP4:
		_, err = boxSound(src)
		return M4A, unheard(err)
	case err != nil || !slices.Contains(SoundTypes(), t):
		return "", loam.Fail(loam.Invalid, "sound.type").Because(err)
	}
	return t, nil
}

// CleanSound follows a sound to its end and gives a copy that is nothing but the sound and its
// strongest label: tags, pictures, chapters and what stands behind are left out; behind a FLAC, whose
// end only a decoder finds, an ID3v1 tag and nothing else. What is no sound
// of SoundTypes is Invalid, "sound.type", "sound.film" or "sound.codec"; what breaks off
// "sound.broken"; what is beyond the bounds TooLarge, "sound.too_large" or "sound.too_long". The
// sound itself is not decoded: its bytes are the very same.
func CleanSound(b []byte) (Recording, error) {
	t, err := SniffSound(b)
	if err != nil {
		return Recording{}, err
	}
	if len(b) > SoundBytes {
		return Recording{}, loam.Fail(loam.TooLarge, "sound.too_large", "20 MB")
	}
	src := bytes.NewReader(b)
	f, err := follow(t, src)
	if err == nil && f.length <= 0 {
		err = damaged("sound: of no length")
	}
	if err != nil {
		return Recording{}, unheard(err)
	}
	if f.length > SoundLength {
		return Recording{}, loam.Fail(loam.TooLarge, "sound.too_long", int(SoundLength.Minutes()))
	}
	marks, err := Read(b)
	if err != nil {
		return Recording{}, unheard(err)
	}
	e, err := f.bare()
	if err != nil {
		return Recording{}, unheard(err)
	}
	r := Recording{Type: t, Length: f.length, AI: State(marks), Marks: marks}
	if r.Data, err = e.Bytes(); err == nil {
		r.Data, err = carrySound(r.Data, marks)
	}
	return r, unheard(err)
}

func follow(t Type, src Source) (followed, error) {
	switch t {
	case MP3:
		return mpegSound(src)
	case M4A:
		return boxSound(src)
	case WAV:
		return riffSound(src)
	case FLAC:
		return flacSound(src)
	default:
		return oggSound(src)
	}
}

// carrySound writes the strongest label of a sound into a copy without tags, as it stood.
func carrySound(b []byte, marks []Found) ([]byte, error) {
	best := strongest(marks)
	if best == nil {
		return b, nil
	}
	src := bytes.NewReader(b)
	f, err := formatOf(src)
	if err != nil {
		return nil, err
	}
	e, err := f.put(src, best.Mark, best.Raw)
	if err != nil {
		return nil, err
	}
	return e.Bytes()
}

// unheard is an error of following a sound as who sent it is told.
func unheard(err error) error {
	if Broken(err) {
		return loam.Fail(loam.Invalid, "sound.broken").Because(err)
	}
	return err
}

// noCodec is a sound that is coded as browsers do not play it: Invalid, "sound.codec".
func noCodec(what string) error { return loam.Fail(loam.Invalid, "sound.codec", what) }

// lasting is how long a number of samples sounds.
func lasting(samples, rate int64) time.Duration {
	const most = int64(24 * time.Hour / time.Second)
	if rate <= 0 || samples < 0 || samples/rate > most {
		return time.Duration(most) * time.Second // beyond every bound
	}
	return time.Duration(samples/rate)*time.Second + time.Duration(samples%rate*int64(time.Second)/rate)
}
