package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/webp"

	"loam"
)

func le32(n int) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(n)) }

// riffOf is a RIFF file of chunks.
func riffOf(kind string, chunks ...[]byte) []byte {
	data := cat(append([][]byte{[]byte(kind)}, chunks...)...)
	return cat([]byte("RIFF"), le32(len(data)), data)
}

func soundFormat() []byte { return newRIFFChunk("fmt ", make([]byte, 16)) }

// longWAV is a file with lengths of 64 bits.
func longWAV(kind string, chunks ...[]byte) []byte {
	rest := cat(append([][]byte{soundFormat(), []byte("data"), le32(-1), []byte("sound!")}, chunks...)...)
	long := newRIFFChunk("ds64", cat(le32(4+36+len(rest)), le32(0), le32(6), le32(0), le32(3), le32(0), le32(0)))
	return cat([]byte(kind), le32(-1), []byte("WAVE"), long, rest)
}

// dirtySounds are RIFF files with one label by the place it is in.
func dirtySounds() map[string][]byte {
	wrapped := `{"AIGC":` + strictJSON + `}`
	data := newRIFFChunk("data", []byte("sound!"))
	label := newRIFFChunk("AIGC", []byte(wrapped))
	return map[string][]byte{
		"wav.AIGC":           riffOf("WAVE", soundFormat(), data, label),
		"wav.AIGC before":    riffOf("WAVE", soundFormat(), label, data, newRIFFChunk("cue ", make([]byte, 5))),
		"wav.AIGC RF64":      longWAV("RF64", label),
		"wav.AIGC BW64":      longWAV("BW64", newRIFFChunk("axml", []byte("odd")), label),
		"wav.aigc":           riffOf("WAVE", soundFormat(), data, newRIFFChunk("aigc", []byte(strictJSON+"\x00"))),
		"wav.INFO.AIGC":      riffOf("WAVE", soundFormat(), newRIFFChunk("LIST", cat([]byte("INFO"), newRIFFChunk("INAM", []byte("abc")), label, newRIFFChunk("ICMT", []byte("d")))), data),
		"wav.xmp":            riffOf("WAVE", soundFormat(), data, newRIFFChunk("_PMX", attributePacket())),
		"wav.AIGC not ended": cat([]byte("RIFF"), le32(-1), []byte("WAVE"), soundFormat(), label, []byte("data"), le32(-1), []byte("sound")),
		"wav.aigc unpadded":  riffOf("WAVE", soundFormat(), data, cat([]byte("aigc"), le32(len(strictJSON)), []byte(strictJSON))),
		"wav.AIGC behind":    cat(riffOf("WAVE", soundFormat(), data), label),
	}
}

// chunksOf lists what labelling must keep of a RIFF file.
func chunksOf(t testing.TB, b []byte) []string {
	t.Helper()
	f, err := riffScan(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	b = slices.Clone(b)
	blank(b, f.late) // even where that looks like a chunk
	var out []string
	for _, c := range f.chunks {
		d := b[c.body:c.end]
		switch {
		case isAIGC(c.id), c.id == "ds64", c.id == "XMP ", c.id == "VP8X":
			continue
		case c.id == "LIST" && bytes.HasPrefix(d, []byte("INFO")):
			for at := c.body + 4; c.end-at >= 8; {
				s, err := f.chunkAt(at, c.end)
				if err != nil { // behind the file's end
					break
				}
				if !isAIGC(s.id) {
					out = append(out, "INFO "+s.id+" "+string(b[s.body:s.end]))
				}
				at = s.next
			}
			continue
		case c.id == "_PMX":
			if less, err := xmpRemove(d); err == nil {
				d = less
			}
		case c.id == "EXIF":
			skip := len(d) - len(bytes.TrimPrefix(d, []byte(exifHeader)))
			d = append(slices.Clone(d[:skip]), exifErase(d[skip:])...)
		}
		out = append(out, c.id+" "+string(d))
	}
	return out
}

func TestSounds(t *testing.T) {
	t.Parallel()
	for name, in := range dirtySounds() {
		place, _, _ := strings.Cut(name, " ")
		found, err := Read(in)
		if err != nil || len(found) != 1 || found[0].Place != place || found[0].Mark != strictMark() {
			t.Errorf("%s: got %+v, %v", name, found, err)
			continue
		}
		out := labelled(t, in)
		diff(t, name, chunksOf(t, in), chunksOf(t, out))
		sized(t, name, out)
	}
	data := newRIFFChunk("data", []byte("sound"))
	for name, in := range map[string][]byte{
		"plain":           riffOf("WAVE", soundFormat(), data),
		"no last padding": riffOf("WAVE", soundFormat(), data[:len(data)-1]),
		"padding uncounted": func() []byte {
			b := riffOf("WAVE", soundFormat(), data)
			return append(cat(b[:4], le32(len(b)-9)), b[8:]...)
		}(),
		"RF64":      longWAV("RF64"),
		"not ended": cat([]byte("RIFF"), le32(0), []byte("WAVE"), soundFormat(), []byte("data"), le32(0), []byte("sound")),
		"trailing":  cat(riffOf("WAVE", soundFormat(), data), []byte("TAGsomething")),
	} {
		if found, err := Read(in); err != nil || len(found) != 0 {
			t.Errorf("%s: got %+v, %v", name, found, err)
		}
		out := labelled(t, in)
		diff(t, name, chunksOf(t, in), chunksOf(t, out))
		sized(t, name, out)
	}
}

// sized checks that a file's length is what it says.
func sized(t testing.TB, name string, b []byte) {
	t.Helper()
	f, err := riffScan(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range f.spots {
		if s.next > f.end {
			t.Errorf("%s: %s stands behind the file's end", name, s.id)
		}
	}
	if at := f.chunks[len(f.chunks)-1]; f.end != at.next && !bytes.HasSuffix(b, []byte("TAGsomething")) {
		t.Errorf("%s: says %d, has %d", name, f.end, at.next)
	}
}

func TestTwoLabelsInASound(t *testing.T) {
	t.Parallel()
	label, data := newRIFFChunk("AIGC", []byte(strictJSON)), newRIFFChunk("data", nil)
	for name, in := range map[string][]byte{
		"identical":  riffOf("WAVE", soundFormat(), label, label, data),
		"two places": riffOf("WAVE", newRIFFChunk("LIST", cat([]byte("INFO"), label)), data, label),
	} {
		found, err := Read(in)
		if err != nil || len(found) != 2 || codes(found[0])[0] != "duplicate" {
			t.Errorf("%s: got %+v, %v", name, found, err)
		}
		labelled(t, in)
	}
}

func TestAVIIsRead(t *testing.T) {
	t.Parallel()
	in := riffOf("AVI ", newRIFFChunk("LIST", []byte("hdrl....")), newRIFFChunk("LIST", cat([]byte("INFO"), newRIFFChunk("AIGC", []byte(strictJSON)))), newRIFFChunk("LIST", []byte("movi00dc")))
	in = append(in, riffOf("AVIX")...)
	typ, found, err := Marks(bytes.NewReader(in))
	if err != nil || typ != AVI || len(found) != 1 || found[0].Place != "avi.INFO.AIGC" || !found[0].Strict() {
		t.Errorf("got %s %+v, %v", typ, found, err)
	}
	if _, err := Write(in, strictMark()); loam.CodeOf(err) != "file.read_only" {
		t.Errorf("written: %v", err)
	}
}

func TestRIFFBroken(t *testing.T) {
	t.Parallel()
	label := newRIFFChunk("AIGC", []byte(strictJSON))
	whole := riffOf("WAVE", soundFormat(), label, newRIFFChunk("data", make([]byte, 100)))
	_, found, err := Marks(bytes.NewReader(whole[:len(whole)-5]))
	if loam.CodeOf(err) != "media.broken" || len(found) != 1 {
		t.Errorf("cut: %+v, %v", found, err)
	}
	for name, in := range map[string][]byte{
		"cut":         whole[:len(whole)-5],
		"long chunk":  riffOf("WAVE", cat([]byte("fmt "), le32(1000))),
		"no ds64":     longWAV("RF64")[:20],
		"two ds64":    longWAV("RF64", newRIFFChunk("ds64", make([]byte, 28))),
		"many":        riffOf("WAVE", bytes.Repeat(newRIFFChunk("a   ", nil), maxRIFFChunks+1)),
		"many labels": riffOf("WAVE", bytes.Repeat(newRIFFChunk("AIGC", nil), maxLabels+1)),
	} {
		if _, err := Write(in, strictMark()); loam.CodeOf(err) != "media.broken" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	big := grown{cat([]byte("RIFF"), le32(1<<32-10), []byte("WAVE"), soundFormat(), []byte("data"), le32(1<<32-46)), 44, 1<<32 - 46}
	if _, err := Plan(big, strictMark()); loam.CodeOf(err) != "label.no_room" {
		t.Errorf("4 GB: got %v", err)
	}
}

// webp1x1Lossless is one transparent pixel.
func webp1x1Lossless() []byte {
	return riffOf("WEBP", newRIFFChunk("VP8L", []byte("\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\x08\x08\x00")))
}

// animated is an animation whose frames are not decoded here.
func animated(more ...[]byte) []byte {
	chunks := [][]byte{newRIFFChunk("VP8X", []byte{0x02, 0, 0, 0, 63, 0, 0, 63, 0, 0}), newRIFFChunk("ANIM", make([]byte, 6)), newRIFFChunk("ANMF", make([]byte, 31)), newRIFFChunk("ANMF", make([]byte, 32))}
	return riffOf("WEBP", append(chunks, more...)...)
}

func TestWebP(t *testing.T) {
	t.Parallel()
	odd := attributePacket()
	if len(odd)&1 == 0 {
		odd = append(odd, ' ')
	}
	exif := exifOf(exifField{tagDescription, 2, []byte(`{"AIGC":` + strictJSON + `}`)})
	for name, tt := range map[string]struct {
		in    []byte
		marks int
		order string
		flags byte
	}{
		"lossy":        {riffOf("WEBP", newRIFFChunk("VP8 ", []byte("\x30\x01\x00\x9d\x01\x2a\x40\x00\x40\x00data!"))), 0, "VP8X VP8  XMP ", webpXMP},
		"lossless":     {webp1x1Lossless(), 0, "VP8X VP8L XMP ", webpXMP | webpAlpha},
		"animated":     {animated(), 0, "VP8X ANIM ANMF ANMF XMP ", webpXMP | 2},
		"odd XMP":      {animated(newRIFFChunk("XMP ", odd)), 1, "VP8X ANIM ANMF ANMF XMP ", webpXMP | 2},
		"EXIF":         {animated(newRIFFChunk("EXIF", exif)), 1, "VP8X ANIM ANMF ANMF EXIF XMP ", webpXMP | 2},
		"EXIF, header": {animated(newRIFFChunk("EXIF", cat([]byte(exifHeader), exif))), 1, "VP8X ANIM ANMF ANMF EXIF XMP ", webpXMP | 2},
		"unknown last": {animated(newRIFFChunk("C2PA", []byte("abc"))), 0, "VP8X ANIM ANMF ANMF XMP  C2PA", webpXMP | 2},
		"two packets":  {animated(newRIFFChunk("XMP ", odd), newRIFFChunk("XMP ", odd)), 2, "VP8X ANIM ANMF ANMF XMP  XMP ", webpXMP | 2},
		"bare":         {animated(newRIFFChunk("AIGC", []byte(strictJSON))), 1, "VP8X ANIM ANMF ANMF XMP ", webpXMP | 2},
	} {
		found, err := Read(tt.in)
		if err != nil || len(found) != tt.marks {
			t.Errorf("%s: got %+v, %v", name, found, err)
			continue
		}
		out := labelled(t, tt.in)
		diff(t, name, chunksOf(t, tt.in), chunksOf(t, out))
		sized(t, name, out)
		f, _ := riffScan(bytes.NewReader(out))
		var order []string
		for _, c := range f.chunks {
			order = append(order, c.id)
		}
		diff(t, name, strings.TrimSuffix(tt.order, " "), strings.TrimSuffix(strings.Join(order, " "), " "))
		if name == "lossy" && !bytes.Equal(out[24:30], []byte{63, 0, 0, 63, 0, 0}) {
			t.Errorf("canvas %x", out[24:30])
		}
		if out[20] != tt.flags {
			t.Errorf("%s: flags %02x, want %02x", name, out[20], tt.flags)
		}
	}
	if _, err := Write(riffOf("WEBP", newRIFFChunk("JUNK", nil)), strictMark()); loam.CodeOf(err) != "picture.broken" {
		t.Errorf("no picture: got %v", err)
	}
}

// TestWebPPixels: a simple file that became an extended one is the same picture.
func TestWebPPixels(t *testing.T) {
	t.Parallel()
	for _, in := range [][]byte{webp1x1, webp1x1Lossless()} {
		out := labelled(t, in)
		var sizes []string
		var pictures []image.Image
		for _, b := range [][]byte{in, out} {
			img, err := webp.Decode(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			h, err := Head(b)
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, fmt.Sprint(h.Width, h.Height, img.Bounds()))
			pictures = append(pictures, img)
		}
		if sizes[0] != sizes[1] || !samePixels(pictures[0], pictures[1]) {
			t.Errorf("was %s, is %s", sizes[0], sizes[1])
		}
	}
}

func FuzzRIFF(f *testing.F) {
	for _, b := range dirtySounds() {
		f.Add(b)
	}
	f.Add(webp1x1)
	f.Add(webp1x1Lossless())
	f.Add(animated(newRIFFChunk("XMP ", attributePacket())))
	f.Fuzz(func(t *testing.T, b []byte) {
		src := bytes.NewReader(b)
		put := wavPut
		switch {
		case riff("WEBP")(b, src):
			put = webpLabel
		case !riff("WAVE")(b, src):
			_, _ = riffMarks(src)
			return
		}
		e, err := put(src, strictMark(), strictJSON)
		if err != nil {
			return
		}
		out, err := e.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		found, err := riffMarks(bytes.NewReader(out))
		found = slices.DeleteFunc(found, func(m Found) bool { return m.Kind != KindImplicit })
		if err != nil || len(found) != 1 || !found[0].Strict() {
			t.Fatalf("read back %+v, %v", found, err)
		}
		diff(t, "rest", chunksOf(t, b), chunksOf(t, out))
	})
}
