package media

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"

	xdraw "golang.org/x/image/draw"

	"loam"
)

// Picture is a picture fit to be stored.
type Picture struct {
	Data   []byte
	Type   Type // PNG or JPEG
	Width  int
	Height int
	PDQ    PDQ
	AI     loam.AIState // what its metadata said; the marks themselves are kept in Data
	Marks  []Found
}

// quality is that of every JPEG encoded here: above it files grow faster than they improve.
const quality = 92

// Clean proves a picture by decoding it and gives a copy without place, serial numbers,
// text or trailing data, upright, as PNG or JPEG. Colour profiles and the strongest label
// stay; source types and traces are told in Marks alone. The pixels of a PNG, and of a JPEG
// that was upright, are the very same.
func Clean(b []byte) (Picture, error) {
	img, h, err := Decode(b)
	if err != nil {
		return Picture{}, err
	}
	marks, err := Read(b)
	if err != nil {
		return Picture{}, err
	}
	p := Picture{Width: img.Bounds().Dx(), Height: img.Bounds().Dy(), PDQ: PDQOf(img), AI: State(marks), Marks: marks}
	switch {
	case h.Type == PNG:
		p.Type = PNG
		p.Data, err = pngStrip(b)
	case h.Type == JPEG && h.Orientation == 1:
		p.Type = JPEG
		p.Data, err = jpegStrip(b)
	default:
		p.Type, p.Data, err = encode(img)
		if err == nil && h.Type == JPEG && p.Type == JPEG {
			p.Data, err = jpegCarryProfile(p.Data, b)
		}
	}
	if err != nil {
		return Picture{}, err
	}
	p.Data, err = carry(p.Data, marks)
	return p, err
}

// encode writes an opaque picture as JPEG, any other as PNG.
func encode(img image.Image) (Type, []byte, error) {
	var out bytes.Buffer
	if o, ok := img.(interface{ Opaque() bool }); ok && o.Opaque() {
		err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality})
		return JPEG, out.Bytes(), err
	}
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	err := e.Encode(&out, img)
	return PNG, out.Bytes(), err
}

// carry writes the strongest of the marks into a copy whose metadata was dropped: as it
// stood, so that a malformed one is neither repaired nor lost.
func carry(b []byte, marks []Found) ([]byte, error) {
	best := strongest(marks)
	if best == nil {
		return b, nil
	}
	out, err := write(b, best.Raw)
	if loam.CodeOf(err) == "label.no_room" {
		return write(b, best.Raw[:min(len(best.Raw), maxCarried)])
	}
	return out, err
}

// strongest is the label of the strongest state among marks, nil if there is none.
func strongest(marks []Found) *Found {
	var best *Found
	for i := range marks {
		m := &marks[i]
		if m.Kind == KindImplicit && (best == nil || m.State != best.State && m.State.Stronger(best.State) == m.State) {
			best = m
		}
	}
	return best
}

// maxCarried bounds what is carried of a label that has no room: escaped it still fits a
// segment.
const maxCarried = 8 << 10

// Thumbnail gives a JPEG of at most edge pixels a side, upright, on white where the
// picture is clear, with the AI mark of the original.
func Thumbnail(b []byte, edge int) ([]byte, error) {
	img, _, err := Decode(b)
	if err != nil {
		return nil, err
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if m := max(w, h); m > edge {
		w, h = max(w*edge/m, 1), max(h*edge/m, 1)
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
	xdraw.CatmullRom.Scale(small, small.Bounds(), img, img.Bounds(), xdraw.Over, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: 82}); err != nil {
		return nil, err
	}
	marks, err := Read(b)
	if err != nil {
		return nil, err
	}
	return carry(out.Bytes(), marks)
}

// Repaint encodes new pixels in the container of b and carries over its metadata, colour
// profile included. The pixels are taken as upright.
func Repaint(b []byte, img image.Image) ([]byte, error) {
	t, err := Sniff(b)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	switch t {
	case PNG:
		e := png.Encoder{CompressionLevel: png.BestSpeed}
		if err := e.Encode(&out, img); err != nil {
			return nil, err
		}
		return pngCarry(out.Bytes(), b)
	case JPEG:
		if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		return jpegCarry(out.Bytes(), b)
	default:
		return nil, loam.Fail(loam.Invalid, "picture.container", string(t))
	}
}

// upright applies an EXIF orientation.
func upright(src image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return src
	}
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	tw, th := w, h
	if orientation >= 5 {
		tw, th = h, w
	}
	to := image.NewRGBA(image.Rect(0, 0, tw, th))
	// Strip by strip: a second whole copy of 50 megapixels would be 200 MB.
	from := image.NewRGBA(image.Rect(0, 0, w, min(h, strip)))
	for top := 0; top < h; top += strip {
		rows := min(strip, h-top)
		draw.Draw(from, image.Rect(0, 0, w, rows), src, b.Min.Add(image.Pt(0, top)), draw.Src)
		for y := range rows {
			for x := range w {
				tx, ty := turn(orientation, x, top+y, w, h)
				copy(to.Pix[to.PixOffset(tx, ty):][:4], from.Pix[from.PixOffset(x, y):][:4])
			}
		}
	}
	return to
}

// strip is how many rows of a picture are turned at once.
const strip = 32

// turn is where (x, y) of the stored picture (w×h) lies in the upright one; EXIF 2.3, tag
// 0x0112.
func turn(orientation, x, y, w, h int) (int, int) {
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
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	default:
		return y, w - 1 - x
	}
}
