package media

import (
	"bytes"
	"testing"
	"unicode/utf16"

	"loam"
)

// TestTraces: what generators leave makes a picture suspected, also where nothing is meant
// as a mark; what people write of generators does not.
func TestTraces(t *testing.T) {
	t.Parallel()
	plain := pngOf(t, picture(8, 8, 1))
	photo := jpegOf(t, picture(8, 8, 1))
	settings := "a lake at dawn\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"
	for _, tt := range []struct {
		name string
		in   []byte
		want string
	}{
		{"web interface, PNG", withText(t, plain, "tEXt", "parameters", settings), "Stable Diffusion"},
		{"graph", withText(t, plain, "tEXt", "prompt", `{"3": {"inputs": {}, "class_type": "KSampler"}}`), "ComfyUI"},
		{"program", withText(t, plain, "tEXt", "Software", "NovelAI"), "NovelAI"},
		{"job", withText(t, plain, "tEXt", "Description", "a lake --v 6 Job ID: 01234567-89ab-cdef-0123-456789abcdef"), "Midjourney"},
		{"comment in EXIF", withSegment(photo, mAPP1, []byte(exifHeader+string(exifWith(tagUserComment, utf16Comment(settings))))), "Stable Diffusion"},
		{"program in EXIF", withSegment(photo, mAPP1, []byte(exifHeader+string(exifWith(tagSoftware, []byte("Adobe Firefly\x00"))))), "Adobe Firefly"},
		{"program in XMP", withSegment(photo, mAPP1, []byte(xmpHeader+`<x xmp:CreatorTool="即梦 2.0"/>`)), "即梦"},
		{"comment", withSegment(photo, mCOM, []byte(settings)), "Stable Diffusion"},
		{"what she writes of it", withText(t, plain, "tEXt", "Description", "I never use Midjourney or Stable Diffusion"), ""},
		{"an editor", withText(t, plain, "tEXt", "Software", "GIMP 2.10"), ""},
		{"a camera", withSegment(photo, mAPP1, []byte(exifHeader+string(exifWith(tagSoftware, []byte("Ver.1.02 \x00"))))), ""},
	} {
		found, err := Read(tt.in)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		got := ""
		for _, f := range found {
			if f.Kind == KindTrace {
				got = f.Raw
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		want := loam.NotAI
		if tt.want != "" {
			want = loam.SuspectedAI
		}
		if State(found) != want {
			t.Errorf("%s: state %s", tt.name, State(found))
		}
		clean, err := Clean(tt.in)
		if err != nil || clean.AI != want {
			t.Errorf("%s: taken in as %s, %v", tt.name, clean.AI, err)
		}
	}
}

func withText(t *testing.T, b []byte, kind, key, text string) []byte {
	t.Helper()
	cs, err := pngChunks(b)
	if err != nil {
		t.Fatal(err)
	}
	return joinChunks(append([]chunk{cs[0], newChunk(kind, []byte(key+"\x00"+text))}, cs[1:]...))
}

// exifWith is a little-endian structure of one field.
func exifWith(tag uint16, value []byte) []byte {
	kind := uint16(7)
	if tag == tagSoftware {
		kind = 2
	}
	b := []byte("II*\x00\x08\x00\x00\x00\x01\x00")
	b = append(b, byte(tag), byte(tag>>8), byte(kind), 0, byte(len(value)), byte(len(value)>>8), 0, 0, 26, 0, 0, 0, 0, 0, 0, 0)
	return append(b, value...)
}

func utf16Comment(s string) []byte {
	out := []byte("UNICODE\x00")
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}

// metered is a source that counts what is read of it, and how often.
type metered struct {
	*bytes.Reader
	n, calls *int64
}

func (m metered) ReadAt(p []byte, at int64) (int, error) {
	n, err := m.Reader.ReadAt(p, at)
	*m.n += int64(n)
	*m.calls++
	return n, err
}

// TestWebPTraces: what generators leave in a WebP is found in the walk that finds its labels,
// which does not read the picture.
func TestWebPTraces(t *testing.T) {
	t.Parallel()
	b := withRIFFChunk(webp1x1, "ALPH", make([]byte, 8<<20))
	b = withRIFFChunk(b, "EXIF", append([]byte(exifHeader), exifWith(tagSoftware, []byte("Midjourney\x00"))...))
	b = withRIFFChunk(b, "XMP ", []byte(`<x xmp:CreatorTool="即梦 2.0"/>`))
	n, calls := int64(0), int64(0)
	_, found, err := Marks(metered{bytes.NewReader(b), &n, &calls})
	if err != nil || len(found) != 2 || found[0].Raw != "Midjourney" || found[1].Place != "webp.xmp" || found[1].Kind != KindTrace {
		t.Errorf("%+v, %v", found, err)
	}
	if n > 1<<20 {
		t.Errorf("%d bytes were read of %d", n, len(b))
	}
}
