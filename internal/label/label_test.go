package label

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/fonts"
	"loam/internal/media"
	"loam/internal/render"
)

// testProducer is a right code of a region that belongs to nobody.
const testProducer = "001191000000000000000K10000"

// pen is the renderer; its faces are parsed once.
var pen = sync.OnceValue(func() *render.Renderer {
	faces, err := fonts.Load()
	if err != nil {
		panic(err)
	}
	return &render.Renderer{Faces: faces}
})

func options(state loam.AIState) Options {
	return Options{State: state, Producer: testProducer, ContentID: "v1.picture.1"}
}

// others is the label of a producer and a propagator that are not us.
func others(label string) loam.Mark {
	return loam.Mark{
		Label: label, ContentProducer: "001191110102MACQD9K64010000", ProduceID: "their-1", ReservedCode1: `sig:"x"`,
		ContentPropagator: "001191440300708461136T20000", PropagateID: "media-9", ReservedCode2: "z",
	}
}

// colours is an opaque picture in which no two neighbours are alike.
func colours(w, h int) *image.RGBA {
	r := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := uint8(r.IntN(40))
			img.SetRGBA(x, y, color.RGBA{uint8(x/8) + v, uint8(y/8) + v, 120, 255})
		}
	}
	return img
}

func pngOf(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := render.Encode(&b, img); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// withText puts a tEXt chunk into a PNG, before IDAT or at its end.
func withText(b []byte, keyword, text string, late bool) []byte {
	data := append([]byte("tEXt"+keyword+"\x00"), text...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)-4))
	chunk = append(chunk, data...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(data))
	at := 8 + 25 // behind the signature and IHDR
	if late {
		at = len(b) - 12 // before IEND
	}
	return append(append(bytes.Clone(b[:at]), chunk...), b[at:]...)
}

// jsonOf is a label's text as other tools write it.
func jsonOf(m loam.Mark) string {
	esc := func(s string) string { return strings.ReplaceAll(s, `"`, `\"`) }
	return `{"Label":"` + m.Label + `","ContentProducer":"` + esc(m.ContentProducer) + `","ProduceID":"` + esc(m.ProduceID) +
		`","ReservedCode1":"` + esc(m.ReservedCode1) + `","ContentPropagator":"` + m.ContentPropagator + `","PropagateID":"` +
		m.PropagateID + `","ReservedCode2":"` + m.ReservedCode2 + `"}`
}

// only reads a file that must have exactly one strict label.
func only(t *testing.T, what string, b []byte) loam.Mark {
	t.Helper()
	found, err := media.Read(b)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return loam.Mark{}
	}
	found = slices.DeleteFunc(found, func(f media.Found) bool { return f.Kind != media.KindImplicit })
	if len(found) != 1 || !found[0].Strict() {
		t.Errorf("%s: got %+v, want one strict label", what, found)
		return loam.Mark{}
	}
	return found[0].Mark
}

func diff(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func wantCode(t *testing.T, what string, err error, kind loam.Kind, code string) {
	t.Helper()
	if loam.KindOf(err) != kind || loam.CodeOf(err) != code {
		t.Errorf("%s: got %v, want %s %q", what, err, kind, code)
	}
}

var texts = map[string]string{
	"plain":                       "# 湖边\n\n买了杯子。\n",
	"no newline":                  "买了杯子",
	"empty":                       "",
	"CRLF":                        "# 湖边\r\n\r\n买了杯子。\r\n",
	"front matter":                "---\ntitle: 湖边\n---\n买了杯子。\n",
	"front matter, CRLF":          "---\r\ntitle: 湖边\r\n---\r\n买了杯子。\r\n",
	"front matter, dots":          "---\ntitle: 湖边\n...\n买了杯子。\n",
	"front matter, trailing room": "---\ntitle: 湖边\n--- \n\n\n买了杯子。\n",
	"front matter and rules":      "---\ntitle: 湖边\n---\n一\n\n---\n\n二\n",
	"byte order mark":             "\ufeff买了杯子。\n",
	"byte order mark before all":  "\ufeff---\ntitle: 湖边\n---\n买了杯子。\n",
	"a rule, no front matter":     "---\n买了杯子。\n",
	"a list between rules":        "---\n- 一\n- 二\n---\n买了杯子。\n",
}

// TestFile: every container, every state: one strict label, the one asked for, and the same
// pixels or words; writing again changes nothing (K1 to K4 of the label facts).
func TestFile(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{"PNG": pngOf(t, colours(90, 120)), "JPEG": jpegOf(t, colours(90, 120))}
	for name, s := range texts {
		files["text: "+name] = []byte(s)
	}
	for name, b := range files {
		for _, state := range []loam.AIState{loam.IsAI, loam.MayAI, loam.SuspectedAI} {
			out, mark, err := File(b, options(state))
			if err != nil {
				t.Errorf("%s, %s: %v", name, state, err)
				continue
			}
			diff(t, name, loam.Mark{
				Label: state.Wire(), ContentProducer: testProducer, ProduceID: "v1.picture.1",
				ContentPropagator: "001191000000000000000K20000", PropagateID: "v1.picture.1",
			}, mark)
			diff(t, name, mark, only(t, name, out))
			if !sameContent(b, out) {
				t.Errorf("%s: labelling changed what the file shows", name)
			}
			again, _, err := File(out, options(state))
			if err != nil || !bytes.Equal(again, out) {
				t.Errorf("%s: labelled twice it differs (%v)\n%.300s", name, err, again)
			}
		}
	}
}

// TestProducerIsKept: whoever comes later leaves the producer's keys as they are and only
// raises the state (Labelling Measures Art. 10; the precedence rows P1 to P5).
func TestProducerIsKept(t *testing.T) {
	t.Parallel()
	tests := []struct {
		had  string
		says loam.AIState
		want string
	}{
		{"1", loam.MayAI, "1"},
		{"1", loam.SuspectedAI, "1"},
		{"1", loam.NotAI, "1"},
		{"1", loam.IsAI, "1"},
		{"2", loam.IsAI, "1"},
		{"2", loam.SuspectedAI, "2"},
		{"3", loam.MayAI, "2"},
		{"3", loam.IsAI, "1"},
		{"3", loam.NotAI, "3"},
	}
	for name, b := range map[string][]byte{"PNG": pngOf(t, colours(20, 20)), "JPEG": jpegOf(t, colours(20, 20)), "text": []byte("湖边\n")} {
		for _, tt := range tests {
			theirs := others(tt.had)
			in, err := media.Write(b, theirs)
			if err != nil {
				t.Fatal(err)
			}
			out, _, err := File(in, options(tt.says))
			if err != nil {
				t.Errorf("%s, %s then %s: %v", name, tt.had, tt.says, err)
				continue
			}
			want := theirs
			want.Label, want.ContentPropagator, want.PropagateID, want.ReservedCode2 = tt.want, "001191000000000000000K20000", "v1.picture.1", ""
			diff(t, name, want, only(t, name, out))
		}
	}
}

// TestOtherForms: a label in another place or form is put into its place with all its keys;
// nothing else is done to it.
func TestOtherForms(t *testing.T) {
	t.Parallel()
	plain := pngOf(t, colours(20, 20))
	theirs := others("2")
	strict, err := media.Write(plain, theirs)
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string][]byte{
		"chunk of its own":    withText(plain, "AIGC", jsonOf(theirs), false),
		"after IDAT":          withText(plain, "AIGC", jsonOf(theirs), true),
		"wrapped":             withText(plain, "AIGC", `{"AIGC":`+jsonOf(theirs)+`}`, false),
		"padded":              withText(plain, "AIGC", jsonOf(theirs)+"\n\x00", false),
		"twice, and the same": withText(strict, "AIGC", jsonOf(theirs), true),
	} {
		out, _, err := File(in, options(loam.MayAI))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := theirs
		want.ContentPropagator, want.PropagateID, want.ReservedCode2 = "001191000000000000000K20000", "v1.picture.1", ""
		diff(t, name, want, only(t, name, out))
	}
}

// TestSourceTypeRaises: what C2PA or IPTC metadata says counts like a label.
func TestSourceTypeRaises(t *testing.T) {
	t.Parallel()
	const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ` +
		`xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" i:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></rdf:RDF></x:xmpmeta>`
	b := jpegOf(t, colours(20, 20))
	data := append([]byte("http://ns.adobe.com/xap/1.0/\x00"), packet...)
	segment := append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(data)+2)), data...)
	in := append(append([]byte{0xff, 0xd8}, segment...), b[2:]...)
	_, mark, err := File(in, options(loam.SuspectedAI))
	if err != nil || mark.Label != "1" {
		t.Errorf("got %q, %v, want 1", mark.Label, err)
	}
}

// TestRefused: what cannot be labelled without doubt is not labelled.
func TestRefused(t *testing.T) {
	t.Parallel()
	plain, photo := pngOf(t, colours(40, 40)), jpegOf(t, colours(40, 40))
	theirs := others("1")
	strict, err := media.Write(plain, theirs)
	if err != nil {
		t.Fatal(err)
	}
	another := theirs
	another.ProduceID = "their-2"
	spaced := theirs
	spaced.ContentProducer = "Minimax Agent AI"
	damaged := theirs
	damaged.ContentProducer = "001191110102MACQD9K65010000"
	word := theirs
	word.Label = "AIGC"
	visible := options(loam.IsAI)
	visible.Draw = pen()
	tests := []struct {
		name string
		in   []byte
		o    Options
		kind loam.Kind
		code string
	}{
		{"two labels", withText(strict, "AIGC", jsonOf(another), true), options(loam.IsAI), loam.Invalid, "label.unclear"},
		{"two labels in one place", withText(withText(plain, "AIGC", jsonOf(theirs), false), "AIGC", jsonOf(another), false), options(loam.IsAI), loam.Invalid, "label.unclear"},
		{"name outside the charset", withText(plain, "AIGC", jsonOf(spaced), false), options(loam.IsAI), loam.Invalid, "label.unclear"},
		{"damaged code", withText(plain, "AIGC", jsonOf(damaged), false), options(loam.IsAI), loam.Invalid, "label.unclear"},
		{"a word for a state", withText(plain, "AIGC", jsonOf(word), false), options(loam.IsAI), loam.Invalid, "label.unclear"},
		{"no JSON", withText(plain, "AIGC", "yes", false), options(loam.IsAI), loam.Invalid, "label.unclear"},
		{"half a label", withText(plain, "AIGC", jsonOf(theirs)[:120], false), options(loam.IsAI), loam.Invalid, "label.unclear"},
		{"broken front matter", []byte("---\nAIGC: [\n---\n湖边\n"), options(loam.IsAI), loam.Invalid, "label.unclear"},
		{"truncated PNG", plain[:len(plain)/2], options(loam.IsAI), loam.Invalid, "picture.broken"},
		{"truncated JPEG", photo[:len(photo)-100], options(loam.IsAI), loam.Invalid, "picture.broken"},
		{"wrong bytes in IDAT", flipped(plain, len(plain)-40), options(loam.IsAI), loam.Internal, "label.mismatch"},
		{"no picture", []byte("\x00\x01\x02"), options(loam.IsAI), loam.Invalid, "file.type"},
		{"a program", []byte("\x7fELF\x02\x01\x01\x00\x00"), options(loam.IsAI), loam.Invalid, "file.type"},
		{"too small for the visible mark", plain, visible, loam.Invalid, "label.too_small"},
		{"no state", plain, options(loam.NotAI), loam.Invalid, "label.state"},
		{"an unknown state", plain, options("certainly"), loam.Invalid, "label.state"},
		{"no producer", plain, Options{State: loam.IsAI, ContentID: "x"}, loam.Invalid, "producer.code"},
		{"an id outside the charset", plain, Options{State: loam.IsAI, Producer: testProducer, ContentID: "一"}, loam.Invalid, "label.charset"},
	}
	for _, tt := range tests {
		out, _, err := File(tt.in, tt.o)
		wantCode(t, tt.name, err, tt.kind, tt.code)
		if out != nil {
			t.Errorf("%s: refused, and yet there are %d bytes", tt.name, len(out))
		}
	}
}

func flipped(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 0xff
	return b
}

// TestVerify: bytes that are not what was meant do not pass.
func TestVerify(t *testing.T) {
	t.Parallel()
	plain := pngOf(t, colours(20, 20))
	mark := others("1")
	right, err := media.Write(plain, mark)
	if err != nil {
		t.Fatal(err)
	}
	other := mark
	other.Label = "2"
	wrong, err := media.Write(plain, other)
	if err != nil {
		t.Fatal(err)
	}
	repainted, err := media.Write(pngOf(t, colours(20, 21)), mark)
	if err != nil {
		t.Fatal(err)
	}
	if err := verify(plain, right, mark); err != nil {
		t.Errorf("the right bytes: %v", err)
	}
	for name, after := range map[string][]byte{
		"no label": plain, "another label": wrong, "two labels": withText(right, "AIGC", jsonOf(mark), true), "other pixels": repainted,
		"not a file": {0, 1}, "cut": right[:len(right)-30],
	} {
		wantCode(t, name, verify(plain, after, mark), loam.Internal, "label.mismatch")
	}
	text, err := media.Write([]byte("湖边\n"), mark)
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, "other words", verify([]byte("湖里\n"), text, mark), loam.Internal, "label.mismatch")
}

// TestCheckProducer follows C1 to C12 of the label facts.
func TestCheckProducer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, code string
		ok         bool
	}{
		{"C1", "001191110102MACQD9K64010000", true},
		{"C1", "001191440300708461136T1XGW3", true},
		{"C1", "001191440300708461136T1308L", true},
		{"C1", "001191110102MAD55U9H0F10002", true},
		{"C1", "001191149900MA0LA3QG5T20001", true},
		{"C2 a wrong digit", "001191110102MACQD9K65010000", false},
		{"C3 a swap", "001191110102AMCQD9K64010000", false},
		{"C4 a swap", "001191440300708461163T1308L", false},
		{"C5 letter O", "001191110102MAD55U9HOF10002", false},
		{"C5 letter I", "001191110102MACQD9I64010000", false},
		{"C6 22 long", "001191440300708461136T", false},
		{"C7 lower case", "001191110102macqd9k64010000", false},
		{"C8 service type 3", "001191110102MAD55U9H0F30002", false},
		{"C9 first pair 01", "011191110102MACQD9K64010000", false},
		{"C10 test code; the config refuses it outside a demo", testProducer, true},
		{"C11 a propagator's code", "001191000000000000000K20000", true},
		{"C12 no extension", "001191440300708461136T00000", true},
		{"no extension, but one", "001191440300708461136T00001", false},
		{"26 long", "001191110102MACQD9K6401000", false},
		{"28 long", "001191110102MACQD9K640100000", false},
		{"a name", "loam-test-producer", true},
		{"the ends of the charset", "!#[]~", true},
		{"empty", "", false},
		{"a space", "Minimax Agent AI", false},
		{"Chinese", "沃土", false},
		{"a quote", `a"b`, false},
		{"a backslash", `a\b`, false},
		{"too long", strings.Repeat("a", 257), false},
	} {
		if got := IsPropagator(tt.code); got != (strings.HasPrefix(tt.name, "C11") || tt.code == "001191149900MA0LA3QG5T20001") {
			t.Errorf("%s: %q is a propagator's: %v", tt.name, tt.code, got)
		}
		err := CheckProducer(tt.code)
		if tt.ok && err != nil {
			t.Errorf("%s: %q: %v", tt.name, tt.code, err)
		}
		if !tt.ok {
			wantCode(t, tt.name, err, loam.Invalid, "producer.code")
		}
		if !tt.ok || err != nil {
			continue
		}
		// What the check lets through can be written.
		if _, _, err := File([]byte("湖边"), Options{State: loam.IsAI, Producer: tt.code, ContentID: "1"}); err != nil {
			t.Errorf("%s: %q passes the check and is not written: %v", tt.name, tt.code, err)
		}
	}
}

// TestVisibleWords: a text says it once, on a line of its own at its end.
func TestVisibleWords(t *testing.T) {
	t.Parallel()
	o := options(loam.IsAI)
	o.Draw = pen()
	for name, tt := range map[string]struct{ in, end string }{
		"plain":             {"湖边\n", "湖边\n\n" + Words + "\n"},
		"CRLF":              {"湖边\r\n", "湖边\r\n\r\n" + Words + "\r\n"},
		"there already":     {"湖边\n\n" + Words + "\n", "湖边\n\n" + Words + "\n"},
		"there, CRLF":       {"湖边\r\n\r\n" + Words + "\r\n", "湖边\r\n\r\n" + Words + "\r\n"},
		"inside a sentence": {"这不是" + Words + "\n", "这不是" + Words + "\n\n" + Words + "\n"},
	} {
		out, _, err := File([]byte(tt.in), o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if body := string(bodyOf(out)); body != tt.end {
			t.Errorf("%s: got %q, want %q", name, body, tt.end)
		}
	}
}

// TestVisibleMark measures the mark in the pixels: its ink, its contrast, its place, and
// that nothing else of the picture changed (GB 45438-2025, 5.2).
func TestVisibleMark(t *testing.T) {
	t.Parallel()
	corners := []render.Corner{"", render.BottomRight, render.TopLeft, render.TopRight, render.BottomLeft}
	for i, size := range []image.Point{{1080, 1440}, {1440, 1080}, {720, 720}, {333, 1000}, {1080, 1920}, {120, 400}} {
		src := colours(size.X, size.Y)
		o := options(loam.IsAI)
		o.Draw, o.Corner = pen(), corners[i%len(corners)]
		if i%2 == 1 {
			o.Words = "人工智能合成🌱"
		}
		out, _, err := File(pngOf(t, src), o)
		if err != nil {
			t.Errorf("%v: %v", size, err)
			continue
		}
		only(t, size.String(), out)
		img, err := png.Decode(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		got := image.NewRGBA(img.Bounds())
		draw.Draw(got, got.Bounds(), img, image.Point{}, draw.Src)
		plate := changed(src, got)
		left, top := o.Corner == render.TopLeft || o.Corner == render.BottomLeft || o.Corner == "", o.Corner == render.TopLeft || o.Corner == render.TopRight
		if left != (plate.Min.X == 0) || left == (plate.Max.X == size.X) || top != (plate.Min.Y == 0) || top == (plate.Max.Y == size.Y) {
			t.Errorf("%v: the mark is at %v, not in the corner %q", size, plate, o.Corner)
		}
		if plate.Dx() > size.X || plate.Dy()*5 > size.Y {
			t.Errorf("%v: the mark takes %v", size, plate)
		}
		ink := inkOf(got, plate)
		need := max((min(size.X, size.Y)*5+99)/100, 12) // what is smaller cannot be read
		if ink.Dy() < need || ink.Dy() > need*5/4+3 {
			t.Errorf("%v: ink is %d px high, want %d and not much more", size, ink.Dy(), need)
		}
		if !ink.In(plate.Inset(2)) {
			t.Errorf("%v: ink %v touches the edge of its plate %v", size, ink, plate)
		}
		ground, words := got.RGBAAt(plate.Min.X+1, plate.Max.Y-2), lightest(got, plate)
		if c := contrast(ground, words); c < 4.5 {
			t.Errorf("%v: contrast %.1f, want 4.5", size, c)
		}
	}
}

// TestCheckWords: E5 of the label facts, and what is no label at a glance.
func TestCheckWords(t *testing.T) {
	t.Parallel()
	for words, ok := range map[string]bool{
		Words: true, "AI生成": true, "人工智能合成": true, "内容由AI辅助生成": true, "本图由 AI 合成🌱": true,
		"AI播客": false, "虚拟主播": false, "AI": false, "AIGC": false, "": false, "AI\n生成": false, strings.Repeat("AI生成", 5): false,
	} {
		if err := CheckWords(words); (err == nil) != ok {
			t.Errorf("%q: %v", words, err)
		}
	}
}

// changed is the box of the pixels in which two pictures differ.
func changed(a, b *image.RGBA) image.Rectangle {
	box := image.Rectangle{}
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			if a.RGBAAt(x, y) != b.RGBAAt(x, y) {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box
}

// inkOf is the box of the light pixels on the plate.
func inkOf(img *image.RGBA, plate image.Rectangle) image.Rectangle {
	box := image.Rectangle{}
	for y := plate.Min.Y; y < plate.Max.Y; y++ {
		for x := plate.Min.X; x < plate.Max.X; x++ {
			if img.RGBAAt(x, y).G > 127 {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box
}

func lightest(img *image.RGBA, r image.Rectangle) color.RGBA {
	best := color.RGBA{}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if c := img.RGBAAt(x, y); c.G >= best.G {
				best = c
			}
		}
	}
	return best
}

// contrast is WCAG 2's of two greys near enough: the plate and the words have no colour.
func contrast(dark, light color.RGBA) float64 {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		return f * f * (0.8 + 0.2*f) // within a hundredth of sRGB's curve
	}
	return (linear(light.G) + 0.05) / (linear(dark.G) + 0.05)
}

// FuzzFile: whatever comes in, it is refused by kind or comes out with exactly one label.
func FuzzFile(f *testing.F) {
	small := colours(24, 16)
	for _, b := range [][]byte{pngOf(f, small), jpegOf(f, small)} {
		f.Add(b)
		labelled, err := media.Write(b, others("2"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(labelled)
		f.Add(labelled[:len(labelled)*2/3])
	}
	f.Add(withText(pngOf(f, small), "AIGC", jsonOf(others("1")), true))
	for _, s := range texts {
		f.Add([]byte(s))
	}
	f.Add([]byte("---\nAIGC:\n  Label: \"1\"\n---\nx"))
	f.Add([]byte("GIF89a"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := media.Head(b); err == nil && h.Width*h.Height > 1<<20 {
			t.Skip("a large picture costs the fuzzer its time")
		}
		before := bytes.Clone(b)
		out, mark, err := File(b, options(loam.MayAI))
		if !bytes.Equal(before, b) {
			t.Fatal("the input was written to")
		}
		if err != nil {
			var e *loam.Error
			if !errors.As(err, &e) {
				t.Fatalf("an error without a kind: %v", err)
			}
			return
		}
		found, err := media.Read(out)
		n := 0
		for _, l := range found {
			if l.Kind == media.KindImplicit {
				n++
			}
		}
		if err != nil || n != 1 || mark.Label != "1" && mark.Label != "2" {
			t.Fatalf("got %+v, %v", found, err)
		}
	})
}

// TestWordsThatLookLikeAPage: what a person wrote is labelled as words, even if it begins as a
// page of HTML does.
func TestWordsThatLookLikeAPage(t *testing.T) {
	t.Parallel()
	o := options(loam.MayAI)
	o.Type = media.Markdown
	for _, words := range []string{"<html> 是网页的开头\n", "<!doctype html><p>一段\n", "<title>\n"} {
		out, mark, err := File([]byte(words), o)
		if err != nil || !strings.HasSuffix(string(out), "---\n"+words) || mark.Label != "2" {
			t.Errorf("%q: %q, %+v, %v", words, out, mark, err)
		}
	}
}
