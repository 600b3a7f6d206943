package media

import (
	"bytes"
	"encoding/binary"
)

// JPEG markers (ITU-T T.81, table B.1).
const (
	mSOI   = 0xd8
	mEOI   = 0xd9
	mSOS   = 0xda
	mAPP0  = 0xe0
	mAPP1  = 0xe1
	mAPP2  = 0xe2
	mAPP11 = 0xeb
	mAPP14 = 0xee
	mAPP15 = 0xef
	mCOM   = 0xfe
)

const (
	xmpHeader      = "http://ns.adobe.com/xap/1.0/\x00"
	xmpMoreHeader  = "http://ns.adobe.com/xmp/extension/\x00"
	exifHeader     = "Exif\x00\x00"
	iccHeader      = "ICC_PROFILE\x00"
	maxSegment     = 65533 // payload
	maxScans       = 200   // a progressive picture has about ten; each costs a pass over all pixels
	maxJPEGSegment = 20_000
)

// segment is one marker segment before the first scan; raw is all of it.
type segment struct {
	marker byte
	data   []byte
	raw    []byte
}

// jpegSplit splits a JPEG into the segments before its first scan and the rest.
func jpegSplit(b []byte) (segs []segment, rest []byte, err error) {
	if len(b) < 4 || b[0] != 0xff || b[1] != mSOI {
		return nil, nil, broken("jpeg: no SOI")
	}
	for at := 2; len(segs) < maxJPEGSegment; {
		for at < len(b)-1 && b[at] == 0xff && b[at+1] == 0xff {
			at++ // fill bytes
		}
		if len(b)-at < 4 || b[at] != 0xff {
			return nil, nil, broken("jpeg: no marker where one must be")
		}
		m := b[at+1]
		if m == mSOS {
			return segs, b[at:], nil
		}
		n := int(binary.BigEndian.Uint16(b[at+2:]))
		if n < 2 || n > len(b)-at-2 || m == mEOI {
			return nil, nil, broken("jpeg: segment longer than the file")
		}
		segs = append(segs, segment{m, b[at+4 : at+2+n], b[at : at+2+n]})
		at += 2 + n
	}
	return nil, nil, broken("jpeg: too many segments")
}

func newSegment(marker byte, data []byte) segment {
	raw := make([]byte, 0, len(data)+4)
	raw = append(raw, 0xff, marker)
	raw = binary.BigEndian.AppendUint16(raw, uint16(len(data)+2))
	raw = append(raw, data...)
	return segment{marker, raw[4:], raw}
}

func joinSegments(segs []segment, rest []byte) []byte {
	n := 2 + len(rest)
	for _, s := range segs {
		n += len(s.raw)
	}
	out := append(make([]byte, 0, n), 0xff, mSOI)
	for _, s := range segs {
		out = append(out, s.raw...)
	}
	return append(out, rest...)
}

func (s segment) has(marker byte, header string) bool {
	return s.marker == marker && bytes.HasPrefix(s.data, []byte(header))
}

// jpegStrip keeps what is needed to show the picture: JFIF, the colour profile, Adobe's
// colour transform. It ends at the end of the last scan.
func jpegStrip(b []byte) ([]byte, error) {
	segs, rest, err := jpegSplit(b)
	if err != nil {
		return nil, err
	}
	var kept []segment
	for _, s := range segs {
		app := s.marker >= mAPP0 && s.marker <= mAPP15
		if s.marker == mCOM || app && !(s.has(mAPP0, "JFIF\x00") || s.has(mAPP2, iccHeader) || s.has(mAPP14, "Adobe")) {
			continue
		}
		kept = append(kept, s)
	}
	return joinSegments(kept, scansOnly(rest)), nil
}

// scansOnly copies the bytes from the first scan to EOI, without the metadata segments
// that may stand between scans; a missing EOI is added.
func scansOnly(b []byte) []byte {
	out := make([]byte, 0, len(b)+2)
	from := 0
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], 0xff)
		if i < 0 || at+i+1 >= len(b) {
			break
		}
		at += i
		m := b[at+1]
		switch {
		case m == 0xff: // fill
			at++
			continue
		case m == 0, m >= 0xd0 && m <= 0xd7: // stuffing, restart
			at += 2
			continue
		case m == mEOI:
			return append(out, b[from:at+2]...)
		}
		if len(b)-at < 4 {
			break
		}
		end := min(at+2+int(binary.BigEndian.Uint16(b[at+2:])), len(b))
		if m >= mAPP0 && m <= mAPP15 || m == mCOM {
			out = append(out, b[from:at]...)
			from = end
		}
		at = end
	}
	return append(append(out, b[from:]...), 0xff, mEOI)
}

// jpegScans refuses a picture whose scans are far more than any encoder writes.
func jpegScans(b []byte) error {
	if n := bytes.Count(b, []byte{0xff, mSOS, 0}); n > maxScans {
		return errString("jpeg: too many scans")
	}
	return nil
}

// jpegCarryProfile copies the colour profile of another JPEG.
func jpegCarryProfile(fresh, from []byte) ([]byte, error) {
	return jpegCopy(fresh, from, func(s segment) bool { return s.has(mAPP2, iccHeader) })
}

// jpegCarry copies all metadata of another JPEG, its orientation reset: the new pixels
// are upright.
func jpegCarry(fresh, from []byte) ([]byte, error) {
	return jpegCopy(fresh, from, func(s segment) bool {
		return s.marker == mCOM || s.marker > mAPP0 && s.marker <= mAPP15 && !s.has(mAPP14, "Adobe")
	})
}

func jpegCopy(fresh, from []byte, take func(segment) bool) ([]byte, error) {
	segs, rest, err := jpegSplit(fresh)
	if err != nil {
		return nil, err
	}
	old, _, err := jpegSplit(from)
	if err != nil {
		return nil, err
	}
	var out []segment
	for _, s := range old {
		if !take(s) || s.has(mAPP2, iccHeader) && !jpegColour(old) {
			continue
		}
		if s.has(mAPP1, exifHeader) {
			s = newSegment(mAPP1, append([]byte(exifHeader), exifUpright(s.data[len(exifHeader):])...))
		}
		out = append(out, s)
	}
	return joinSegments(append(out, segs...), rest), nil
}

// jpegColour tells a picture of three components: profiles of grey and CMYK ones do not
// fit the YCbCr written here.
func jpegColour(segs []segment) bool {
	for _, s := range segs {
		if s.marker >= 0xc0 && s.marker <= 0xc2 && len(s.data) > 5 {
			return s.data[5] == 3
		}
	}
	return false
}

func jpegOrientation(b []byte) int {
	segs, _, err := jpegSplit(b)
	if err != nil {
		return 1
	}
	for _, s := range segs {
		if s.has(mAPP1, exifHeader) {
			return exifOrientation(s.data[len(exifHeader):])
		}
	}
	return 1
}
