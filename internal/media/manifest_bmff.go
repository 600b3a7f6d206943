package media

import "loam"

// The uuid box of a manifest store behind its user type (C2PA 2.2, A.5.1): version and flags,
// what the box is for, and the place of the first auxiliary box, of which none is written.
const (
	bmffPurpose = "\x00\x00\x00\x00manifest\x00"
	bmffNoMore  = "\x00\x00\x00\x00\x00\x00\x00\x00"
)

// ManifestUser is the user type of the uuid box that holds a manifest store.
const ManifestUser = "\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81"

// Box is a box of an ISO base media file, its header included. Path names it and the boxes
// around it as /moov/trak; Version is that of a full box and what lies there in others.
type Box struct {
	Span
	Path    string
	Top     bool // no other box is around it
	Version [4]byte
}

// Boxes visits the boxes of an ISO base media file in order, looking into those of the types
// in holders: "media.broken" if they cannot be followed.
func Boxes(src Source, holders []string, visit func(Box) error) error {
	in := scan{src: src}
	return boxWalk(src, holders, func(b box, around []box) error {
		x := Box{Span: Span{b.at, b.end}, Top: len(around) == 0}
		for _, a := range around {
			x.Path += "/" + a.kind
		}
		x.Path += "/" + b.kind
		if v, err := in.at(b.body, 4); err == nil && b.end-b.body >= 4 {
			copy(x.Version[:], v)
		}
		return visit(x)
	})
}

func (s *ManifestStore) findBMFF() error {
	in := scan{src: s.src}
	src := windowed(s.src)
	left := partsOf(src, leastBox)
	return boxes(src, 0, src.Size(), &left, func(b box) error {
		if b.kind == "ftyp" && s.at == 0 {
			s.at = b.end
		}
		if b.user != uuidC2PA {
			return nil
		}
		if !s.begins(&in, b.body, b.end, bmffPurpose) {
			return s.reject("c2pa box: of a purpose that is not read")
		}
		body := b.body + int64(len(bmffPurpose)+len(bmffNoMore))
		if body > b.end {
			return s.reject("c2pa box: cut off")
		}
		return s.only(b.at, b.end, body, b.end-body)
	})
}

// putBMFF puts the box behind ftyp and has every offset behind it corrected. In the place of
// an old one only what is longer is inserted: a store does not get shorter, the old one is
// in it.
func (s *ManifestStore) putBMFF(store []byte) (*Edit, Span, error) {
	b := newBox("uuid", []byte(ManifestUser+bmffPurpose+bmffNoMore), store)
	hole := Span{s.at, s.at + int64(len(b))}
	if s.Spans == nil {
		e, err := bmffInsert(s.src, s.at, b)
		return e, hole, err
	}
	old := s.Spans[0]
	more := hole.To - old.To
	if more < 0 {
		return nil, Span{}, loam.Fail(loam.Invalid, "manifest.shorter")
	}
	shifted, err := bmffInsert(s.src, old.To, make([]byte, more))
	if err != nil {
		return nil, Span{}, err
	}
	e := new(Edit)
	e.keep(shifted, 0, old.From)
	e.add(b)
	e.keep(shifted, hole.To, shifted.Size())
	return e, hole, nil
}
