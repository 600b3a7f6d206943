package media

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// pngFile is what is kept of a PNG that was walked through: little, however many chunks it has.
type pngFile struct {
	first  string    // the kind of its first chunk, which is the first part
	parts  []pngPart // all of it in order, up to and including IEND
	traces []Found   // what generators left
	noted  int       // marks so far, each packet without one counted too
	room   int64     // for the bytes that are held
	left   *allowance
}

// pngPart is a stretch of a file: one chunk that has marks or could take one, or chunks of which
// nothing is to be said.
type pngPart struct {
	from, to int64
	pixels   bool    // it begins with an IDAT
	c        chunk   // the one chunk, unless it is too long to be held
	found    []Found // the marks in it
	xmp      bool    // c is an XMP packet that can be read
	long     bool    // it is one chunk, too long to be held
	bad      error   // why what it may hold cannot be told
}

// noted tells a part that is looked at again.
func (p *pngPart) noted() bool { return p.c.kind != "" || len(p.found) > 0 || p.bad != nil }

// end is where the file ends by its own account.
func (f *pngFile) end() int64 { return f.parts[len(f.parts)-1].to }

// pngReads tells the chunks that can hold a mark.
func pngReads(kind string) bool {
	return kind == "tEXt" || kind == "zTXt" || kind == "iTXt" || kind == "eXIf" || kind == "caBX"
}

// pngRead walks through a file up to IEND; with an error, it gives what stands before it.
func pngRead(src Source) (*pngFile, error) {
	src = windowed(src)
	f, in := &pngFile{room: MaxBytes, left: allowed(src)}, scan{src: src}
	if magic, err := in.at(0, len(pngMagic)); err != nil || !bytes.Equal(magic, pngMagic) {
		return f, broken("png: no signature")
	}
	for at, n := int64(len(pngMagic)), 0; n < maxChunks; n++ {
		head, err := in.at(at, 8)
		if err != nil {
			return f, broken("png: ends inside a chunk")
		}
		kind := string(head[4:])
		p := pngPart{from: at, to: at + 12 + int64(binary.BigEndian.Uint32(head)), pixels: kind == "IDAT"}
		if p.to > src.Size() {
			return f, broken("png: chunk longer than the file")
		}
		if n == 0 {
			f.first = kind
		}
		if pngReads(kind) {
			if err := f.look(src, kind, &p); err != nil {
				return f, err
			}
		}
		f.add(p)
		if f.noted > maxMarks {
			return f, broken("png: too many labels")
		}
		if at = p.to; kind == "IEND" {
			return f, nil
		}
	}
	return f, broken("png: too many chunks")
}

// add appends a part, to the last one if there is nothing to be said of either. The first chunk
// and the first IDAT are begun anew: a packet goes between them.
func (f *pngFile) add(p pngPart) {
	last := len(f.parts) - 1
	if last < 1 || p.noted() || f.parts[last].noted() || p.pixels && !f.parts[last].pixels {
		f.parts = append(f.parts, p)
		return
	}
	f.parts[last].to = p.to
}

// look reads a chunk for marks and traces, and keeps its bytes if it is looked at again.
func (f *pngFile) look(src Source, kind string, p *pngPart) error {
	if p.to-p.from > f.room {
		p.long = true
		p.found, p.bad = f.longMarks(src, kind, p.from+8, p.to-4)
		f.noted += len(p.found)
		return nil
	}
	raw, err := read(src, p.from, p.to-p.from)
	if err != nil {
		return err
	}
	c := chunk{kind, raw[8 : len(raw)-4], raw}
	if p.found, p.xmp = f.marks(c); f.left.spent() {
		return broken("png: more packed text and XMP than is read")
	}
	if !p.xmp && c.keyword() == xmpKeyword && (kind == "iTXt" || kind == "zTXt") {
		p.bad = errPNGPacked()
	}
	if len(p.found) == 0 && !p.xmp && p.bad == nil {
		return nil
	}
	if !c.intact() {
		for i := range p.found {
			p.found[i].warn("crc")
		}
	}
	p.c = c
	f.room -= p.to - p.from
	f.noted += max(1, len(p.found))
	return nil
}

// marks are the labels in a chunk, and whether it is an XMP packet that can be read. What a
// generator left in it is noted.
func (f *pngFile) marks(c chunk) (found []Found, xmp bool) {
	place := "png." + c.kind
	switch c.kind {
	case "eXIf":
		f.trace(func() []Found { return exifTraces(c.data, "png.exif") })
		return exifMarks(c.data, place), false
	case "caBX":
		return sourceType(c.data, place), false
	}
	key, text, ok := c.textOf(f.left)
	switch {
	case f.left.spent():
		return nil, false
	case !ok && isAIGC(c.keyword()):
		f := readRaw("", place) // packed beyond all measure, or not packed at all
		f.bad("packed")
		return []Found{f}, false
	case !ok:
		return nil, false
	case key == xmpKeyword:
		if !f.left.packet(int64(len(text))) {
			return nil, false
		}
		f.trace(func() []Found { return toolTrace(text, place) })
		return xmpMarks(text, "png.xmp"), true
	case profileKind(key) != "":
		if !f.left.packet(int64(len(text) / 2)) {
			return nil, false
		}
		p, ok := readProfile(profileKind(key), text)
		if !ok {
			return nil, false
		}
		if p.exif {
			f.trace(func() []Found { return exifTraces(p.data[p.head:], place) })
		}
		return p.marks(place), false
	case isAIGC(key):
		found = []Found{readRaw(string(text), place)}
	default:
		if label, ok := commentLabel(text, place); ok {
			found = []Found{label}
		}
	}
	f.trace(func() []Found {
		return textTrace(string(text[:min(len(text), maxTraceText)]), place, strings.EqualFold(key, "Software"))
	})
	return found, false
}

// trace notes what a generator left, as long as that may tell something new.
func (f *pngFile) trace(find func() []Found) {
	if room := maxMarks - len(f.traces); room > 0 {
		found := find()
		f.traces = append(f.traces, found[:min(len(found), room)]...)
	}
}

// longMarks finds the labels of a chunk that is too long to be held, whose data lie between two
// places: where the file is at fault for it, the error.
func (f *pngFile) longMarks(src Source, kind string, from, end int64) ([]Found, error) {
	switch kind {
	case "eXIf":
		return exifLies(src, from, end-from, "png.eXIf")
	case "caBX":
		return packetSource(src, from, end, "png.caBX", false)
	}
	data, err := read(src, from, min(2*maxRaw, end-from))
	if err != nil {
		return nil, err
	}
	begins := chunk{kind: kind, data: data}
	key, _, ok := begins.textOf(f.left)
	switch {
	case ok && key == xmpKeyword:
		return packetMarks(src, from, end-from, "png.xmp", f.left)
	case !ok && begins.keyword() == xmpKeyword && kind != "tEXt":
		return nil, errPNGPacked()
	}
	out, _ := f.marks(begins)
	for i := range out {
		out[i].bad("too_long")
	}
	return out, nil
}

// errPNGPacked is a packet that a label may stand in and that cannot be unpacked.
func errPNGPacked() error { return broken("png: an XMP packet that cannot be unpacked") }

// keyword is a text chunk's keyword, whatever its text is.
func (c chunk) keyword() string {
	key, _, _ := bytes.Cut(c.data, []byte{0})
	return string(key[:min(len(key), 79)])
}
