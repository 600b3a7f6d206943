package parts

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"loam"
	"loam/internal/media"
)

// demuxers are what ffmpeg is told a container is. It never tells by itself: what looks like
// a playlist to it would have it open other files.
var demuxers = map[media.Type]string{
	media.MP4: "mov", media.Matroska: "matroska", media.WAV: "wav", media.MP3: "mp3", media.FLAC: "flac", media.OGG: "ogg",
}

// probed is what ffprobe says of a file.
type probed struct {
	Streams []stream `json:"streams"`
	Format  struct {
		Start string            `json:"start_time"`
		Tags  map[string]string `json:"tags"`
	} `json:"format"`
}

// stream is one of a file's pictures, sounds or subtitles.
type stream struct {
	Index       int    `json:"index"`
	Kind        string `json:"codec_type"`
	Codec       string `json:"codec_name"`
	Tag         string `json:"codec_tag_string"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	Aspect      string `json:"sample_aspect_ratio"` // of one pixel, "4:3"
	Pixels      string `json:"pix_fmt"`
	Range       string `json:"color_range"`
	Space       string `json:"color_space"`
	Transfer    string `json:"color_transfer"`
	Primaries   string `json:"color_primaries"`
	Base        string `json:"time_base"`
	Start       string `json:"start_time"` // in seconds
	Samples     string `json:"sample_fmt"`
	Rate        string `json:"sample_rate"`
	Channels    int    `json:"channels"`
	Layout      string `json:"channel_layout"`
	Bits        string `json:"bit_rate"`
	RawBits     string `json:"bits_per_raw_sample"`
	Disposition struct {
		Cover int `json:"attached_pic"`
	} `json:"disposition"`
	Side []struct {
		Matrix string `json:"displaymatrix"`
	} `json:"side_data_list"`
}

// of lists the streams of a kind; the cover of a sound is no film.
func (p probed) of(kind string) []stream {
	var out []stream
	for _, s := range p.Streams {
		if s.Kind == kind && s.Disposition.Cover == 0 {
			out = append(out, s)
		}
	}
	return out
}

// film is the one moving picture of a file, ok if it has any: Invalid, "film.streams" where
// there are several.
func (p probed) film() (s stream, ok bool, err error) {
	films := p.of("video")
	if len(films) > 1 {
		return stream{}, false, loam.Fail(loam.Invalid, "film.streams")
	}
	if len(films) == 0 {
		return stream{}, false, nil
	}
	return films[0], true, nil
}

// has reports whether a file has a cover.
func (p probed) cover() bool {
	return slices.ContainsFunc(p.Streams, func(s stream) bool { return s.Disposition.Cover != 0 })
}

// reading is how a file is opened: as what it is, from this machine only, its pictures within
// what one may be.
func reading(typ media.Type, path string) []string {
	return []string{
		"-protocol_whitelist", "file,pipe", "-max_pixels", strconv.Itoa(media.MaxPixels), "-threads", strconv.Itoa(filmThreads),
		"-f", demuxers[typ], "-i", "file:" + path,
	}
}

func (f *job) probe(ctx context.Context, path string) (p probed, err error) {
	args := append([]string{"-v", "error", "-show_streams", "-show_format", "-of", "json"}, reading(f.typ, path)...)
	b, err := program(ctx, f.limits(), f.dir, f.ffprobe, args...)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	return p, err
}

// span is when one picture or piece of sound is shown, in units of its stream's time base.
type span struct{ from, length int64 }

// times lists when a stream's packets are shown, in that order, without what a player throws
// away.
func (f *job) times(ctx context.Context, path string, s stream) ([]span, error) {
	args := []string{
		"-v", "error", "-protocol_whitelist", "file,pipe", "-f", demuxers[f.typ],
		"-select_streams", strconv.Itoa(s.Index), "-show_entries", "packet=pts,duration,flags", "-of", "csv=p=0", "file:" + path,
	}
	b, err := program(ctx, f.limits(), f.dir, f.ffprobe, args...)
	if err != nil {
		return nil, err
	}
	return spans(b)
}

// spans reads ffprobe's "pts,duration,flags", a line for each packet.
func spans(said []byte) ([]span, error) {
	var out []span
	for line := range bytes.Lines(said) {
		field := strings.Split(strings.TrimSpace(string(line)), ",")
		if len(field) < 3 || strings.Contains(field[2], "D") {
			continue
		}
		from, err := strconv.ParseInt(field[0], 10, 64)
		if err != nil {
			return nil, loam.Fail(loam.Invalid, "film.failed").Because(err)
		}
		length, err := strconv.ParseInt(field[1], 10, 64)
		if err != nil {
			length = 0 // "N/A": until the next
		}
		out = append(out, span{from, length})
	}
	if len(out) == 0 {
		return nil, loam.Fail(loam.Invalid, "film.streams")
	}
	slices.SortStableFunc(out, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := range out[:len(out)-1] {
		if out[i].length == 0 {
			out[i].length = out[i+1].from - out[i].from
		}
	}
	return out, nil
}

// seconds is a count of time bases, exactly.
func (s stream) seconds(n int64) *big.Rat {
	base, ok := new(big.Rat).SetString(s.Base)
	if !ok {
		base = new(big.Rat)
	}
	return base.Mul(base, new(big.Rat).SetInt64(n))
}

// turned is how a film is turned when it is shown: the matrix that takes a picture's pixels
// to the screen's (ISO/IEC 14496-12, 6.2.2), of ones, minus ones and zeros. A slanted one is
// Invalid, "film.turned".
func (s stream) turned() (m [4]int, err error) {
	m = [4]int{1, 0, 0, 1}
	for _, side := range s.Side {
		if side.Matrix == "" {
			continue
		}
		var v []int
		for line := range strings.Lines(side.Matrix) {
			_, row, ok := strings.Cut(line, ":")
			if !ok {
				continue
			}
			for i, word := range strings.Fields(row) {
				n, err := strconv.Atoi(word)
				if err != nil || i > 2 {
					return m, loam.Fail(loam.Invalid, "film.turned")
				}
				v = append(v, n)
			}
		}
		if len(v) != 9 {
			return m, loam.Fail(loam.Invalid, "film.turned")
		}
		m = [4]int{sign(v[0]), sign(v[1]), sign(v[3]), sign(v[4])}
		if m[0]*m[3]-m[1]*m[2] == 0 || (m[0] != 0) == (m[1] != 0) {
			return m, loam.Fail(loam.Invalid, "film.turned")
		}
	}
	return m, nil
}

func sign(n int) int {
	const near = 1 << 6 // of 1 << 16: a rounded zero
	switch {
	case n > near:
		return 1
	case n < -near:
		return -1
	}
	return 0
}
