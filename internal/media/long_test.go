package media

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"loam"
)

// longFiles have a label that padding drives out of what is held at once, in every place
// where a reader meets one: none may pass for a file without a label.
func longFiles(tb testing.TB) map[string][]byte {
	little := binary.LittleEndian
	label := `{"AIGC":` + strictJSON + `}`
	blanks := strings.Repeat(" ", 80<<10)
	ascii := "ASCII\x00\x00\x00"
	p, j := pngOf(tb, picture(8, 8, 1)), jpegOf(tb, picture(8, 8, 1))
	many := make([]exifField, 600)
	for i := range many {
		many[i] = exifField{tagSoftware, 2, []byte("x\x00")}
	}
	over := exifOf(exifField{tagDescription, 2, []byte(label)})
	little.PutUint32(over[14:], 80<<10) // the field says that it goes on behind its segment
	megabyte := xmpOf(`<!--` + strings.Repeat(" ", 2<<20) + `--><rdf:Description xmlns:T="` + nsAIGC + `"><T:AIGC>` + escaped(strictJSON) + `</T:AIGC></rdf:Description>`)
	exif := exifOf(exifField{tagSoftware, 2, bytes.Repeat([]byte("x"), 2<<20)}, exifField{tagUserComment, 7, []byte(ascii + label)})
	return map[string][]byte{
		"TIFF description, padded":        tiffOf(little, false, []tiffTestField{{tagDescription, 2, []byte(label + blanks)}}),
		"TIFF description, padded before": tiffOf(little, false, []tiffTestField{{tagDescription, 2, []byte(blanks + label)}}),
		"TIFF description, long inside":   tiffOf(little, false, []tiffTestField{{tagDescription, 2, []byte(`{"x":"` + blanks + `",` + label[1:])}}),
		"BigTIFF description":             tiffOf(little, true, []tiffTestField{{tagDescription, 2, []byte(label + blanks)}}),
		"JPEG EXIF, longer than it is":    withSegment(j, mAPP1, append([]byte(exifHeader), over...)),
		"JPEG EXIF, many fields":          withSegment(j, mAPP1, append([]byte(exifHeader), exifOf(append(many, exifField{tagDescription, 2, []byte(label)})...)...)),
		"PNG EXIF, padded":                withChunk(tb, p, newChunk("eXIf", exifOf(exifField{tagUserComment, 7, []byte(ascii + label + blanks)})), false),
		"PNG EXIF, Unicode":               withChunk(tb, p, newChunk("eXIf", exifOf(exifField{tagUserComment, 7, utf16Comment(label + blanks)})), false),
		"PNG XMP, packed":                 withChunk(tb, p, newChunk("iTXt", append([]byte(xmpKeyword+"\x00\x01\x00\x00\x00"), packed(string(megabyte))...)), false),
		"WebP EXIF":                       withRIFFChunk(webp1x1, "EXIF", exif),
		"WebP XMP":                        withRIFFChunk(webp1x1, "XMP ", megabyte),
		"MP4 XMP":                         movie(nil, nil, newBox("uuid", []byte("\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac"), megabyte)),
	}
}

func withRIFFChunk(b []byte, id string, data []byte) []byte {
	out := append(bytes.Clone(b), newRIFFChunk(id, data)...)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

// TestLongLabels: a label behind padding of any length is found or the file is told to be
// broken, and such a file is written with one label or not at all.
func TestLongLabels(t *testing.T) {
	t.Parallel()
	for name, b := range longFiles(t) {
		_, found, err := Marks(bytes.NewReader(b))
		switch labels := implicit(found); {
		case len(labels) == 0 && loam.KindOf(err) != loam.Invalid:
			t.Errorf("%s: no label and no word, %v", name, err)
		case len(labels) > 0 && labels[0].Strict() && strings.Contains(name, "padded"):
			t.Errorf("%s: taken for a strict label", name)
		case len(labels) > 0 && labels[0].State != loam.IsAI && !slices.Contains(codes(labels[0]), "too_long"):
			t.Errorf("%s: %+v", name, labels[0].Defects)
		}
		e, err := Plan(bytes.NewReader(b), strictMark())
		if err != nil {
			if loam.KindOf(err) != loam.Invalid {
				t.Errorf("%s: Plan: %v", name, err)
			}
			continue
		}
		_, found, err = Marks(e)
		if labels := implicit(found); err != nil || len(labels) != 1 || !labels[0].Strict() {
			t.Errorf("%s: written, and read back as %+v, %v", name, labels, err)
		}
	}
}

// TestLongTIFF: fields that a reader cannot hold are searched where they lie.
func TestLongTIFF(t *testing.T) {
	t.Parallel()
	little := binary.LittleEndian
	blanks := bytes.Repeat([]byte(" "), MaxBytes)
	packet := xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `"><T:AIGC>` + escaped(strictJSON) + `</T:AIGC></rdf:Description>`)
	for name, f := range map[string]tiffTestField{
		"packet":      {tagXMP, kindByte, slices.Concat(blanks, packet)},
		"description": {tagDescription, 2, slices.Concat([]byte(`{"x":"`), blanks, []byte(`","AIGC":{"Label":"1"}}`))},
	} {
		b := tiffOf(little, false, []tiffTestField{f})
		_, found, err := Marks(bytes.NewReader(b))
		if err != nil || len(found) != 1 || found[0].Strict() || !slices.Contains(codes(found[0]), "too_long") {
			t.Errorf("%s: %d found, %v", name, len(found), err)
		}
		if _, err := Plan(bytes.NewReader(b), strictMark()); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: Plan: %v", name, err)
		}
	}
	pages := make([][]tiffTestField, 100)
	pages[99] = []tiffTestField{{tagDescription, 2, []byte(`{"AIGC":` + strictJSON + `}`)}}
	if _, found, err := Marks(bytes.NewReader(tiffOf(little, false, pages...))); err != nil || len(found) != 1 {
		t.Errorf("the hundredth page: %d found, %v", len(found), err)
	}
	ome := tiffOf(little, false, []tiffTestField{{tagDescription, 2, slices.Concat([]byte("<OME>AIGC"), blanks)}})
	if _, found, err := Marks(bytes.NewReader(ome)); err != nil || len(found) != 0 {
		t.Errorf("a long description that is none: %d found, %v", len(found), err)
	}
}
