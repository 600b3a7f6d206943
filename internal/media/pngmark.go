package media

import (
	"cmp"
	"strings"

	"loam"
)

// pngMarks reads every place a label may lie in: chunks behind IDAT, and what stands behind
// the file's own end.
func pngMarks(src Source) ([]Found, error) {
	f, err := pngRead(src)
	var out []Found
	for i := range f.parts {
		out = append(out, f.parts[i].found...)
		err = cmp.Or(err, f.parts[i].bad)
	}
	if err == nil {
		out, err = lateMarks(src, f.end(), "png.trailer", out, nil)
	}
	return append(out, f.traces...), err
}

func isAIGC(name string) bool { return strings.Contains(strings.ToUpper(name), "AIGC") }

// pngPut puts the label into the XMP packet before IDAT, making one if there is none, and
// takes it out of every other place.
func pngPut(src Source, raw, term string) (*Edit, error) {
	f, err := pngRead(src)
	if err != nil {
		return nil, err
	}
	if f.first != "IHDR" {
		return nil, broken("png: IHDR is not first")
	}
	place, early := -1, true
	var packet []byte
	for i, p := range f.parts {
		if p.bad != nil {
			return nil, p.bad
		}
		if p.long && len(implicit(p.found)) > 0 {
			return nil, broken("png: a label that is too long to be taken out")
		}
		if place < 0 && p.xmp {
			place = i
			_, packet, _ = p.c.textOf(allowed(src))
		}
		early = early && (place >= 0 || !p.pixels)
	}
	if packet, err = xmpWrite(packet, raw, term); err != nil {
		return nil, err
	}
	e := new(Edit)
	e.keep(src, 0, f.parts[0].to)
	if place < 0 || !early {
		e.add(xmpChunk(packet).raw)
	}
	for i, p := range f.parts[1:] {
		if i+1 != place {
			if err := e.keepChunk(src, p); err != nil {
				return nil, err
			}
		} else if early {
			e.add(xmpChunk(packet).raw)
		}
	}
	late, err := behind(src, f.end(), "png.trailer")
	if err != nil {
		return nil, err
	}
	e.keepLess(src, f.end(), src.Size(), late)
	return e, nil
}

// keepChunk keeps a chunk, less the labels in it.
func (e *Edit) keepChunk(src Source, p pngPart) error {
	if len(implicit(p.found)) == 0 {
		e.keep(src, p.from, p.to)
		return nil
	}
	key, text, ok := p.c.textOf(allowed(src))
	switch {
	case p.c.kind == "eXIf":
		less, err := exifClean(p.c.data)
		if err != nil {
			return err
		}
		e.add(newChunk(p.c.kind, less).raw)
	case ok && profileKind(key) != "":
		profile, _ := readProfile(profileKind(key), text)
		less, err := profile.clean(p.c)
		if err != nil {
			return err
		}
		e.add(less.raw)
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
