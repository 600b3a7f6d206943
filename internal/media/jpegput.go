package media

import (
	"bytes"
	"crypto/md5" //nolint:gosec // not for safety: the name XMP gives an extension
	"encoding/hex"
	"strings"

	"loam"
)

// clean takes the label out of the extension: it stays as long as it was, under its new
// digest, which the main packet has to name.
func (x *extension) clean() (was, now string, err error) {
	if len(xmpMarks(x.packet, "")) == 0 {
		return "", "", nil
	}
	less, err := xmpRemove(x.packet)
	if err != nil || !x.whole || len(less) > len(x.packet) {
		return "", "", loam.Fail(loam.Invalid, "label.xmp").Because(err)
	}
	less = append(less, bytes.Repeat([]byte{' '}, len(x.packet)-len(less))...)
	sum := md5.Sum(less)
	now = strings.ToUpper(hex.EncodeToString(sum[:]))
	for _, p := range x.parts {
		was = string(p.data[len(xmpMoreHeader):][:32])
		p.data = bytes.Clone(p.data)
		copy(p.data[len(xmpMoreHeader):], now)
		body := p.data[len(xmpMoreHeader)+xmpMoreFields:]
		less = less[copy(body, less):]
	}
	return was, now, nil
}

// jpegPut puts the label into the XMP segment, making one behind JFIF and EXIF if there is
// none, and takes it out of every other place.
func jpegPut(src Source, raw, term string) (*Edit, error) {
	parts, rest, err := jpegParts(src)
	if err != nil {
		return nil, err
	}
	parts, more, err := jpegPackets(src, parts)
	if err != nil {
		return nil, err
	}
	renamed := map[string]string{}
	for _, x := range more {
		was, now, err := x.clean()
		if err != nil {
			return nil, err
		}
		renamed[was] = now
	}
	place, at := -1, 0
	for i := range parts {
		if place < 0 && parts[i].app1(xmpHeader) {
			place = i
		}
		if at == i && (parts[i].marker == mAPP0 || parts[i].app1(exifHeader)) {
			at = i + 1
		}
	}
	var packet []byte
	if place >= 0 {
		at = place
		packet = parts[place].data[len(xmpHeader):]
	}
	own, err := xmpSegment(packet, raw, term, renamed)
	if err != nil {
		return nil, err
	}
	e := new(Edit)
	e.keep(src, 0, 2)
	for i := range parts {
		if i == at {
			e.add(own)
		}
		if i == place {
			continue
		}
		if err := e.keepPart(src, &parts[i], renamed); err != nil {
			return nil, err
		}
	}
	if at == len(parts) {
		e.add(own)
	}
	return e, e.keepScans(src, rest)
}

// xmpSegment is the segment of a packet with the label.
func xmpSegment(packet []byte, raw, term string, renamed map[string]string) ([]byte, error) {
	packet, err := xmpWrite(rename(packet, renamed), raw, term)
	if err != nil {
		return nil, err
	}
	if len(xmpHeader)+len(packet) > maxSegment {
		packet = xmpTrim(packet)
	}
	if len(xmpHeader)+len(packet) > maxSegment {
		return nil, errNoRoom()
	}
	return newSegment(mAPP1, append([]byte(xmpHeader), packet...)).raw, nil
}

func rename(packet []byte, renamed map[string]string) []byte {
	for was, now := range renamed {
		if was != "" {
			packet = bytes.ReplaceAll(packet, []byte(was), []byte(now))
		}
	}
	return packet
}

// keepPart keeps a segment, less the labels in it.
func (e *Edit) keepPart(src Source, p *jpegPart, renamed map[string]string) error {
	_, said := commentLabel(p.data, "")
	switch {
	case p.bare(), p.marker == mCOM && said:
	case p.app1(xmpHeader):
		packet := p.data[len(xmpHeader):]
		less, err := xmpRemove(packet)
		if err != nil {
			return err
		}
		less = rename(less, renamed)
		if bytes.Equal(less, packet) {
			e.keep(src, p.from, p.to)
			return nil
		}
		e.add(newSegment(mAPP1, append([]byte(xmpHeader), less...)).raw)
	case p.app1(exifHeader) && len(exifMarks(p.data[len(exifHeader):], "")) > 0:
		less, err := exifClean(p.data[len(exifHeader):])
		if err != nil {
			return err
		}
		e.add(newSegment(mAPP1, append([]byte(exifHeader), less...)).raw)
	case p.more() && len(renamed) > 0:
		e.add(newSegment(mAPP1, p.data).raw)
	default:
		e.keep(src, p.from, p.to)
	}
	return nil
}

// keepScans keeps the picture and what follows it, labels there blanked where they stand.
func (e *Edit) keepScans(src Source, rest int64) error {
	late, err := jpegLate(src, rest)
	if err == nil {
		err = jpegEnds(src, rest)
	}
	if err != nil {
		return err
	}
	e.keepLess(src, rest, src.Size(), late)
	return nil
}

func jpegLabel(src Source, _ loam.Mark, raw string) (*Edit, error) { return jpegPut(src, raw, "") }
