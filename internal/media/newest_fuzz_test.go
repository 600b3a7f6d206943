package media

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// FuzzComment: a text that is a label somewhere is read as one in bounds, whatever it holds.
func FuzzComment(f *testing.F) {
	f.Add([]byte(`{"AIGC":` + strictJSON + `}`))
	f.Add([]byte("\x00 {\"AIGC\":{\"Label\":\"2\"}}\r\n"))
	f.Add([]byte(`{"AIGC`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, ok := commentLabel(b, "fuzz"); ok && (l.Kind != KindImplicit || len(l.Raw) > maxRaw || l.Place != "fuzz") {
			t.Fatalf("%+v", l)
		}
	})
}

// FuzzWide: a packet in UTF-16 is read as the same one in UTF-8 is, and without its labels has none.
func FuzzWide(f *testing.F) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, mark := range []bool{true, false} {
			f.Add(utf16Of(order, mark, string(xmpOf(`<rdf:Description xmlns:T="`+nsAIGC+`"><T:AIGC>`+escaped(strictJSON)+`</T:AIGC></rdf:Description>`))))
		}
	}
	f.Add([]byte("<\x00?\x00x\x00m\x00l\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		out, wide := wideMarks(b, "fuzz")
		if wide != isWide(b) || !wide && len(out) > 0 || len(out) > 2*maxMarks {
			t.Fatalf("%v, %d marks", wide, len(out))
		}
		if less, err := xmpRemove(b); err == nil && len(implicit(xmpMarks(less, "fuzz"))) > 0 && !isWide(less) {
			t.Fatalf("left in %q", less)
		}
	})
}

// FuzzProfile: a profile of a PNG that has labels has none once they are taken out, and stays one.
func FuzzProfile(f *testing.F) {
	exif := exifOf(exifField{tagDescription, 2, []byte(`{"AIGC":` + strictJSON + `}`)})
	packet := xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `"><T:AIGC>{}</T:AIGC></rdf:Description>`)
	f.Add("APP1", profileText("generic", append([]byte(exifHeader), exif...)))
	f.Add("APP1", profileText("APP1", append([]byte(xmpHeader), packet...)))
	f.Add("exif", profileText("exif", exif))
	f.Add("xmp", profileText("xmp", packet))
	f.Fuzz(func(t *testing.T, kind, text string) {
		kind = profileKind(profileKeyword + kind)
		p, ok := readProfile(kind, []byte(text))
		if kind == "" || !ok || len(implicit(p.marks("fuzz"))) == 0 {
			return
		}
		c, err := p.clean(newChunk("tEXt", []byte(profileKeyword+kind+"\x00"+text)))
		if err != nil {
			return
		}
		left := allowance(leastAllowed)
		_, less, ok := c.textOf(&left)
		again, read := readProfile(kind, less)
		if !ok || !read || again.exif != p.exif || len(implicit(again.marks("fuzz"))) > 0 {
			t.Fatalf("%q became %q", text, less)
		}
	})
}

// FuzzLate: labels in bytes of no form lie in them one behind the other, and blanked they are gone and
// nothing else is.
func FuzzLate(f *testing.F) {
	f.Add([]byte(`AIGC{"Label":"1"}`), 0)
	f.Add([]byte("odd\x00{\"AIGC\":"+strictJSON+"}\n<T:AIGC>{&quot;Label&quot;:&quot;2&quot;}</T:AIGC>"), 3)
	f.Add([]byte("AIGC{AIGC}}"), 1)
	f.Fuzz(func(t *testing.T, b []byte, end int) {
		src := bytes.NewReader(b)
		at := int64(end)
		if at < 0 || at > src.Size() {
			return
		}
		late, err := behind(src, at, "fuzz")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range late {
			if l.from < at || l.to <= l.from || l.to > src.Size() || l.found.Place != "fuzz" {
				t.Fatalf("%+v of %d bytes", l, len(b))
			}
			at = l.to
		}
		e := new(Edit)
		e.keepLess(src, 0, src.Size(), late)
		got, err := e.Bytes()
		if err != nil || len(got) != len(b) {
			t.Fatalf("%d bytes of %d, %v", len(got), len(b), err)
		}
		want := bytes.Clone(b)
		blank(want, late)
		if !bytes.Equal(got, want) {
			t.Fatalf("%q became %q", b, got)
		}
	})
}

// FuzzAllowance: however often it is asked for, no more is unpacked of a file than it is allowed.
func FuzzAllowance(f *testing.F) {
	f.Add(packed("a text"), uint16(100), uint8(3))
	f.Add(packed(string(make([]byte, 1<<14))), uint16(1<<14), uint8(2))
	f.Add([]byte("\x78\x9c"), uint16(0), uint8(1))
	f.Fuzz(func(t *testing.T, b []byte, given uint16, times uint8) {
		left, took := allowance(given), 0
		for range times {
			if out, ok := inflate(b, &left); ok {
				took += len(out)
			}
		}
		if took > int(given) {
			t.Fatalf("%d of %d bytes", took, given)
		}
	})
}

// blank does by hand what writing does to labels in bytes of no form.
func blank(b []byte, late []lateLabel) {
	for _, l := range late {
		copy(b[l.from:l.to], bytes.Repeat([]byte{' '}, int(l.to-l.from)))
	}
}
