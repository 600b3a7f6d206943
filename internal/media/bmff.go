package media

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"slices"
)

// Limits of a walk through boxes: nested deeper or smaller than any muxer writes.
const (
	maxBoxDepth = 12
	leastBox    = 32 // bytes; boxes of media have far more
)

// box is one box of an ISO base media or QuickTime file (ISO 14496-12, 4.2): it starts at
// at, its content at body, and it ends before end.
type box struct {
	kind          string
	user          string // of a uuid box, in hexadecimal
	at, body, end int64
	wide          bool // its length has 64 bits
	open          bool // it has no length: it ends with the file
}

// boxAt reads the header of the box at a place, which must end before limit.
func boxAt(src Source, at, limit int64) (box, error) {
	h, err := read(src, at, min(32, limit-at))
	if err != nil {
		return box{}, err
	}
	if len(h) < 8 {
		return box{}, damaged("bmff: ends inside a box header")
	}
	b := box{kind: string(h[4:8]), at: at, body: at + 8}
	size := int64(binary.BigEndian.Uint32(h))
	switch size {
	case 0:
		b.open, size = true, limit-at
	case 1:
		if len(h) < 16 {
			return b, damaged("bmff: ends inside a box header")
		}
		long := binary.BigEndian.Uint64(h[8:])
		if long > uint64(limit-at) {
			return b, damaged("bmff: box longer than what holds it")
		}
		b.wide, b.body, size = true, at+16, int64(long)
	}
	if b.kind == "uuid" {
		user := h[b.body-at:]
		if len(user) < 16 {
			return b, damaged("bmff: ends inside a user type")
		}
		b.user, b.body = hex.EncodeToString(user[:16]), b.body+16
	}
	b.end = at + size
	if size > limit-at || b.end < b.body {
		return b, damaged("bmff: box longer than what holds it")
	}
	return b, nil
}

// topBoxes are the boxes that may be cut off at the end of a film; what else does not fit there
// is no box.
var topBoxes = []string{
	"ftyp", "styp", "moov", "mdat", "moof", "mfra", "meta", "meco", "udta", "uuid", "free", "skip", "wide", "sidx", "ssix", "pdin", "prft", "emsg", "pnot", "jumb",
}

// boxes calls do for each box between two places and counts them down in left. Fewer than
// eight bytes behind the last box, and a zero that QuickTime ends user data with, are no box.
// Behind a film or picture other bytes are Invalid, "media.trailing".
func boxes(src Source, from, to int64, left *int, do func(box) error) error {
	film := false
	for at := from; to-at >= 8; {
		if *left--; *left < 0 {
			return damaged("bmff: too many boxes")
		}
		b, err := boxAt(src, at, to)
		if err != nil && film && !slices.Contains(topBoxes, b.kind) {
			return trailing(at)
		}
		if err != nil {
			return err
		}
		if film && b.open && !slices.Contains(topBoxes, b.kind) {
			return zerosTo(src, at, to)
		}
		film = film || from == 0 && (b.kind == "moov" || b.kind == "meta")
		if b.open && from > 0 {
			return nil
		}
		if err := do(b); err != nil {
			return err
		}
		at = b.end
	}
	return nil
}

// zerosTo lets zeros stand behind a film, which read like a box without a length; behind them
// other bytes are Invalid, "media.trailing".
func zerosTo(src Source, at, to int64) error {
	b := make([]byte, searchBuffer)
	for from := at; from < to; from += int64(len(b)) {
		n, err := src.ReadAt(b[:min(int64(len(b)), to-from)], from)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if bytes.ContainsFunc(b[:n], func(r rune) bool { return r != 0 }) {
			return trailing(at)
		}
	}
	return nil
}

// boxWalk visits every box of a file in order, those of holders before the boxes they hold;
// in are the boxes around it, outermost first.
func boxWalk(src Source, holders []string, visit func(b box, in []box) error) error {
	src = windowed(src)
	left := partsOf(src, leastBox)
	var walk func(from, to int64, in []box) error
	walk = func(from, to int64, in []box) error {
		return boxes(src, from, to, &left, func(b box) error {
			if err := visit(b, in); err != nil {
				return err
			}
			if !slices.Contains(holders, b.kind) {
				return nil
			}
			if len(in) >= maxBoxDepth {
				return damaged("bmff: boxes too deep")
			}
			start, err := b.children(src)
			if err != nil {
				return err
			}
			return walk(start, b.end, append(in[:len(in):len(in)], b))
		})
	}
	return walk(0, src.Size(), nil)
}

// children is where a holder's boxes begin. A meta box has a version before them in ISO
// files and none in QuickTime's.
func (b box) children(src Source) (int64, error) {
	if b.kind != "meta" || b.end-b.body < 8 {
		return b.body, nil
	}
	h, err := read(src, b.body, 8)
	if err != nil {
		return 0, err
	}
	if string(h[4:]) == "hdlr" {
		return b.body, nil
	}
	return b.body + 4, nil
}

// under reports whether the innermost boxes around one are of these kinds.
func under(in []box, kinds ...string) bool {
	if len(in) < len(kinds) {
		return false
	}
	for i, k := range kinds {
		if in[len(in)-len(kinds)+i].kind != k {
			return false
		}
	}
	return true
}

// content reads the beginning of a box's content, at most limit bytes.
func (b box) content(src Source, limit int64) ([]byte, error) {
	return read(src, b.body, min(b.end-b.body, limit))
}

// newBox makes a box of parts.
func newBox(kind string, parts ...[]byte) []byte {
	n := 8
	for _, p := range parts {
		n += len(p)
	}
	out := binary.BigEndian.AppendUint32(make([]byte, 0, n), uint32(n))
	out = append(out, kind...)
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// bmffInsert plans a file with one more top-level box at the place at, which must be the
// start of a box or the file's end. Every absolute offset in the file is corrected.
func bmffInsert(src Source, at int64, b []byte) (*Edit, error) {
	left, boundary := partsOf(src, leastBox), false
	err := boxes(windowed(src), 0, src.Size(), &left, func(b box) error {
		boundary = boundary || b.at == at || b.end == at && !b.open
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !boundary {
		return nil, damaged("bmff: no box begins there")
	}
	return bmffSplice(src, []change{{at: at, end: at, lit: b}})
}
