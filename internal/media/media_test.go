package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
)

// picture is w×h of seeded soft colours with a little noise, so that hashes and
// compression behave as with photos.
func picture(w, h int, seed uint64) *image.RGBA {
	const n = 6
	r := rand.New(rand.NewPCG(seed, 1))
	var knots [n + 1][n + 1][3]float64
	for i := range knots {
		for k := range knots[i] {
			knots[i][k] = [3]float64{r.Float64() * 235, r.Float64() * 235, r.Float64() * 235}
		}
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := float64(x*n)/float64(w), float64(y*n)/float64(h)
			i, k := int(fy), int(fx)
			fx, fy = fx-float64(k), fy-float64(i)
			var c [3]uint8
			noise := r.Float64() * 20
			for j := range c {
				top := knots[i][k][j]*(1-fx) + knots[i][k+1][j]*fx
				low := knots[i+1][k][j]*(1-fx) + knots[i+1][k+1][j]*fx
				c[j] = uint8(top*(1-fy) + low*fy + noise)
			}
			img.SetRGBA(x, y, color.RGBA{c[0], c[1], c[2], 255})
		}
	}
	return img
}

func pngOf(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, img, nil); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// webp1x1 is a lossless WebP of one pixel.
var webp1x1 = []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")

// withSegment puts a segment in front of a JPEG.
func withSegment(b []byte, marker byte, data []byte) []byte {
	return append(append([]byte{0xff, mSOI}, newSegment(marker, data).raw...), b[2:]...)
}

// withChunk puts a chunk behind IHDR, or before IEND.
func withChunk(tb testing.TB, b []byte, c chunk, late bool) []byte {
	tb.Helper()
	cs, err := pngChunks(b)
	if err != nil {
		tb.Fatal(err)
	}
	at := 1
	if late {
		at = len(cs) - 1
	}
	return joinChunks(append(append(append([]chunk{}, cs[:at]...), c), cs[at:]...))
}

// exifOf is a little-endian EXIF structure of IFD0 fields with values out of line.
func exifOf(fields ...exifField) []byte {
	b := []byte("II*\x00\x08\x00\x00\x00")
	b = binary.LittleEndian.AppendUint16(b, uint16(len(fields)))
	data := len(b) + 12*len(fields) + 4
	var tail []byte
	for _, f := range fields {
		b = binary.LittleEndian.AppendUint16(b, f.tag)
		b = binary.LittleEndian.AppendUint16(b, f.kind)
		n := uint64(len(f.value)) / exifSizes[f.kind]
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
		if len(f.value) <= 4 {
			b = append(b, append(bytes.Clone(f.value), 0, 0, 0, 0)[:4]...)
			continue
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(data+len(tail)))
		tail = append(tail, f.value...)
	}
	return append(append(b, 0, 0, 0, 0), tail...)
}

func orientation(n byte) exifField { return exifField{tagOrientation, 3, []byte{n, 0}} }

func TestSniff(t *testing.T) {
	t.Parallel()
	img := picture(8, 8, 1)
	tests := []struct {
		name string
		data []byte
		want Type
	}{
		{"png", pngOf(t, img), PNG},
		{"jpeg", jpegOf(t, img), JPEG},
		{"gif", gifOf(t, img), GIF},
		{"webp", webp1x1, WebP},
		{"svg", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), ""},
		{"html", []byte("<!doctype html>"), ""},
		{"bmp", []byte("BM123456789012"), ""},
		{"empty", nil, ""},
	}
	for _, tt := range tests {
		got, err := Sniff(tt.data)
		if got != tt.want || (tt.want == "") != (loam.CodeOf(err) == "picture.type") {
			t.Errorf("%s: got %q, %v; want %q", tt.name, got, err, tt.want)
		}
	}
}

func TestHostilePicturesAreRefused(t *testing.T) {
	t.Parallel()
	img := picture(64, 64, 2)
	p, j := pngOf(t, img), jpegOf(t, img)
	bomb := bytes.Clone(p)
	binary.BigEndian.PutUint32(bomb[16:], 60_000)
	binary.BigEndian.PutUint32(bomb[20:], 60_000)
	copy(bomb[8:], newChunk("IHDR", bomb[16:29]).raw)
	tests := []struct {
		name string
		data []byte
		code string
	}{
		{"pixels", bomb, "picture.too_large"},
		{"bytes", append(bytes.Clone(j), make([]byte, MaxBytes)...), "picture.too_large"},
		{"png cut in IDAT", p[:len(p)/2], "picture.broken"},
		{"jpeg cut in the scan", j[:len(j)/2], "picture.broken"},
		{"jpeg of a header", j[:3], "picture.broken"},
		{"png called jpeg", append([]byte{0xff, 0xd8, 0xff}, p...), "picture.broken"},
		{"many scans", append(bytes.Clone(j), bytes.Repeat([]byte{0xff, mSOS, 0, 8}, maxScans+1)...), "picture.broken"},
		{"gif of a header", []byte("GIF89a"), "picture.broken"},
		{"webp that lies", []byte("RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff"), "picture.broken"},
	}
	for _, tt := range tests {
		if _, err := Clean(tt.data); loam.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.code)
		}
	}
}

func TestCleanDropsWhereAndWhoKeepsColour(t *testing.T) {
	t.Parallel()
	img := picture(40, 30, 3)
	secret := []byte("SERIAL-4711 GPS 31.2304N")
	icc := append([]byte(iccHeader+"\x01\x01"), bytes.Repeat([]byte{7}, 300)...)
	j := withSegment(jpegOf(t, img), mAPP1, append([]byte(exifHeader), exifOf(exifField{tagDescription, 2, secret})...))
	j = withSegment(j, mAPP1, append([]byte(xmpHeader), secret...))
	j = withSegment(j, mCOM, secret)
	j = withSegment(j, mAPP2, icc)
	j = append(j, secret...)
	p := withChunk(t, pngOf(t, img), newChunk("tEXt", append([]byte("Comment\x00"), secret...)), false)
	p = withChunk(t, p, newChunk("eXIf", exifOf(exifField{tagDescription, 2, secret})), true)
	p = append(withChunk(t, p, newChunk("gAMA", []byte{0, 0, 0xb1, 0x8f}), false), secret...)
	for name, in := range map[string][]byte{"jpeg": j, "png": p} {
		got, err := Clean(in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if bytes.Contains(got.Data, secret[:8]) {
			t.Errorf("%s: the serial number is still there", name)
		}
		a, _, _ := Decode(in)
		b, _, err := Decode(got.Data)
		if err != nil || !samePixels(a, b) {
			t.Errorf("%s: pixels changed (%v)", name, err)
		}
		if got.AI != loam.NotAI || got.Width != 40 || got.Height != 30 {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	if got, _ := Clean(j); !bytes.Contains(got.Data, icc) {
		t.Error("jpeg: the colour profile is gone")
	}
	if got, _ := Clean(p); !bytes.Contains(got.Data, []byte("gAMA")) {
		t.Error("png: gAMA is gone")
	}
}

func samePixels(a, b image.Image) bool {
	if a.Bounds().Size() != b.Bounds().Size() {
		return false
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if a.At(x, y) != b.At(x, y) {
				return false
			}
		}
	}
	return true
}

func TestOrientationIsApplied(t *testing.T) {
	t.Parallel()
	// The upright picture is dark at the top left and wide.
	for o := 1; o <= 8; o++ {
		stored := image.Rect(0, 0, 64, 32)
		if o >= 5 {
			stored = image.Rect(0, 0, 32, 64)
		}
		img := image.NewRGBA(stored)
		for i := range img.Pix {
			img.Pix[i] = 255
		}
		for y := range 16 {
			for x := range 16 {
				sx, sy := unturn(o, x, y, stored.Dx(), stored.Dy())
				img.SetRGBA(sx, sy, color.RGBA{0, 0, 0, 255})
			}
		}
		in := withSegment(jpegOf(t, img), mAPP1, append([]byte(exifHeader), exifOf(orientation(byte(o)))...))
		got, err := Clean(in)
		if err != nil {
			t.Fatal(err)
		}
		up, h, err := Decode(got.Data)
		if err != nil {
			t.Fatal(err)
		}
		if got.Width != 64 || got.Height != 32 || h.Orientation != 1 {
			t.Errorf("orientation %d: %d×%d, orientation %d left", o, got.Width, got.Height, h.Orientation)
		}
		if l, _, _, _ := up.At(6, 6).RGBA(); l > 0x4000 {
			t.Errorf("orientation %d: top left is not dark", o)
		}
	}
}

func TestWebPAndGIFBecomePNGOrJPEG(t *testing.T) {
	t.Parallel()
	for name, in := range map[string][]byte{"gif": gifOf(t, picture(20, 20, 4)), "webp": webp1x1} {
		got, err := Clean(in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if typ, _ := Sniff(got.Data); typ != got.Type || typ != PNG && typ != JPEG {
			t.Errorf("%s: became %q, said %q", name, typ, got.Type)
		}
	}
}

func TestThumbnailKeepsTheMark(t *testing.T) {
	t.Parallel()
	in, err := Write(jpegOf(t, picture(400, 300, 5)), strictMark())
	if err != nil {
		t.Fatal(err)
	}
	small, err := Thumbnail(in, 100)
	if err != nil {
		t.Fatal(err)
	}
	h, err := Head(small)
	if err != nil || h.Width != 100 || h.Height != 75 {
		t.Errorf("got %+v, %v", h, err)
	}
	marks, err := Read(small)
	if err != nil || len(marks) != 1 || marks[0].Mark != strictMark() {
		t.Errorf("marks: got %+v, %v", marks, err)
	}
}

func TestCheckCode(t *testing.T) {
	t.Parallel()
	good := []string{
		"001191110102MACQD9K64010000", "001191440300708461136T1XGW3", "001191440300708461136T1308L",
		"001191110102MAD55U9H0F10002", "001191149900MA0LA3QG5T20001", "001191000000000000000K10000",
		"001191000000000000000K20000", "001191000000000000000K00000",
	}
	bad := []string{
		"", "001191110102MACQD9K65010000", "001191110102AMCQD9K64010000", "001191440300708461163T1308L",
		"001191110102MAD55U9HOF10002", "001191110102MACQD9I64010000", "001191440300708461136T",
		"001191440300708461136t1308l", "001191110102MAD55U9H0F30002", "011191110102MACQD9K64010000",
		"001191000000000000000K00001",
	}
	for _, c := range good {
		if err := CheckCode(c); err != nil {
			t.Errorf("%s: %v", c, err)
		}
	}
	for _, c := range bad {
		if loam.CodeOf(CheckCode(c)) != "producer.code" {
			t.Errorf("%q was accepted", c)
		}
	}
	if !TestRegion("001191000000000000000K10000") || TestRegion(good[0]) {
		t.Error("TestRegion is wrong")
	}
}

func TestEverySubstitutionAndSwapIsCaught(t *testing.T) {
	t.Parallel()
	const code = "91110102MACQD9K640"
	for i := range code {
		for _, r := range creditAlphabet {
			if s := code[:i] + string(r) + code[i+1:]; s != code && creditCode(s) {
				t.Errorf("%s passes", s)
			}
		}
		if i > 0 && code[i] != code[i-1] {
			if s := code[:i-1] + string(code[i]) + string(code[i-1]) + code[i+1:]; creditCode(s) {
				t.Errorf("%s passes", s)
			}
		}
	}
}

func diff(t testing.TB, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func BenchmarkLabelJPEG(b *testing.B) {
	in := jpegOf(b, picture(620, 620, 8))
	labelled, err := Write(in, strictMark())
	if err != nil {
		b.Fatal(err)
	}
	b.Run("plan", func(b *testing.B) {
		for b.Loop() {
			if _, err := Plan(bytes.NewReader(in), strictMark()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("inspect", func(b *testing.B) {
		for b.Loop() {
			if m, err := Read(labelled); err != nil || len(m) != 1 {
				b.Fatal(fmt.Sprint(m, err))
			}
		}
	})
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			if _, err := Write(in, strictMark()); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(in))/1024, "KiB/picture")
	})
	b.Run("write and read back", func(b *testing.B) {
		for b.Loop() {
			out, err := Write(in, strictMark())
			if err != nil {
				b.Fatal(err)
			}
			if m, err := Read(out); err != nil || len(m) != 1 || !m[0].Strict() {
				b.Fatal(fmt.Sprint(m, err))
			}
		}
	})
}

// unturn is where in the stored picture (w×h) the upright picture's (x, y) lies: what turn
// undoes.
func unturn(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 1:
		return x, y
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	default:
		return w - 1 - y, x
	}
}
