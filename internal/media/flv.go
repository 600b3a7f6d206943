package media

import "encoding/binary"

// Limits of what is read of an FLV file.
const (
	maxScript = 1 << 20 // bytes of one script tag
	maxAMF    = 8       // objects in objects
)

// The kinds of FLV tags (Adobe Flash Video File Format 10.1, E.4.1).
const (
	flvAudio  = 8
	flvVideo  = 9
	flvScript = 18
	flvHead   = 11 // bytes before a tag's data
)

// flvMarks reads the label out of the script tags (E.4.4): the value of a key named AIGC in
// onMetaData; and what stands behind the tags.
func flvMarks(src Source) ([]Found, error) {
	h, err := read(src, 0, min(9, src.Size()))
	if err != nil || len(h) < 9 {
		return nil, damaged("flv: ends inside its header")
	}
	var out []Found
	src = windowed(src)
	left := partsOf(src, leastBox)
	at := int64(binary.BigEndian.Uint32(h[5:])) + 4
	for src.Size()-at >= flvHead {
		t, err := read(src, at, flvHead)
		if err != nil {
			return out, err
		}
		body, size := at+flvHead, int64(bigEndian(t[1:4]))
		if left--; left < 0 {
			return out, damaged("flv: too many tags")
		}
		kind := t[0] & 0x1f
		if kind != flvAudio && kind != flvVideo && kind != flvScript && !flvEnds(src, body+size, size) {
			break
		}
		if size > src.Size()-body {
			out, _ = lateMarks(src, at, "flv.late", out, nil) // that it is cut is told
			return out, damaged("flv: tag longer than the file")
		}
		if kind == flvScript {
			b, err := read(src, body, min(size, maxScript))
			if err != nil {
				return out, err
			}
			a := &amf{fields: fields{b: b}}
			a.script()
			if out = append(out, a.found...); len(out) > maxLabels {
				return out, damaged("flv: too many labels")
			}
		}
		at = body + size + 4
	}
	return lateMarks(src, min(at, src.Size()), "flv.late", out, nil)
}

// flvEnds reports whether the length of a tag stands behind it, as it must: of a kind that is not
// known nothing else tells that it is one.
func flvEnds(src Source, at, size int64) bool {
	b, err := read(src, at, 4)
	return err == nil && int64(binary.BigEndian.Uint32(b)) == flvHead+size
}

// amf reads values of AMF 0, the encoding of scripts (Adobe AMF 0 specification).
type amf struct {
	fields
	found []Found
}

// script reads a name and its values.
func (a *amf) script() {
	if a.next(1) == 2 && string(a.bytes(a.next(2))) == "onMetaData" {
		for a.i < len(a.b) && !a.over {
			a.value("", 0)
		}
	}
}

func (a *amf) bytes(n uint64) []byte {
	if n > uint64(len(a.b)-a.i) {
		a.over, a.i = true, len(a.b)
		return nil
	}
	b := a.b[a.i : a.i+int(n)]
	a.i += int(n)
	return b
}

// value reads one value; under the name of a label it is one, whatever its type.
func (a *amf) value(name string, depth int) {
	label, text := isAIGC(name) && len(a.found) <= maxLabels, ""
	switch a.next(1) {
	case 0:
		a.next(8)
	case 11: // a date and its zone
		a.bytes(10)
	case 1:
		a.next(1)
	case 2:
		text = string(a.bytes(a.next(2)))
	case 12, 15: // long string, XML
		text = string(a.bytes(a.next(4)))
	case 3:
		a.object(depth)
	case 8: // an object after its size
		a.next(4)
		a.object(depth)
	case 16: // an object after its class
		a.bytes(a.next(2))
		a.object(depth)
	case 10:
		for n := a.next(4); n > 0 && !a.over && depth < maxAMF; n-- {
			a.value("", depth+1)
		}
	case 7:
		a.next(2)
	case 5, 6, 13:
	default:
		a.over = true
	}
	if label {
		a.found = append(a.found, readRaw(text, "flv.onMetaData"))
	}
}

// object reads names and values up to the end marker.
func (a *amf) object(depth int) {
	if depth >= maxAMF {
		a.over = true
	}
	for !a.over {
		name := a.bytes(a.next(2))
		if len(name) == 0 && a.i < len(a.b) && a.b[a.i] == 9 {
			a.i++
			return
		}
		a.value(string(name), depth+1)
	}
}
