package media

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"
)

// chunkSize64 stands for a length that is told elsewhere, or not known.
const chunkSize64 = math.MaxUint32

// maxRIFFChunks bounds a walk: the longest animation has fewer.
const maxRIFFChunks = 10_000

// riff tells a RIFF file of a kind, or one of the two with lengths of 64 bits (EBU Tech
// 3306, ITU-R BS.2088).
func riff(kind string) func([]byte, Source) bool {
	return func(head []byte, _ Source) bool {
		return len(head) >= 12 && string(head[8:12]) == kind && slices.Contains([]string{"RIFF", "RF64", "BW64"}, string(head[:4]))
	}
}

// riffChunk is one chunk: its data is at body up to end, next behind the padding.
type riffChunk struct {
	id                  string
	at, body, end, next int64
	list                *riffChunk // the LIST it is in
}

// riffFile is what a walk through a RIFF file sees. Its own length may say less than there
// is; labels behind that end are found too.
type riffFile struct {
	src     Source
	walk    Source // src as the walk reads it
	kind    string // WAVE, AVI, WEBP
	end     int64
	last    int64      // where its last chunk ends
	unsized bool       // the file's length is not told
	open    bool       // that of its sound is not: it goes on to the end
	long    *riffChunk // ds64: where lengths of 64 bits stand
	data64  int64
	chunks  []riffChunk // those of the file itself
	spots   []riffSpot
	late    []lateLabel // behind its end, in no chunk
	traces  []Found     // what generators left in a WebP
	left    *allowance
}

// riffSpot is a chunk with marks: a label, or a packet that has one.
type riffSpot struct {
	riffChunk
	marks []Found
}

func riffMarks(src Source) ([]Found, error) {
	f, err := riffScan(src)
	return f.found(), err
}

func (f *riffFile) found() []Found {
	var out []Found
	for _, s := range f.spots {
		out = append(out, s.marks...)
	}
	for _, l := range f.late {
		out = append(out, l.found)
	}
	return out
}

// broken is a file that cannot be followed: a picture, or a sound or film.
func (f *riffFile) broken(why string) error {
	if f.kind == "WEBP" {
		return broken("webp: " + why)
	}
	return damaged("riff: " + why)
}

// riffScan finds every label; with an error, those before what is wrong.
func riffScan(src Source) (*riffFile, error) {
	f := &riffFile{src: src, walk: windowed(src), left: allowed(src)}
	h, err := read(src, 0, 12)
	if err != nil {
		return f, f.broken("ends inside its header")
	}
	if size := binary.LittleEndian.Uint32(h[4:]); size < 4 && size != 0 {
		return f, f.broken("shorter than its header")
	}
	f.kind = strings.TrimSpace(string(h[8:]))
	size := int64(binary.LittleEndian.Uint32(h[4:]))
	f.last, f.end = 12, min(8+size, src.Size())
	if f.kind == "WAVE" && (size == 0 || size == chunkSize64) {
		f.unsized, f.end = true, src.Size()
	} else if size == 0 || 8+size > src.Size() {
		err = f.broken("shorter than it says")
	}
	for at := int64(12); src.Size()-at >= 8; {
		c, e := f.chunkAt(at, src.Size())
		if e == nil {
			e = f.note(c)
		}
		if at >= f.end && e != nil {
			break // what stands behind the file need not be chunks
		}
		if e != nil {
			return f, e
		}
		if at < f.end { // a last padding may not be counted
			f.last, f.end = c.next, max(f.end, c.next)
		}
		at = c.next
	}
	if err == nil {
		err = f.behind()
	}
	return f, err
}

// place is the container's name in places.
func (f *riffFile) place() string {
	return map[string]string{"WAVE": "wav.", "AVI": "avi.", "WEBP": "webp."}[f.kind]
}

// behind finds labels behind the file's end that no chunk there holds.
func (f *riffFile) behind() (err error) {
	f.late, err = behind(f.src, f.end, f.place()+"late")
	f.late = slices.DeleteFunc(f.late, func(l lateLabel) bool {
		return slices.ContainsFunc(f.spots, func(s riffSpot) bool { return s.at <= l.from && l.from < s.next })
	})
	return err
}

func (f *riffFile) chunkAt(at, limit int64) (riffChunk, error) {
	h, err := read(f.walk, at, 8)
	if err != nil {
		return riffChunk{}, err
	}
	c := riffChunk{id: string(h[:4]), at: at, body: at + 8}
	size := int64(binary.LittleEndian.Uint32(h[4:]))
	if c.id == "data" && f.kind == "WAVE" {
		switch {
		case size == chunkSize64 && f.long != nil:
			size = f.data64
		case size == chunkSize64, size == 0 && f.unsized:
			f.open, size = true, limit-c.body
		}
	}
	if size < 0 || size > limit-c.body {
		return c, f.broken("chunk longer than the file")
	}
	c.end = c.body + size
	c.next = min(c.end+size&1, limit)
	return c, nil
}

// note keeps what matters of a chunk of the file.
func (f *riffFile) note(c riffChunk) error {
	if len(f.chunks) >= maxRIFFChunks {
		return f.broken("too many chunks")
	}
	f.chunks = append(f.chunks, c)
	switch c.id {
	case "ds64":
		h, err := read(f.src, c.body, 16)
		if err != nil || c.end-c.body < 16 || f.long != nil {
			return f.broken("long lengths cut short")
		}
		f.long, f.data64 = &c, int64(binary.LittleEndian.Uint64(h[8:]))
		if end := binary.LittleEndian.Uint64(h); end <= uint64(f.src.Size()-8) && end >= 4 {
			f.end = 8 + int64(end)
			return nil
		}
		return f.broken("shorter than it says")
	case "LIST":
		return f.list(c)
	}
	return f.marks(c)
}

// list reads the chunks of a LIST of INFO.
func (f *riffFile) list(l riffChunk) error {
	h, err := read(f.walk, l.body, min(4, l.end-l.body))
	if err != nil || string(h) != "INFO" {
		return err
	}
	for at, n := l.body+4, 0; l.end-at >= 8; n++ {
		c, err := f.chunkAt(at, l.end)
		if err != nil {
			return err
		}
		if n > maxLabels {
			return f.broken("too many chunks")
		}
		c.list = &l
		if isAIGC(c.id) {
			if err := f.marks(c); err != nil {
				return err
			}
		}
		at = c.next
	}
	return nil
}

// marks reads the marks of a chunk.
func (f *riffFile) marks(c riffChunk) error {
	place := f.place()
	n := c.end - c.body
	var found []Found
	var err error
	switch c.id {
	case "XMP ", "_PMX", "EXIF":
		found, err = f.metadata(c, place)
	case "C2PA":
		found, err = packetSource(f.src, c.body, c.end, place+"c2pa", false)
	default:
		if !isAIGC(c.id) {
			return nil
		}
		if c.list != nil {
			place += "INFO."
		}
		var b []byte
		b, err = read(f.src, c.body, min(n, maxRaw+1))
		found = []Found{readRaw(string(b), place+c.id)}
	}
	if len(found) > 0 {
		f.spots = append(f.spots, riffSpot{c, found})
	}
	if err == nil && len(f.spots) > maxLabels {
		err = f.broken("too many labels")
	}
	return err
}

// metadata reads the marks of a packet or of EXIF, and what generators left there.
func (f *riffFile) metadata(c riffChunk, place string) ([]Found, error) {
	n := c.end - c.body
	b, err := read(f.src, c.body, min(n, maxPacket))
	if err != nil {
		return nil, err
	}
	exif := c.id == "EXIF"
	if !exif && !f.left.packet(n) {
		return nil, f.broken("more XMP than is parsed")
	}
	if f.kind == "WEBP" && len(f.traces) <= maxLabels {
		if exif {
			f.traces = append(f.traces, exifTraces(bytes.TrimPrefix(b, []byte(exifHeader)), place+"exif")...)
		} else {
			f.traces = append(f.traces, toolTrace(b, place+"xmp")...)
		}
	}
	switch {
	case exif && n > maxPacket:
		return exifLies(f.src, c.body, n, place+"exif")
	case exif:
		return exifMarks(bytes.TrimPrefix(b, []byte(exifHeader)), place+"exif"), nil
	case n > maxPacket:
		return packetMarks(f.src, c.body, n, place+"xmp", f.left)
	}
	return xmpMarks(b, place+"xmp"), nil
}
