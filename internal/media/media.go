// Package media reads and rewrites the files of a note: what type bytes truly are, how
// large the picture is, what its metadata says of its making, and a clean copy of it.
//
// It stands apart because it is the first thing hostile bytes meet. It is pure: bytes in,
// bytes out, bounded memory, no file and no network, so that each parser can be fuzzed.
//
// Invariant: nothing is decoded before its header was checked against the limits; a clean
// copy carries no place, serial number or trailing data; a label that was in a file is in
// every copy made of it (Labelling Measures Art. 10); a file written here has exactly
// one implicit label (GB 45438-2025, 6.1 c).
package media

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"

	"golang.org/x/image/webp"

	"loam"
)

// Type is a container by its media type.
type Type string

// The types that are read. Clean turns WebP and GIF into PNG or JPEG.
const (
	PNG  Type = "image/png"
	JPEG Type = "image/jpeg"
	WebP Type = "image/webp"
	GIF  Type = "image/gif"
)

// MaxBytes and MaxPixels bound a picture before it is decoded; a decoded picture takes
// four bytes a pixel at most.
const (
	MaxBytes  = 40 << 20
	MaxPixels = 50_000_000
)

// Sniff tells the type by the first bytes, never by a name or a header. Anything but the
// four types is Invalid, "picture.type"; what phones make instead, "picture.heic".
func Sniff(b []byte) (Type, error) {
	switch {
	case bytes.HasPrefix(b, pngMagic):
		return PNG, nil
	case bytes.HasPrefix(b, []byte{0xff, 0xd8, 0xff}):
		return JPEG, nil
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return WebP, nil
	case bytes.HasPrefix(b, []byte("GIF87a")), bytes.HasPrefix(b, []byte("GIF89a")):
		return GIF, nil
	case len(b) >= 12 && string(b[4:8]) == "ftyp" && slices.Contains([]string{"heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif", "avis"}, string(b[8:12])):
		return "", loam.Fail(loam.Invalid, "picture.heic")
	}
	return "", loam.Fail(loam.Invalid, "picture.type")
}

// Header is what a picture says of itself, not yet proved by decoding. Width and height
// are before Orientation is applied.
type Header struct {
	Type        Type
	Width       int
	Height      int
	Orientation int // EXIF 1 to 8
}

// Head reads a picture's header and holds it to the limits: TooLarge, "picture.too_large"
// over them, Invalid, "picture.broken" if it cannot be read.
func Head(b []byte) (Header, error) {
	t, err := Sniff(b)
	if err != nil {
		return Header{}, err
	}
	if len(b) > MaxBytes {
		return Header{}, loam.Fail(loam.TooLarge, "picture.too_large", "40 MB")
	}
	var c image.Config
	r := bytes.NewReader(b)
	switch t {
	case PNG:
		c, err = png.DecodeConfig(r)
	case JPEG:
		c, err = jpeg.DecodeConfig(r)
	case WebP:
		if animatedWebP(b) {
			return Header{}, loam.Fail(loam.Invalid, "picture.animated")
		}
		c, err = webp.DecodeConfig(r)
	case GIF:
		c, err = gif.DecodeConfig(r)
	}
	if err != nil || c.Width < 1 || c.Height < 1 {
		return Header{}, loam.Fail(loam.Invalid, "picture.broken").Because(err)
	}
	if c.Width > MaxPixels/c.Height {
		return Header{}, loam.Fail(loam.TooLarge, "picture.too_large", "50 MP")
	}
	h := Header{Type: t, Width: c.Width, Height: c.Height, Orientation: 1}
	if t == JPEG {
		h.Orientation = jpegOrientation(b)
	}
	return h, nil
}

// animatedWebP reads the animation flag of the extended header (RFC 9649, 2.7): such a file
// holds no still picture the decoder knows.
func animatedWebP(b []byte) bool {
	return len(b) > 20 && string(b[12:16]) == "VP8X" && b[20]&0x02 != 0
}

// Decode decodes a picture within the limits and turns it upright. A GIF gives its first
// frame. Bytes that lie or end early are Invalid, "picture.broken".
func Decode(b []byte) (image.Image, Header, error) {
	h, err := Head(b)
	if err != nil {
		return nil, h, err
	}
	var img image.Image
	r := bytes.NewReader(b)
	switch h.Type {
	case PNG:
		img, err = png.Decode(r)
	case JPEG:
		if err = jpegScans(b); err == nil {
			img, err = jpeg.Decode(r)
		}
	case WebP:
		img, err = webp.Decode(r)
	case GIF:
		img, err = gif.Decode(r)
	}
	if err != nil {
		return nil, h, loam.Fail(loam.Invalid, "picture.broken").Because(err)
	}
	return upright(img, h.Orientation), h, nil
}
