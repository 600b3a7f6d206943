package media

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

// jpegPart is one marker segment of a file; data is read where it can hold a mark.
type jpegPart struct {
	marker   byte
	from, to int64
	data     []byte
}

// app1 tells an APP1 segment of a kind.
func (p *jpegPart) app1(header string) bool {
	return p.marker == mAPP1 && bytes.HasPrefix(p.data, []byte(header))
}

// bare is a label some tools write as an APP segment of its own, `AIGC{…}`.
func (p *jpegPart) bare() bool {
	return p.marker >= mAPP0 && p.marker <= mAPP15 && bytes.HasPrefix(p.data, []byte("AIGC"))
}

// more tells a part of extended XMP (XMP specification part 3, 1.1.3.1).
func (p *jpegPart) more() bool {
	return p.app1(xmpMoreHeader) && len(p.data) >= len(xmpMoreHeader)+xmpMoreFields
}

// xmpMoreFields are the digest, the length of the whole and the offset of an extension's part.
const xmpMoreFields = 40

// maxFill bounds the fill bytes before markers: writers pad to a few, and each costs a read.
const maxFill = 1 << 16

// jpegParts reads the segments before the first scan, which begins at rest.
func jpegParts(src Source) (parts []jpegPart, rest int64, err error) {
	src = windowed(src)
	head := make([]byte, 4)
	if n, _ := src.ReadAt(head, 0); n < 4 || head[0] != 0xff || head[1] != mSOI {
		return nil, 0, broken("jpeg: no SOI")
	}
	filled, held := 0, int64(0)
	for at := int64(2); len(parts) < maxJPEGSegment; {
		n, err := src.ReadAt(head, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return parts, 0, err
		}
		switch {
		case n >= 2 && head[0] == 0xff && head[1] == 0xff: // a fill byte
			if filled++; filled > maxFill {
				return parts, 0, broken("jpeg: too many fill bytes")
			}
			at++
			continue
		case n < 4 || head[0] != 0xff:
			return parts, 0, broken("jpeg: no marker where one must be")
		case head[1] == mSOS:
			return parts, at, nil
		}
		p := jpegPart{marker: head[1], from: at, to: at + 2 + int64(binary.BigEndian.Uint16(head[2:]))}
		if p.to < at+4 || p.to > src.Size() || p.marker == mEOI {
			return parts, 0, broken("jpeg: segment longer than the file")
		}
		if err := p.read(src); err != nil {
			return parts, 0, err
		}
		if held += int64(len(p.data)); held > MaxBytes {
			return parts, 0, broken("jpeg: too much metadata")
		}
		parts = append(parts, p)
		at = p.to
	}
	return parts, 0, broken("jpeg: too many segments")
}

func (p *jpegPart) read(src Source) (err error) {
	if p.marker != mCOM && (p.marker < mAPP0 || p.marker > mAPP15) {
		return nil
	}
	n := p.to - p.from - 4
	if p.marker != mAPP1 && p.marker != mAPP11 && p.marker != mCOM {
		if p.data, err = read(src, p.from+4, min(n, 4)); err != nil || !p.bare() {
			return err
		}
	}
	p.data, err = read(src, p.from+4, n)
	return err
}

// jpegMarks finds the labels of a JPEG, and what generators left before its scans.
func jpegMarks(src Source) ([]Found, error) {
	parts, rest, err := jpegParts(src)
	parts, more, e := jpegPackets(src, parts)
	err = cmp.Or(err, e)
	var out []Found
	for i := range parts {
		p := &parts[i]
		switch {
		case p.app1(xmpHeader):
			out = append(out, xmpMarks(p.data[len(xmpHeader):], "jpeg.xmp")...)
		case p.app1(exifHeader):
			out = append(out, exifMarks(p.data[len(exifHeader):], "jpeg.exif")...)
		case p.marker == mAPP11:
			out = append(out, sourceType(p.data, "jpeg.jumbf")...)
		case p.marker == mCOM:
			if f, ok := commentLabel(p.data, "jpeg.comment"); ok {
				out = append(out, f)
			}
		case p.bare():
			out = append(out, readRaw(string(p.data[len("AIGC"):]), "jpeg.app"))
		}
		if len(out) > maxMarks {
			return out, broken("jpeg: too many labels")
		}
	}
	for _, x := range more {
		out = append(out, xmpMarks(x.packet, "jpeg.xmp_extension")...)
	}
	if err == nil {
		var late []lateLabel
		late, err = jpegLate(src, rest)
		for _, l := range late {
			out = append(out, l.found)
		}
	}
	if err == nil {
		err = jpegEnds(src, rest)
	}
	return append(out, jpegTraces(parts)...), err
}

// jpegEnds refuses a picture whose scans break off: they hold no EOI (T.81, B.1.1.5, lets no
// scan hold its bytes). Nearly every file ends with it.
func jpegEnds(src Source, rest int64) error {
	const eoi = "\xff\xd9"
	last, err := read(src, max(rest, src.Size()-2), min(2, src.Size()-rest))
	if err != nil || string(last) == eoi {
		return err
	}
	there, err := contains(src, rest, eoi)
	if err == nil && !there {
		err = broken("jpeg: it ends inside its scans")
	}
	return err
}

// jpegPackets are the packets of extended XMP of a file. If it has more XMP than is parsed, those
// parts are given that stand before, without extensions, and the error.
func jpegPackets(src Source, parts []jpegPart) ([]jpegPart, []extension, error) {
	left, more := allowed(src), extensions(parts)
	for i := range parts {
		if parts[i].app1(xmpHeader) && !left.packet(int64(len(parts[i].data))) {
			return parts[:i], nil, broken("jpeg: more XMP than is parsed")
		}
	}
	for _, x := range more {
		if !left.packet(int64(len(x.packet))) {
			return parts, nil, broken("jpeg: more extended XMP than is parsed")
		}
	}
	return parts, more, nil
}

// extension is one packet of extended XMP: its bytes and the parts it was put together from.
type extension struct {
	packet []byte
	parts  []*jpegPart
	whole  bool // every byte came from a part
}

// extensions puts extended XMP together by its digest. A part that lies about its place is
// left at the end, so that what it says is still seen.
func extensions(parts []jpegPart) []extension {
	var order []string
	by := map[string]*extension{}
	for i := range parts {
		p := &parts[i]
		if !p.more() {
			continue
		}
		guid := string(p.data[len(xmpMoreHeader):][:32])
		if by[guid] == nil {
			by[guid] = new(extension)
			order = append(order, guid)
		}
		by[guid].parts = append(by[guid].parts, p)
	}
	var out []extension
	for _, guid := range order {
		x := by[guid]
		slices.SortStableFunc(x.parts, func(a, b *jpegPart) int { return int(a.offset()) - int(b.offset()) })
		x.whole = true
		for _, p := range x.parts {
			x.whole = x.whole && int(p.offset()) == len(x.packet)
			x.packet = append(x.packet, p.data[len(xmpMoreHeader)+xmpMoreFields:]...)
		}
		out = append(out, *x)
	}
	return out
}

func (p *jpegPart) offset() uint32 {
	return binary.BigEndian.Uint32(p.data[len(xmpMoreHeader)+36:])
}

// jpegLate finds labels between scans and behind the end of the picture. A file that does
// not have the letters there, as nearly none has, is not followed through its scans, and one
// that has is for 40 MB.
func jpegLate(src Source, rest int64) ([]lateLabel, error) {
	there, err := contains(src, rest, "AIGC")
	if err != nil || !there {
		return nil, err
	}
	limit := min(src.Size(), rest+MaxBytes)
	b, err := read(src, rest, limit-rest)
	if err != nil {
		return nil, err
	}
	var out []lateLabel
	for _, s := range jpegBetween(b) {
		out = append(out, lateLabels(b[s.from:s.to], rest+int64(s.from), "jpeg.late")...)
	}
	return out, farther(src, limit)
}

// jpegBetween are the stretches behind the first SOS that are not scans: segments of
// applications, and all behind EOI.
func jpegBetween(b []byte) []span {
	var out []span
	for at := 0; at+1 < len(b) && len(out) < maxChunks; {
		if i := bytes.IndexByte(b[at:], 0xff); i < 0 {
			return out
		} else if at += i; at+1 >= len(b) {
			return out
		}
		m := b[at+1]
		switch {
		case m == 0xff:
			at++
			continue
		case m == 0, m >= 0xd0 && m <= 0xd7: // stuffing, restart
			at += 2
			continue
		case m == mEOI:
			return append(out, span{at + 2, len(b)})
		case len(b)-at < 4:
			return out
		}
		end := min(at+2+int(binary.BigEndian.Uint16(b[at+2:])), len(b))
		if m >= mAPP0 && m <= mAPP15 || m == mCOM {
			out = append(out, span{at, end})
		}
		at = max(end, at+2)
	}
	return out
}
