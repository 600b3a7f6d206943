package media

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"strings"

	"loam"
)

// pngPart is one chunk of a file; c has its bytes if it can hold a mark, and begins the head
// of what there was no room for.
type pngPart struct {
	kind     string
	from, to int64
	c        chunk
	begins   chunk
}

// pngReads tells the chunks that can hold a mark.
func pngReads(kind string) bool {
	return kind == "tEXt" || kind == "zTXt" || kind == "iTXt" || kind == "eXIf" || kind == "caBX"
}

// pngParts reads the chunks up to and including IEND.
func pngParts(src Source) ([]pngPart, error) {
	src = windowed(src)
	magic, err := read(src, 0, int64(len(pngMagic)))
	if err != nil || !bytes.Equal(magic, pngMagic) {
		return nil, broken("png: no signature")
	}
	var out []pngPart
	room := int64(MaxBytes) // for all that is held
	for at := int64(len(pngMagic)); len(out) < maxChunks; {
		head, err := read(src, at, 8)
		if err != nil {
			return out, broken("png: ends inside a chunk")
		}
		p := pngPart{kind: string(head[4:]), from: at, to: at + 12 + int64(binary.BigEndian.Uint32(head))}
		if p.to > src.Size() {
			return out, broken("png: chunk longer than the file")
		}
		if pngReads(p.kind) && p.to-p.from <= room {
			room -= p.to - p.from
			raw, err := read(src, p.from, p.to-p.from)
			if err != nil {
				return out, err
			}
			p.c = chunk{p.kind, raw[8 : len(raw)-4], raw}
		} else if pngReads(p.kind) {
			raw, err := read(src, p.from+8, min(2*maxRaw, p.to-p.from-12))
			if err != nil {
				return out, err
			}
			p.begins = chunk{kind: p.kind, data: raw}
		}
		out = append(out, p)
		if at = p.to; p.kind == "IEND" {
			return out, nil
		}
	}
	return out, broken("png: too many chunks")
}

// pngMarks reads every place a label may lie in: chunks behind IDAT, and what stands behind
// the file's own end.
func pngMarks(src Source) ([]Found, error) {
	parts, err := pngParts(src)
	var out []Found
	for _, p := range parts {
		found := pngChunkMarks(p.c)
		if len(found) > 0 && !p.c.intact() {
			for i := range found {
				found[i].warn("crc")
			}
		}
		long, bad := pngLong(src, p)
		if bad != nil && err == nil {
			err = bad
		}
		if out = append(append(out, found...), long...); len(out) > maxMarks {
			return out, broken("png: too many labels")
		}
		if p.c.sealed() && err == nil {
			err = errPNGPacked()
		}
	}
	if err != nil {
		return out, err
	}
	late, err := pngLate(src, parts)
	for _, l := range late {
		out = append(out, l.found)
	}
	return append(out, pngTraces(parts)...), err
}

// pngLong finds the labels of a chunk that is too long to be held: where the file is at fault
// for it, the error.
func pngLong(src Source, p pngPart) ([]Found, error) {
	from, end := p.from+8, p.to-4
	switch p.begins.kind {
	case "":
		return nil, nil
	case "eXIf":
		return exifLies(src, from, end-from, "png.eXIf")
	case "caBX":
		return packetSource(src, from, end, "png.caBX")
	}
	if p.begins.sealed() {
		return nil, errPNGPacked()
	}
	if key, _, ok := p.begins.textOf(); ok && key == xmpKeyword {
		return packetMarks(src, from, end-from, "png.xmp")
	}
	out := pngChunkMarks(p.begins)
	for i := range out {
		out[i].bad("too_long")
	}
	return out, nil
}

// errPNGPacked is a packet that a label may stand in and that cannot be unpacked.
func errPNGPacked() error { return broken("png: an XMP packet that cannot be unpacked") }

// sealed tells an XMP packet that cannot be unpacked.
func (c chunk) sealed() bool {
	_, _, ok := c.textOf()
	return !ok && (c.kind == "iTXt" || c.kind == "zTXt") && c.keyword() == xmpKeyword
}

func pngChunkMarks(c chunk) []Found {
	switch c.kind {
	case "":
		return nil
	case "eXIf":
		return exifMarks(c.data, "png.eXIf")
	case "caBX":
		return sourceType(c.data, "png.caBX")
	}
	key, text, ok := c.textOf()
	switch {
	case !ok && isAIGC(c.keyword()):
		f := readRaw("", "png."+c.kind) // packed beyond all measure, or not packed at all
		f.bad("packed")
		return []Found{f}
	case !ok:
		return nil
	case key == xmpKeyword:
		return xmpMarks(text, "png.xmp")
	case isAIGC(key):
		return []Found{readRaw(string(text), "png."+c.kind)}
	}
	return nil
}

// keyword is a text chunk's keyword, whatever its text is.
func (c chunk) keyword() string {
	key, _, _ := bytes.Cut(c.data, []byte{0})
	return string(key[:min(len(key), 79)])
}

func isAIGC(name string) bool { return strings.Contains(strings.ToUpper(name), "AIGC") }

// pngLate finds labels behind IEND.
func pngLate(src Source, parts []pngPart) ([]lateLabel, error) {
	end := parts[len(parts)-1].to
	if end == src.Size() {
		return nil, nil
	}
	there, err := contains(src, end, "AIGC")
	if err != nil || !there {
		return nil, err
	}
	if src.Size()-end > MaxBytes {
		return nil, loam.Fail(loam.TooLarge, "file.too_large", "40 MB")
	}
	b, err := read(src, end, src.Size()-end)
	if err != nil {
		return nil, err
	}
	return lateLabels(b, end, "png.trailer"), nil
}

// pngPut puts the label into the XMP packet before IDAT, making one if there is none, and
// takes it out of every other place.
func pngPut(src Source, raw, term string) (*Edit, error) {
	parts, err := pngParts(src)
	if err != nil {
		return nil, err
	}
	if parts[0].kind != "IHDR" {
		return nil, broken("png: IHDR is not first")
	}
	place, early := -1, true
	var packet []byte
	for i, p := range parts {
		if p.c.sealed() {
			return nil, errPNGPacked()
		}
		if long, err := pngLong(src, p); err != nil || len(implicit(long)) > 0 {
			return nil, cmp.Or(err, broken("png: a label that is too long to be taken out"))
		}
		if key, text, ok := p.c.textOf(); place < 0 && ok && key == xmpKeyword {
			place, packet = i, text
		}
		early = early && (place >= 0 || p.kind != "IDAT")
	}
	if packet, err = xmpWrite(packet, raw, term); err != nil {
		return nil, err
	}
	e := new(Edit)
	e.keep(src, 0, parts[0].to)
	if place < 0 || !early {
		e.add(xmpChunk(packet).raw)
	}
	for i, p := range parts[1:] {
		if i+1 != place {
			if err := e.keepChunk(src, p); err != nil {
				return nil, err
			}
		} else if early {
			e.add(xmpChunk(packet).raw)
		}
	}
	late, err := pngLate(src, parts)
	if err != nil {
		return nil, err
	}
	at := parts[len(parts)-1].to
	for _, l := range late {
		e.keep(src, at, l.from)
		e.add(bytes.Repeat([]byte{' '}, int(l.to-l.from)))
		at = l.to
	}
	e.keep(src, at, src.Size())
	return e, nil
}

// keepChunk keeps a chunk, less the labels in it.
func (e *Edit) keepChunk(src Source, p pngPart) error {
	labelled := false
	for _, f := range pngChunkMarks(p.c) {
		labelled = labelled || f.Kind == KindImplicit
	}
	if !labelled {
		e.keep(src, p.from, p.to)
		return nil
	}
	key, text, ok := p.c.textOf()
	switch {
	case p.kind == "eXIf":
		less, err := exifClean(p.c.data)
		if err != nil {
			return err
		}
		e.add(newChunk(p.kind, less).raw)
	case ok && key == xmpKeyword:
		rest, err := xmpRemove(text)
		if err != nil {
			return err
		}
		e.add(xmpChunk(rest).raw)
	}
	return nil
}

func pngLabel(src Source, _ loam.Mark, raw string) (*Edit, error) { return pngPut(src, raw, "") }
