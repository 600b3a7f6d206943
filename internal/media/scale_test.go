package media

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"testing"

	"loam"
)

// TestCutTakesThePart: a quarter of one colour is cut out whole, whatever the size asked for.
func TestCutTakesThePart(t *testing.T) {
	t.Parallel()
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for y := range 300 {
		for x := range 400 {
			img.SetRGBA(x, y, color.RGBA{uint8(x / 200 * 200), uint8(y / 150 * 200), 40, 255})
		}
	}
	for _, size := range []image.Point{{90, 120}, {120, 90}, {400, 300}, {1, 1}, {300, 30}} {
		got := Cut(img, [4]int{500, 500, 500, 500}, size.X, size.Y)
		if got.Rect.Size() != size || !got.Opaque() {
			t.Fatalf("%v: %v", size, got.Rect)
		}
		for _, p := range []image.Point{{0, 0}, {size.X - 1, size.Y - 1}} {
			if c := got.RGBAAt(p.X, p.Y); c.R < 190 || c.G < 190 {
				t.Errorf("%v at %v: %v, want the lower right quarter", size, p, c)
			}
		}
	}
	if got := Cut(img, [4]int{999, 999, 1, 1}, 10, 10); got.Rect.Dx() != 10 {
		t.Errorf("a crop of next to nothing: %v", got.Rect)
	}
	if got := Shrink(img, 100).Rect.Size(); got != image.Pt(100, 75) {
		t.Errorf("shrunk to %v", got)
	}
	if got := Shrink(image.NewNRGBA(image.Rect(5, 5, 15, 10)), 100); got.Rect.Size() != image.Pt(10, 5) || got.RGBAAt(3, 3) != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("a clear picture: %v, %v", got.Rect, got.RGBAAt(3, 3))
	}
}

// TestWhatCreatorsBring: files phones and applications make that cannot be read are refused
// with their own reason, before anything of them is decoded.
func TestWhatCreatorsBring(t *testing.T) {
	t.Parallel()
	heic := append([]byte{0, 0, 0, 24}, "ftypheic\x00\x00\x00\x00mif1heic"...)
	animated := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00"), 0x02, 0, 0, 0, 9, 0, 0, 9, 0, 0)
	var huge bytes.Buffer
	huge.Write(pngMagic)
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), 12_000), 12_000)
	head = append(head, 8, 6, 0, 0, 0)
	huge.Write([]byte{0, 0, 0, 13})
	huge.Write(head)
	huge.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(head)))
	for name, tt := range map[string]struct {
		data []byte
		code string
	}{
		"HEIC":              {heic, "picture.heic"},
		"AVIF":              {append([]byte{0, 0, 0, 28}, "ftypavif\x00\x00\x00\x00"...), "picture.heic"},
		"a film":            {append([]byte{0, 0, 0, 24}, "ftypisom\x00\x00\x00\x00"...), "picture.type"},
		"animated WebP":     {animated, "picture.animated"},
		"12,000×12,000 PNG": {huge.Bytes(), "picture.too_large"},
		"short":             {[]byte("ftyp"), "picture.type"},
	} {
		if _, err := Clean(tt.data); loam.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %s", name, err, tt.code)
		}
	}
}
