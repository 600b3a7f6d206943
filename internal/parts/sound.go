package parts

import (
	"context"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"loam"
	"loam/internal/media"
)

// soundEncoders are how each kind of sound that loses something is written again; PCM, FLAC
// and ALAC are written sample by sample.
var soundEncoders = map[string]string{"mp3": "libmp3lame", "aac": "aac", "opus": "libopus", "vorbis": "libvorbis", "flac": "flac", "alac": "alac"}

// What a channel of a sound that loses something gets at least, and a file at most.
const (
	leastBits = 64_000 // a second
	mostBits  = 320_000
)

// libvorbis spends no more than such on a channel of so few samples a second.
const (
	fewSamples = 16_000
	fewBits    = 32_000
)

// cueSlack is by how much the packets of a sound may be longer than its samples: a codec fills
// its last one, and begins with some of its own.
var cueSlack = big.NewRat(120, 1000)

// sound puts a cue before or behind a sound.
func (f *job) sound(ctx context.Context, p probed, v Visible) error {
	sounds := p.of("audio")
	if len(sounds) != 1 {
		return loam.Fail(loam.Invalid, "film.streams")
	}
	s := sounds[0]
	encoder, err := s.encoder()
	if err != nil {
		return err
	}
	rate, err := strconv.Atoi(s.Rate)
	if err != nil {
		return loam.Fail(loam.Invalid, "film.sound").Because(err)
	}
	cue, err := cueOf(ctx, rate, s.Channels, v)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(f.dir, "cue"), cue.PCM, 0o600); err != nil {
		return err
	}
	was, err := f.times(ctx, f.in, s)
	if err != nil {
		return err
	}
	muxer, err := f.muxer(p, false)
	if err != nil {
		return err
	}
	args := reading(f.typ, f.in)
	args = append(args, "-f", "s16le", "-ar", strconv.Itoa(cue.Rate), "-ac", strconv.Itoa(cue.Channels), "-i", "file:"+filepath.Join(f.dir, "cue"))
	chapters := "0"
	if !v.AtEnd { // what is told of the file's times is told of later ones
		args = append(args, "-itsoffset", fmt.Sprintf("%.6f", cue.Duration().Seconds()))
		args = append(args, reading(f.typ, f.in)...)
		chapters = "2"
	}
	args = append(args, "-filter_complex", s.joined(rate, v.AtEnd), "-map", "[all]")
	if f.typ != media.OGG { // whose writer knows no cover
		args = append(args, "-map", "0:v?", "-c:v", "copy")
	}
	args = append(args, "-map_metadata", "0", "-map_metadata:s:a:0", "0:s:a:0", "-map_chapters", chapters, "-c:a")
	args = append(append(args, encoder...), muxer...)
	if _, err := f.encode(ctx, append(args, "file:"+f.made())...); err != nil {
		return err
	}
	return f.checkSound(ctx, s, was, cue.Duration())
}

// cueOf makes the label of a sound.
func cueOf(ctx context.Context, rate, channels int, v Visible) (media.Sound, error) {
	if v.Cue == SpokenCue {
		s, err := Speak(ctx)
		if err != nil {
			return s, err
		}
		return s.Spread(channels).Rested(v.AtEnd), nil
	}
	s, err := media.Rhythm(rate, channels, v.Gap)
	if err != nil {
		return s, err
	}
	return s.Rested(v.AtEnd), nil
}

// encoder is how a sound is written again: Invalid, "film.codec" if it is not.
func (s stream) encoder() ([]string, error) {
	if strings.HasPrefix(s.Codec, "pcm_") {
		return []string{s.Codec}, nil
	}
	name := soundEncoders[s.Codec]
	if name == "" {
		return nil, loam.Fail(loam.Invalid, "film.codec", s.Codec)
	}
	if s.Codec == "flac" || s.Codec == "alac" {
		out := []string{name}
		if bits, err := strconv.Atoi(s.RawBits); err == nil && bits > 0 {
			out = append(out, "-bits_per_raw_sample", s.RawBits)
		}
		return out, nil
	}
	bits, err := strconv.Atoi(s.Bits)
	if err != nil {
		bits = 0 // not told
	}
	least, most := leastBits*s.Channels, max(mostBits, leastBits*s.Channels)
	if rate, err := strconv.Atoi(s.Rate); err == nil && rate < fewSamples && s.Codec == "vorbis" {
		least, most = fewBits*s.Channels, fewBits*s.Channels
	}
	bits = min(max(bits, least), most)
	return []string{name, "-b:a", strconv.Itoa(bits)}, nil
}

// joined is the filter that puts the cue and the sound one behind the other, both in the
// sound's own form: samples of a sound that loses nothing stay what they are.
func (s stream) joined(rate int, atEnd bool) string {
	layout := s.Layout
	if !told(layout) {
		layout = strconv.Itoa(s.Channels) + "c"
		if s.Channels < 3 {
			layout = []string{"mono", "stereo"}[max(s.Channels, 1)-1]
		}
	}
	form := fmt.Sprintf("aformat=sample_fmts=%s:sample_rates=%d:channel_layouts=%s", s.Samples, rate, layout)
	order := "[cue][sound]"
	if atEnd {
		order = "[sound][cue]"
	}
	return fmt.Sprintf("[1:a]%s[cue];[0:%d]%s[sound];%sconcat=n=2:v=0:a=1[all]", form, s.Index, form, order)
}

// checkSound reads back what was made: the same kind, rate and channels, and as much longer
// as the cue is.
func (f *job) checkSound(ctx context.Context, s stream, was []span, cue time.Duration) error {
	q, err := f.probe(ctx, f.made())
	if err != nil {
		return err
	}
	sounds := q.of("audio")
	if len(sounds) != 1 {
		return unlike("the sound is gone")
	}
	made := sounds[0]
	if made.Codec != s.Codec || made.Rate != s.Rate || made.Channels != s.Channels {
		return unlike("the sound has another form")
	}
	is, err := f.times(ctx, f.made(), made)
	if err != nil {
		return err
	}
	grown := new(big.Rat).Sub(made.length(is), s.length(was))
	grown.Sub(grown, big.NewRat(int64(cue), 1e9))
	if grown.Abs(grown).Cmp(cueSlack) > 0 {
		return unlike("the sound is not as much longer as its cue is")
	}
	return nil
}

// length is how long a stream lasts, in seconds.
func (s stream) length(times []span) *big.Rat {
	last := times[len(times)-1]
	return s.seconds(last.from + last.length - times[0].from)
}
