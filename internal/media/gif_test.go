package media

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"strings"
	"testing"

	"loam"
)

// animation is a GIF of n frames that repeats for ever.
func animation(tb testing.TB, n int) []byte {
	tb.Helper()
	g := gif.GIF{}
	for i := range n {
		p := image.NewPaletted(image.Rect(0, 0, 9, 7), color.Palette{color.Black, color.White, color.RGBA{200, 30, 9, 255}})
		for k := range p.Pix {
			p.Pix[k] = uint8((k + i) % 3)
		}
		g.Image, g.Delay = append(g.Image, p), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &g); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func gifExtension(packet []byte) []byte {
	return append(append([]byte(gifXMP), packet...), gifTrailer()...)
}

func gifs(tb testing.TB) map[string][]byte {
	still, moving := animation(tb, 1), animation(tb, 3)
	labelled := xmpOf(`<rdf:Description xmlns:T="` + nsAIGC + `"><T:AIGC>` + escaped(strictJSON) + `</T:AIGC></rdf:Description>`)
	other := xmpOf(`<rdf:Description rdf:about="" xmlns:dc="u" dc:title="一"/>`)
	blocked := []byte(gifXMP)
	for rest := labelled; len(rest) > 0; {
		n := min(len(rest), 200)
		blocked = append(append(blocked, byte(n)), rest[:n]...)
		rest = rest[n:]
	}
	behind := func(b, x []byte, late bool) []byte {
		_, at, _, err := gifBlocks(b)
		if err != nil {
			tb.Fatal(err)
		}
		if late {
			at = len(b) - 1
		}
		return splice(b, at, at, string(x))
	}
	old := bytes.Clone(still)
	copy(old, "GIF87a")
	return map[string][]byte{
		"still":      still,
		"87a":        old,
		"animated":   moving,
		"other XMP":  behind(moving, gifExtension(other), false),
		"labelled":   behind(still, gifExtension(labelled), false),
		"late":       behind(moving, gifExtension(labelled), true),
		"two":        behind(behind(moving, gifExtension(labelled), true), gifExtension(labelled), false),
		"sub-blocks": behind(moving, append(blocked, 0), false),
		"no trailer": behind(still, gifExtension(labelled), false)[:len(still)+len(gifExtension(labelled))-1],
		"zeros":      behind(moving, []byte{0, 0}, false),
		"trailing":   append(bytes.Clone(moving), "and more"...),
	}
}

func TestGIF(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"labelled": {"gif.xmp"}, "late": {"gif.xmp"}, "sub-blocks": {"gif.xmp"}, "no trailer": {"gif.xmp"},
		"two": {"gif.xmp duplicate", "gif.xmp duplicate"},
	}
	for name, in := range gifs(t) {
		reads(t, name, in, want[name]...)
		out := onlyLabel(t, name, in)
		if name == "no trailer" || name == "zeros" {
			continue // more than the decoder takes
		}
		before, err1 := gif.DecodeAll(bytes.NewReader(in))
		after, err2 := gif.DecodeAll(bytes.NewReader(out))
		if err1 != nil || err2 != nil {
			t.Fatalf("%s: %v, %v", name, err1, err2)
		}
		diff(t, name, before, after)
		if !bytes.HasPrefix(out, []byte("GIF89a")) || strings.HasSuffix(name, "XMP") && !bytes.Contains(out, []byte(`dc:title="一"`)) ||
			name == "trailing" && !bytes.HasSuffix(out, []byte("and more")) {
			t.Errorf("%s: something else changed", name)
		}
	}
}

func TestGIFBroken(t *testing.T) {
	t.Parallel()
	good := gifs(t)["labelled"]
	for name, c := range map[string]struct {
		in    []byte
		found int
	}{
		"cut behind the label": {good[:len(good)-4], 1},
		"cut in it":            {good[:len(gifXMP)+100], 0},
		"cut in the head":      {good[:9], 0},
	} {
		_, found, err := Marks(bytes.NewReader(c.in))
		if loam.KindOf(err) != loam.Invalid || len(found) != c.found {
			t.Errorf("%s: %d found, %v", name, len(found), err)
		}
		if _, err := Plan(bytes.NewReader(c.in), strictMark()); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: Plan: %v", name, err)
		}
	}
}

func FuzzGIF(f *testing.F) {
	for _, b := range gifs(f) {
		f.Add(b)
	}
	f.Fuzz(neverPanics)
}
