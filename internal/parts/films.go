package parts

import (
	"context"
	"errors"
	"image"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"loam"
	"loam/internal/media"
)

// What ffmpeg may take: a film of 8,192 × 4,320 is encoded within this memory.
const (
	filmMemory  = 4 << 30
	filmAnswer  = 64 << 20 // the times of three million packets
	filmThreads = 4
	filmGrowth  = 8         // times the file that came in,
	filmRoom    = 256 << 20 // and this
)

// Opening is how long a film's visible label is shown from its first picture on, and before
// its end if that is asked for (GB 45438-2025, 5.4: at least 2 s).
const Opening = 2 * time.Second

// Films puts labels that are seen and heard into films and sounds, by ffmpeg.
type Films struct {
	Longest time.Duration // one file may take; 0 is an hour
}

// Cue is the audible label of a sound.
type Cue string

// The cues of GB 45438-2025, 5.3.
const (
	RhythmCue Cue = "rhythm"
	SpokenCue Cue = "spoken"
)

// Visible says what to put into a film or a sound.
type Visible struct {
	// Plate draws the visible label on nothing, upright, on a picture of a width and a height.
	Plate   func(width, height int) (image.Image, error)
	Closing bool // a film is marked before its end too
	Cue     Cue
	Gap     int  // of the rhythm's letters, see media.Rhythm
	AtEnd   bool // a sound's cue stands at its end, not its start
}

// Ready is Unavailable, "program.missing" where ffmpeg is not installed.
func (Films) Ready() error {
	for _, name := range []string{"ffmpeg", "ffprobe"} {
		if _, err := findIn(name, "ffmpeg"); err != nil {
			return err
		}
	}
	return nil
}

// Takes reports whether files of a type are marked by ffmpeg.
func (Films) Takes(t media.Type) bool { return demuxers[t] != "" }

// job is one file that is marked.
type job struct {
	ffmpeg, ffprobe string
	typ             media.Type
	dir             string // of its own, where programs write
	in              string
	longest         time.Duration
	size            int64 // of in
}

// Mark writes a copy of the file in, which is of type typ, with a label that is seen or
// heard, to the file out; the implicit label is the caller's to write into the copy. A film
// keeps its size, the time of each picture, how it is turned, and its sounds bit for bit; a
// sound its kind, rate and channels. That is read back: Internal, "film.unlike" if it does
// not hold. Without ffmpeg it is Unavailable, "program.missing"; what ffmpeg cannot follow is
// Invalid, "film.failed", a kind that is not written here Invalid, "film.codec".
func (f Films) Mark(ctx context.Context, in, out string, typ media.Type, v Visible) (err error) {
	j := &job{typ: typ, longest: f.Longest}
	if demuxers[typ] == "" {
		return loam.Fail(loam.Invalid, "label.invisible", string(typ))
	}
	if j.ffmpeg, err = findIn("ffmpeg", "ffmpeg"); err != nil {
		return err
	}
	if j.ffprobe, err = findIn("ffprobe", "ffmpeg"); err != nil {
		return err
	}
	if j.in, err = filepath.Abs(in); err != nil {
		return err
	}
	info, err := os.Stat(j.in)
	if err != nil {
		return err
	}
	j.size = info.Size()
	if j.longest == 0 {
		j.longest = time.Hour
	}
	if j.dir, err = os.MkdirTemp(filepath.Dir(out), ".loam-film-"); err != nil {
		return err
	}
	defer os.RemoveAll(j.dir)
	if j.dir, err = filepath.Abs(j.dir); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, j.longest)
	defer cancel()
	err = j.mark(ctx, v)
	var known *loam.Error
	switch {
	case err == nil:
		return os.Rename(j.made(), out)
	case errors.Is(err, context.DeadlineExceeded):
		return loam.Fail(loam.Unavailable, "film.slow").Because(err)
	case errors.As(err, &known), ctx.Err() != nil:
		return err
	}
	return loam.Fail(loam.Invalid, "film.failed").Because(err)
}

func (f *job) mark(ctx context.Context, v Visible) error {
	p, err := f.probe(ctx, f.in)
	if err != nil {
		return err
	}
	film, moving, err := p.film()
	if err != nil {
		return err
	}
	if moving {
		return f.film(ctx, p, film, v)
	}
	return f.sound(ctx, p, v)
}

// made is where ffmpeg writes.
func (f *job) made() string { return filepath.Join(f.dir, "made") }

func (f *job) limits() limits {
	return limits{memory: filmMemory, cpu: f.longest * time.Duration(runtime.NumCPU()), file: filmGrowth*f.size + filmRoom, answer: filmAnswer}
}

// encode has ffmpeg write a file from in.
func (f *job) encode(ctx context.Context, args ...string) ([]byte, error) {
	first := append([]string{"-nostdin", "-y", "-v", "error", "-xerror"}, args...)
	return program(ctx, f.limits(), f.dir, f.ffmpeg, first...)
}

// unlike is a copy that is not as it should be.
func unlike(why string) error {
	return loam.Fail(loam.Internal, "film.unlike").Because(errors.New(why))
}

// sameTimes compares when the pictures of two films are shown, from the first on, and how
// much later than the file itself they begin.
func (f *job) sameTimes(ctx context.Context, before stream, was []span, after stream) error {
	is, err := f.times(ctx, f.made(), after)
	if err != nil {
		return err
	}
	if len(was) != len(is) {
		return unlike("pictures were lost")
	}
	for i := range was {
		if before.seconds(was[i].from-was[0].from).Cmp(after.seconds(is[i].from-is[0].from)) != 0 {
			return unlike("pictures are shown at other times")
		}
	}
	return nil
}

// sameSounds compares the sounds of two files, packet by packet.
func (f *job) sameSounds(ctx context.Context, p probed) error {
	if len(p.of("audio")) == 0 {
		return nil
	}
	var sums [2]string
	for i, path := range []string{f.in, f.made()} {
		args := append(reading(f.typ, path), "-map", "0:a", "-c", "copy", "-f", "streamhash", "-hash", "sha256", "-")
		b, err := f.encode(ctx, args...)
		if err != nil {
			return err
		}
		sums[i] = string(b)
	}
	if sums[0] != sums[1] {
		return unlike("the sound is another")
	}
	return nil
}

// muxer is what ffmpeg is told to write, and how, so that the container's metadata is kept.
func (f *job) muxer(p probed, moving bool) ([]string, error) {
	switch f.typ {
	case media.MP4:
		name, flags := "mp4", "+faststart"
		switch brand := strings.TrimSpace(p.Format.Tags["major_brand"]); {
		case brand == "qt":
			name = "mov"
		case !moving && strings.HasPrefix(brand, "M4"):
			name = "ipod"
		}
		if !p.cover() { // names of one's own and a cover exclude each other in ffmpeg's writer
			flags += "+use_metadata_tags"
		}
		return []string{"-movflags", flags, "-f", name}, nil
	case media.Matroska:
		head := make([]byte, 64)
		file, err := os.Open(f.in)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		n, err := file.Read(head)
		if err != nil {
			return nil, err
		}
		if strings.Contains(string(head[:n]), "webm") {
			return []string{"-f", "webm"}, nil
		}
		return []string{"-f", "matroska"}, nil
	case media.WAV:
		return []string{"-rf64", "auto", "-f", "wav"}, nil
	}
	return []string{"-f", demuxers[f.typ]}, nil
}

// rat is a number of seconds as a filter's expression takes it.
func rat(r *big.Rat) string { return r.FloatString(9) }

// told reports whether a word of ffprobe's can stand in an argument: it says "unknown"
// where a file does not tell.
func told(s string) bool {
	return s != "" && !slices.Contains([]string{"unknown", "N/A", "reserved"}, s)
}
