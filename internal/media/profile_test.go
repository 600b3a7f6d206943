package media

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"loam"
)

// profileText is a profile as ImageMagick writes it: in lines of 36 bytes.
func profileText(name string, data []byte) string {
	var lines strings.Builder
	for line := range slices.Chunk(data, 36) {
		lines.WriteString(hex.EncodeToString(line) + "\n")
	}
	return fmt.Sprintf("\n%s\n%8d\n%s", name, len(data), lines.String())
}

// rawProfiles are PNG files with a label in a profile of each kind, and the place it is read at.
func rawProfiles(tb testing.TB) map[string]struct {
	in    []byte
	place string
} {
	tb.Helper()
	png := pngOf(tb, picture(8, 8, 1))
	packet := xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `"><dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">kept</dc:title><T:AIGC>` + escaped(strictJSON) + `</T:AIGC></rdf:Description>`)
	exif := exifOf(exifField{tagDescription, 2, []byte(`{"AIGC":` + strictJSON + "}\x00")})
	bare := func(keyword, name string, data []byte) []byte {
		return cat(png[:33], newChunk("tEXt", []byte(keyword+"\x00"+profileText(name, data))).raw, png[33:])
	}
	return map[string]struct {
		in    []byte
		place string
	}{
		"xmp":       {bare("Raw profile type xmp", "xmp", packet), "png.tEXt"},
		"exif":      {bare("Raw profile type exif", "exif", append([]byte(exifHeader), exif...)), "png.tEXt.ImageDescription"},
		"exif bare": {bare("Raw profile type exif", "exif", exif), "png.tEXt.ImageDescription"},
		"APP1 XMP":  {bare("Raw profile type APP1", "APP1", append([]byte(xmpHeader), packet...)), "png.tEXt"},
		"APP1 EXIF": {bare("Raw profile type APP1", "generic", append([]byte(exifHeader), exif...)), "png.tEXt.ImageDescription"},
		"packed": {
			cat(png[:33], newChunk("zTXt", append([]byte("Raw profile type APP1\x00\x00"), packed(profileText("app1", append([]byte(xmpHeader), packet...)))...)).raw, png[33:]),
			"png.zTXt",
		},
	}
}

// TestRawProfiles: a label in the profiles that ImageMagick writes is read, and taken out of there
// when one is written, and of nothing else.
func TestRawProfiles(t *testing.T) {
	t.Parallel()
	for name, c := range rawProfiles(t) {
		found, err := Read(c.in)
		if labels := implicit(found); err != nil || len(labels) != 1 || labels[0].Place != c.place || labels[0].Mark != strictMark() || !slices.Contains(codes(labels[0]), "encoded") {
			t.Errorf("%s: %+v, %v", name, found, err)
			continue
		}
		out := onlyLabel(t, name, c.in)
		cs, err := pngChunks(out)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(cs, func(k chunk) bool { return profileKind(k.keyword()) != "" })
		if i < 0 {
			t.Errorf("%s: the profile is gone", name)
			continue
		}
		left := allowance(leastAllowed)
		key, text, _ := cs[i].textOf(&left)
		if p, ok := readProfile(profileKind(key), text); !ok || len(implicit(p.marks(""))) > 0 || !p.exif && !bytes.Contains(p.data, []byte("kept")) {
			t.Errorf("%s: left of it: %q", name, text)
		}
	}
	png := pngOf(t, picture(8, 8, 1))
	for _, text := range []string{"", "\n", "\nAPP1", "\nAPP1\n 4\n", "\nAPP1\n 4\n41494743", "\nAPP1\nx\n41494743", "\nexif\n 1\n4", "\nxmp\n 1\nzz"} {
		for _, kind := range []string{"APP1", "exif", "xmp", "icc"} {
			in := cat(png[:33], newChunk("tEXt", []byte("Raw profile type "+kind+"\x00"+text)).raw, png[33:])
			if found, err := Read(in); err != nil || len(found) > 0 {
				t.Errorf("%s, %q: %+v, %v", kind, text, found, err)
			}
		}
	}
}

// TestOraclesRawProfile: exiftool reads such profiles as they are read here.
func TestOraclesRawProfile(t *testing.T) {
	t.Parallel()
	exiftool := tool(t, "exiftool", "libimage-exiftool-perl")
	for name, c := range rawProfiles(t) {
		path := save(t, filepath.Join(t.TempDir(), "a.png"), c.in)
		tag, want := "-XMP:AIGC", strictJSON
		if strings.HasSuffix(c.place, "ImageDescription") {
			tag, want = "-EXIF:ImageDescription", `{"AIGC":`+strictJSON+`}`
		}
		diff(t, name, want, strings.TrimSpace(run(t, exiftool, "-b", tag, path)))
	}
}

// TestLongWidePackets: a label in a packet in UTF-16 that is too long to be parsed is told, in
// whatever container and order, and such a file is not written; without one nothing is told.
func TestLongWidePackets(t *testing.T) {
	t.Parallel()
	padded := func(inner string) string {
		return string(xmpOf(`<!--` + strings.Repeat(" ", maxPacket/2) + `--><rdf:Description xmlns:I="` + nsIPTC + `">` + inner + `</rdf:Description>`))
	}
	label := padded(`<T:AIGC xmlns:T="` + nsAIGC + `">` + escaped(strictJSON) + `</T:AIGC>`)
	source := padded(`<I:DigitalSourceType>` + SourceURI + `trainedAlgorithmicMedia</I:DigitalSourceType>`)
	png := pngOf(t, picture(8, 8, 1))
	containers := map[string]func(packet []byte) []byte{
		"PNG":  func(p []byte) []byte { return cat(png[:33], xmpChunk(p).raw, png[33:]) },
		"WebP": func(p []byte) []byte { return withRIFFChunk(webp1x1, "XMP ", p) },
		"TIFF": func(p []byte) []byte {
			return tiffOf(binary.LittleEndian, false, []tiffTestField{{tagXMP, kindBytes, p}})
		},
		"MP4": func(p []byte) []byte { return movie(nil, nil, uuidBox(uuidXMP, p)) },
	}
	for container, hold := range containers {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			for _, mark := range []bool{true, false} {
				name := fmt.Sprint(container, ", ", order, ", ", mark)
				in := hold(utf16Of(order, mark, label))
				_, found, err := Marks(bytes.NewReader(in))
				if labels := implicit(found); err != nil || len(labels) != 1 || labels[0].Mark != strictMark() || !slices.Contains(codes(labels[0]), "too_long") || !slices.Contains(codes(labels[0]), "encoded") {
					t.Errorf("%s: %+v, %v", name, found, err)
				}
				if _, err := Plan(bytes.NewReader(in), strictMark()); loam.KindOf(err) != loam.Invalid {
					t.Errorf("%s: written: %v", name, err)
				}
				_, found, err = Marks(bytes.NewReader(hold(utf16Of(order, mark, source))))
				if err != nil || len(found) != 1 || found[0].Kind != KindSource || found[0].State != loam.IsAI {
					t.Errorf("%s: a source type: %+v, %v", name, found, err)
				}
				if _, found, err = Marks(bytes.NewReader(hold(utf16Of(order, mark, padded(""))))); err != nil || len(found) > 0 {
					t.Errorf("%s: nothing: %+v, %v", name, found, err)
				}
			}
		}
	}
}
