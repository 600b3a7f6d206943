package media

import (
	"bytes"
	"encoding/binary"
	"iter"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// EXIF tags that tell of the making of a photo (EXIF 2.32); its place is never read.
const (
	tagMake  = 0x010f
	tagModel = 0x0110
	tagTaken = 0x9003
)

// maxFact bounds one fact in bytes.
const maxFact = 120

// Facts are what a file tells of its making, for whoever judges it as evidence: camera,
// taken (as the camera wrote it, without a zone), program, layers (of a layered picture),
// width and height in pixels. What is not said is left out; none of it is proof.
func Facts(b []byte) map[string]string {
	out := map[string]string{}
	set := func(key, value string) {
		value = strings.TrimFunc(strings.ToValidUTF8(value, ""), func(r rune) bool { return unicode.IsSpace(r) || r == 0 })
		value = strings.Map(func(r rune) rune {
			if unicode.IsPrint(r) {
				return r
			}
			return -1
		}, value)
		for len(value) > maxFact {
			_, n := utf8.DecodeLastRuneInString(value)
			value = value[:len(value)-n]
		}
		if value != "" && out[key] == "" {
			out[key] = value
		}
	}
	if w, h, layers, ok := psd(b); ok {
		set("width", strconv.Itoa(w))
		set("height", strconv.Itoa(h))
		set("layers", strconv.Itoa(layers))
	}
	if h, err := Head(b); err == nil {
		set("width", strconv.Itoa(h.Width))
		set("height", strconv.Itoa(h.Height))
	}
	maker := ""
	for f := range anyExif(b) {
		switch f.tag {
		case tagMake:
			maker = strings.Trim(string(f.value), "\x00 ")
		case tagModel:
			model := strings.Trim(string(f.value), "\x00 ")
			if !strings.HasPrefix(strings.ToLower(model), strings.ToLower(maker)) {
				model = maker + " " + model
			}
			set("camera", model)
		case tagTaken:
			set("taken", string(f.value))
		case tagSoftware:
			set("program", string(f.value))
		}
	}
	return out
}

// anyExif is the EXIF structure of a picture; a camera's own format is one itself (TIFF/EP).
func anyExif(b []byte) iter.Seq[exifField] {
	switch t, _ := Sniff(b); t {
	case JPEG:
		segs, _, err := jpegSplit(b)
		for _, s := range segs {
			if err == nil && s.has(mAPP1, exifHeader) {
				return exifFields(s.data[len(exifHeader):])
			}
		}
	case PNG:
		cs, err := pngChunks(b)
		for _, c := range cs {
			if err == nil && c.kind == "eXIf" {
				return exifFields(c.data)
			}
		}
	case "":
		return exifFields(b)
	}
	return noFields
}

// psd reads the size and the number of layers of a Photoshop document (Adobe Photoshop file
// formats specification, file header and layer and mask information sections; version 2 has
// wider lengths).
func psd(b []byte) (w, h, layers int, ok bool) {
	if len(b) < 26 || !bytes.HasPrefix(b, []byte("8BPS")) {
		return 0, 0, 0, false
	}
	big := binary.BigEndian
	wide := big.Uint16(b[4:]) == 2
	h, w = int(big.Uint32(b[14:])), int(big.Uint32(b[18:]))
	at := uint64(26)
	for range 2 { // colour mode data, image resources
		if at+4 > uint64(len(b)) {
			return w, h, 0, true
		}
		at += 4 + uint64(big.Uint32(b[at:]))
	}
	skip := uint64(8) // the lengths of the section and of its layer part
	if wide {
		skip = 16
	}
	if at+skip+2 > uint64(len(b)) || at+skip < at {
		return w, h, 0, true
	}
	n := int(int16(big.Uint16(b[at+skip:])))
	return w, h, max(n, -n), true // below zero where the first channel is transparency
}
