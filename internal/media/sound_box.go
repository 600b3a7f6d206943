package media

import (
	"bytes"
	"encoding/binary"
	"slices"

	"loam"
)

// riffSound reads the format of a WAV and how many bytes of sound it has: PCM and floating point
// only, whose length follows from that.
func riffSound(src Source) (followed, error) {
	f, err := riffScan(src)
	if err != nil {
		return followed{}, err
	}
	find := func(id string) int {
		return slices.IndexFunc(f.chunks, func(c riffChunk) bool { return c.id == id })
	}
	form, sound := find("fmt "), find("data")
	if form < 0 || sound < form || f.chunks[form].end-f.chunks[form].body < 16 {
		return followed{}, damaged("wav: no format before its sound")
	}
	fc, data := f.chunks[form], f.chunks[sound]
	h, err := read(src, fc.body, min(40, fc.end-fc.body))
	if err != nil {
		return followed{}, err
	}
	kind, channels, rate, bits := binary.LittleEndian.Uint16(h), int64(binary.LittleEndian.Uint16(h[2:])), int64(binary.LittleEndian.Uint32(h[4:])), int64(binary.LittleEndian.Uint16(h[14:]))
	if kind == 0xfffe && len(h) >= 26 { // the codec stands in its extension
		kind = binary.LittleEndian.Uint16(h[24:])
	}
	switch {
	case kind != 1 && kind != 3:
		return followed{}, noCodec("WAV")
	case channels < 1 || channels > 8 || rate < 3000 || rate > 384_000 || !slices.Contains([]int64{8, 16, 24, 32, 64}, bits):
		return followed{}, noCodec("WAV")
	}
	frame := channels * bits / 8
	ends := data.end - (data.end-data.body)%frame
	return followed{lasting((ends-data.body)/frame, rate), func() (*Edit, error) {
		head := append([]byte("RIFF\x00\x00\x00\x00WAVE"), newRIFFChunk("fmt ", h)...)
		n := ends - data.body
		odd := n & 1
		binary.LittleEndian.PutUint32(head[4:], uint32(int64(len(head))-8+8+n+odd))
		head = binary.LittleEndian.AppendUint32(append(head, "data"...), uint32(n))
		e := new(Edit)
		e.add(head)
		e.keep(src, data.body, ends)
		e.add(make([]byte, odd))
		return e, nil
	}}, nil
}

// boxed is what a walk through an MP4 sees of its tracks and of what is no sound.
type boxed struct {
	src       Source
	tracks    int
	films     int
	kind      string // of the first track's samples
	scale     int64
	long      int64 // of the first track, in its scale
	fragments bool
	spare     []change // what is not needed to hear it
}

// boxSound reads the one track of an M4A: AAC, not in fragments. The longer of what its header
// and its table of times say counts.
func boxSound(src Source) (followed, error) {
	f := &boxed{src: src}
	if err := boxWalk(src, soundHolders, f.visit); err != nil {
		return followed{}, err
	}
	switch {
	case f.films > 0:
		return followed{}, loam.Fail(loam.Invalid, "sound.film")
	case f.fragments:
		return followed{}, noCodec("MP4")
	case f.tracks != 1:
		return followed{}, loam.Fail(loam.Invalid, "sound.tracks")
	case f.kind != "mp4a":
		return followed{}, noCodec(printable(f.kind))
	}
	return followed{lasting(f.long, f.scale), func() (*Edit, error) { return bmffSplice(src, f.spare) }}, nil
}

// soundHolders are the boxes that are looked into, and soundBoxes the others that it takes to hear a
// sound (ISO 14496-12, table 1).
var (
	soundHolders = []string{"moov", "trak", "mdia", "minf", "stbl"}
	soundBoxes   = []string{
		"ftyp", "mdat", "mvhd", "iods", "tkhd", "edts", "mdhd", "hdlr", "elng", "smhd", "dinf", "stsd", "stts", "ctts", "cslg", "stsc", "stsz", "stz2", "stco", "co64",
		"stss", "sbgp", "sgpd",
	}
)

func (f *boxed) visit(b box, in []box) error {
	switch {
	case b.kind == "moof":
		f.fragments = true
	case !slices.Contains(soundHolders, b.kind) && !slices.Contains(soundBoxes, b.kind):
		return f.drop(b, in)
	case b.kind == "trak":
		f.tracks++
	case b.kind == "hdlr" && under(in, "trak", "mdia"):
		h, err := b.content(f.src, 12)
		if err == nil && len(h) == 12 && string(h[8:]) == "vide" {
			f.films++
		}
		if err == nil && (len(h) < 12 || !slices.Contains([]string{"soun", "vide"}, string(h[8:]))) {
			f.tracks++ // words or pictures beside the sound, which nobody looks at
		}
		return err
	case b.kind == "mdhd" && f.tracks == 1:
		return f.header(b)
	case b.kind == "stts" && f.tracks == 1:
		return f.times(b)
	case b.kind == "stsd" && f.tracks == 1:
		h, err := b.content(f.src, 16)
		if err == nil && len(h) == 16 {
			f.kind = string(h[12:])
		}
		return err
	}
	return nil
}

// maxSpare bounds the stretches that are left out: a file has a few.
const maxSpare = 4096

// drop leaves a box out, together with those just before it.
func (f *boxed) drop(b box, in []box) error {
	if n := len(f.spare) - 1; n >= 0 && f.spare[n].end == b.at && len(f.spare[n].in) == len(in) {
		f.spare[n].end = b.end
		return nil
	}
	if len(f.spare) == maxSpare {
		return damaged("bmff: too much between the parts of a sound")
	}
	f.spare = append(f.spare, change{at: b.at, end: b.end, in: in})
	return nil
}

// header reads a track's scale and length (ISO 14496-12, 8.4.2).
func (f *boxed) header(b box) error {
	h, err := b.content(f.src, 32)
	switch {
	case err != nil:
		return err
	case len(h) >= 32 && h[0] == 1:
		f.scale = int64(binary.BigEndian.Uint32(h[20:]))
		f.longer(binary.BigEndian.Uint64(h[24:]))
	case len(h) >= 20:
		f.scale = int64(binary.BigEndian.Uint32(h[12:]))
		f.longer(uint64(binary.BigEndian.Uint32(h[16:])))
	default:
		return damaged("bmff: media header cut short")
	}
	return nil
}

// maxTimes bounds a table of times, in bytes: a sound has one entry or two.
const maxTimes = 1 << 20

// times adds up the lengths of a track's samples (ISO 14496-12, 8.6.1.2).
func (f *boxed) times(b box) error {
	if b.end-b.body > maxTimes {
		return damaged("bmff: a table of times too long for a sound")
	}
	h, err := b.content(f.src, maxTimes)
	if err != nil || len(h) < 8 {
		return err
	}
	total := uint64(0)
	for e := h[8:]; len(e) >= 8; e = e[8:] {
		total += uint64(binary.BigEndian.Uint32(e)) * uint64(binary.BigEndian.Uint32(e[4:]))
		if total > 1<<62 {
			break
		}
	}
	f.longer(total)
	return nil
}

// unknownLength is a header's length that is told elsewhere.
const unknownLength = 1<<32 - 1

func (f *boxed) longer(n uint64) {
	if n != unknownLength && n < 1<<62 {
		f.long = max(f.long, int64(n))
	}
}

// printable is the name of a codec as one can read it.
func printable(kind string) string {
	return string(bytes.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, []byte(kind)))
}
