package media

import (
	"bytes"
	"slices"
)

// Limits of what is held of a Matroska file.
const (
	maxTagsElement = 8 << 20  // bytes of one Tags element
	maxIndex       = 16 << 20 // bytes of one index
	maxHoles       = 64
	maxNest        = 8 // tags in tags
)

func isMatroska(head []byte, _ Source) bool {
	return bytes.HasPrefix(head, []byte{0x1a, 0x45, 0xdf, 0xa3}) && (bytes.Contains(head, []byte("matroska")) || bytes.Contains(head, []byte("webm")))
}

// recording is what a walk through a Matroska or WebM file sees of labels and of where one
// can stand. Places in such a file count from the data of its segment.
type recording struct {
	src     Source
	left    int
	segment element
	last    int64 // where the segment's last element ends
	cluster int64 // where its first cluster starts, 0 if there is none
	seek    *element
	holes   []element // Void before the first cluster
	indexes []element
	tags    []element
	labels  []simpleTag
}

// simpleTag is a tag that is a label, and the Tags element it is in.
type simpleTag struct {
	element
	tags  element
	aside bool // it is in another tag, or of a part of the file
	found Found
}

func matroskaMarks(src Source) ([]Found, error) {
	r, err := recordingScan(src)
	var out []Found
	for _, l := range r.labels {
		out = append(out, l.found)
	}
	return lateMarks(src, r.segment.end, "matroska.late", out, err)
}

// recordingScan finds every label; with an error, those before what is wrong.
func recordingScan(src Source) (*recording, error) {
	r := &recording{src: windowed(src), left: partsOf(src, leastElement)}
	at := int64(0)
	for r.segment.id == 0 {
		e, err := elementAt(src, at, src.Size())
		switch {
		case err != nil:
			return r, err
		case e.id == idSegment:
			r.segment = e
		case e.unknown:
			return r, damaged("matroska: no segment")
		}
		at = e.end
	}
	r.last = r.segment.body
	return r, r.each(r.note)
}

// each calls do for each element of the segment.
func (r *recording) each(do func(element) error) error {
	for at := r.segment.body; at < r.segment.end; {
		e, err := elementAt(r.src, at, r.segment.end)
		if err != nil {
			return err
		}
		if r.left--; r.left < 0 {
			return damaged("ebml: too many elements")
		}
		if e.id == idSegment || e.id == idEBML {
			return damaged("matroska: more than one segment")
		}
		if e.unknown {
			if e.end, err = r.clusterEnd(e); err != nil {
				return err
			}
		}
		if err := do(e); err != nil {
			return err
		}
		at = e.end
	}
	return nil
}

// clusterEnd finds where a cluster of no length ends: at the next element that cannot be
// in one (RFC 9559, 4.5).
func (r *recording) clusterEnd(c element) (int64, error) {
	if c.id != idCluster {
		return 0, damaged("matroska: element of no length")
	}
	for at := c.body; at < c.end; {
		e, err := elementAt(r.src, at, c.end)
		if err != nil {
			return 0, err
		}
		switch e.id {
		case idEBML, idSegment, idSeekHead, idInfo, idTracks, idCluster, idCues, idAttachments, idChapters, idTags:
			return at, nil
		}
		if r.left--; r.left < 0 || e.unknown {
			return 0, damaged("matroska: cluster that cannot be followed")
		}
		at = e.end
	}
	return c.end, nil
}

// note keeps what matters of an element of the segment.
func (r *recording) note(e element) error {
	r.last = e.end
	switch e.id {
	case idCluster:
		if r.cluster == 0 {
			r.cluster = e.at
		}
	case idVoid:
		if r.cluster == 0 && len(r.holes) < maxHoles {
			r.holes = append(r.holes, e)
		}
	case idSeekHead:
		if r.seek == nil {
			r.seek = &e
		}
		r.indexes = append(r.indexes, e)
	case idCues:
		r.indexes = append(r.indexes, e)
	case idTags:
		r.tags = append(r.tags, e)
		if err := r.readTags(e); err != nil {
			return err
		}
	}
	if len(r.tags)+len(r.indexes) > maxLabels {
		return damaged("matroska: too many indexes and tags")
	}
	return nil
}

func (r *recording) readTags(tags element) error {
	return elements(r.src, tags.body, tags.end, &r.left, func(tag element) error {
		if tag.id != idTag {
			return nil
		}
		return r.readTag(tags, tag, 0)
	})
}

// readTag reads the simple tags of a tag or of a simple tag.
func (r *recording) readTag(tags, holder element, depth int) error {
	if depth > maxNest {
		return damaged("matroska: tags too deep")
	}
	part := depth > 0
	return elements(r.src, holder.body, holder.end, &r.left, func(s element) error {
		switch {
		case s.id == idTargets && depth == 0:
			return elements(r.src, s.body, s.end, &r.left, func(t element) error {
				part = part || slices.Contains([]uint32{idTagTrack, idTagEdition, idTagChapter, idTagAttachment}, t.id)
				return nil
			})
		case s.id != idSimpleTag:
			return nil
		}
		found, err := r.label(s)
		if err != nil {
			return err
		}
		if found == nil {
			return r.readTag(tags, s, depth+1)
		}
		if len(r.labels) >= maxLabels {
			return damaged("matroska: too many labels")
		}
		r.labels = append(r.labels, simpleTag{s, tags, part, *found})
		return nil
	})
}

// label reads a simple tag, nil if it is not a label.
func (r *recording) label(s element) (*Found, error) {
	var name, value []byte
	err := elements(r.src, s.body, s.end, &r.left, func(e element) (err error) {
		switch e.id {
		case idTagName:
			name, err = e.data(r.src, 256)
		case idTagString, idTagBinary:
			value, err = e.data(r.src, maxRaw+1)
		}
		return err
	})
	if err != nil || !isAIGC(string(name)) {
		return nil, err
	}
	f := readRaw(string(value), "matroska.tags")
	return &f, nil
}
