package c2pa

import (
	"bytes"
	"encoding/binary"
)

// Limits of a manifest store: deeper or more of it than any tool writes.
const (
	maxDepth = 8
	maxBoxes = 20_000
)

// JUMBF types (ISO 19566-5, B; C2PA 2.2, 11.1.4): four letters and the same ending.
const uuidEnd = "\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"

const (
	typeStore      = "c2pa"
	typeManifest   = "c2ma"
	typeUpdate     = "c2um"
	typeAssertions = "c2as"
	typeClaim      = "c2cl"
	typeSignature  = "c2cs"
	typeCBOR       = "cbor"
)

// superbox is a JUMBF superbox. Body is what a hash of it is over: all behind its header.
type superbox struct {
	kind    string // the first four letters of its type, or all of a foreign one
	label   string
	body    []byte
	boxes   []*superbox
	content []byte // of its first content box that is not one of boxes
	holds   string // that box's type
}

// parseStore reads a manifest store. Nothing is copied: the result lies in b.
func parseStore(b []byte) (*superbox, error) {
	left := maxBoxes
	kind, body, rest, err := nextBox(b)
	if err != nil {
		return nil, err
	}
	if kind != "jumb" || len(rest) > 0 {
		return nil, errMalformed("not one superbox")
	}
	s, err := parseSuperbox(body, 0, &left)
	if err == nil && s.kind != typeStore {
		err = errMalformed("not a manifest store")
	}
	return s, err
}

// nextBox splits the first box from b.
func nextBox(b []byte) (kind string, body, rest []byte, err error) {
	if len(b) < 8 {
		return "", nil, nil, errMalformed("box cut off")
	}
	head, size := 8, uint64(binary.BigEndian.Uint32(b))
	switch size {
	case 0:
		size = uint64(len(b))
	case 1:
		if len(b) < 16 {
			return "", nil, nil, errMalformed("box cut off")
		}
		head, size = 16, binary.BigEndian.Uint64(b[8:])
	}
	if size < uint64(head) || size > uint64(len(b)) {
		return "", nil, nil, errMalformed("box length")
	}
	return named(b[4:8], "jumb", "jumd", "cbor"), b[head:size], b[size:], nil
}

func parseSuperbox(body []byte, depth int, left *int) (*superbox, error) {
	if depth > maxDepth {
		return nil, errMalformed("boxes too deep")
	}
	s := &superbox{body: body}
	kind, desc, rest, err := nextBox(body)
	if err != nil {
		return nil, err
	}
	if kind != "jumd" || !s.describe(desc) {
		return nil, errMalformed("description box")
	}
	for len(rest) > 0 {
		if *left--; *left < 0 {
			return nil, errMalformed("too many boxes")
		}
		var in []byte
		if kind, in, rest, err = nextBox(rest); err != nil {
			return nil, err
		}
		if kind != "jumb" {
			if s.holds == "" {
				s.holds, s.content = kind, in
			}
			continue
		}
		child, err := parseSuperbox(in, depth+1, left)
		if err != nil {
			return nil, err
		}
		s.boxes = append(s.boxes, child)
	}
	return s, nil
}

// describe reads a description box: type, toggles, and the label if there is one.
func (s *superbox) describe(b []byte) bool {
	if len(b) < 17 {
		return false
	}
	if string(b[4:16]) == uuidEnd {
		s.kind = named(b[:4], typeCBOR, typeManifest, typeAssertions, typeClaim, typeSignature, typeStore)
	} else {
		s.kind = string(b[:16])
	}
	if b[16]&2 == 0 {
		return true
	}
	label, _, ended := bytes.Cut(b[17:], []byte{0})
	s.label = named(label, labelStore, labelAssertions, labelClaim, labelSignature, labelActions, labelTraining, labelHash, labelDisclosure)
	return ended && len(label) < 1024
}

// named is b as a string, one of those there are if it is one: a store has the same few names
// over and over.
func named(b []byte, names ...string) string {
	for _, n := range names {
		if string(b) == n {
			return n
		}
	}
	return string(b)
}

// child is the box of a label, nil if there is none or more than one.
func (s *superbox) child(label string) *superbox {
	var found *superbox
	for _, c := range s.boxes {
		if c.label == label {
			if found != nil {
				return nil
			}
			found = c
		}
	}
	return found
}

// of lists the boxes of a type.
func (s *superbox) of(kind string) []*superbox {
	var out []*superbox
	for _, c := range s.boxes {
		if c.kind == kind {
			out = append(out, c)
		}
	}
	return out
}

// writer appends boxes to a buffer.
type writer struct{ b []byte }

// open begins a box and gives the place to close it by.
func (w *writer) open(kind string) int {
	at := len(w.b)
	w.b = append(append(w.b, 0, 0, 0, 0), kind...)
	return at
}

func (w *writer) close(at int) { binary.BigEndian.PutUint32(w.b[at:], uint32(len(w.b)-at)) }

// super begins a superbox: requestable, with a label.
func (w *writer) super(kind, label string) int {
	at := w.open("jumb")
	desc := w.open("jumd")
	w.b = append(append(append(w.b, kind...), uuidEnd...), 3)
	w.b = append(append(w.b, label...), 0)
	w.close(desc)
	return at
}

// cbor writes a superbox with one CBOR box and says where that box's content is.
func (w *writer) cbor(kind, label string, content []byte) part {
	at := w.super(kind, label)
	in := w.open("cbor")
	p := part{box: at + 8, from: len(w.b)}
	w.b = append(w.b, content...)
	p.to = len(w.b)
	w.close(in)
	w.close(at)
	return p
}

// part is a piece of CBOR in a buffer: its superbox's body begins at box, it fills from to to,
// where the superbox ends too.
type part struct{ box, from, to int }

type errMalformed string

func (e errMalformed) Error() string { return "c2pa: " + string(e) }
