package demo

import (
	"fmt"
	"image"
	"strconv"
	"strings"
)

// Scene names a picture: a generator, the number of its variant, a shape and whether it
// is cropped, written as lake/3/tall or lake/3/tall/crop.
type Scene struct {
	Name  string
	Seed  int
	Shape string // tall, square or wide
	Crop  bool   // a strip of each edge is gone, as where somebody hid a signature
}

// UnmarshalText reads a scene as content files write it.
func (s *Scene) UnmarshalText(b []byte) error {
	parts := strings.Split(string(b), "/")
	if len(parts) < 3 || len(parts) > 4 || len(parts) == 4 && parts[3] != "crop" {
		return fmt.Errorf("scene %q is not name/number/shape", b)
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return fmt.Errorf("scene %q: %w", b, err)
	}
	if _, ok := shapes[parts[2]]; !ok {
		return fmt.Errorf("scene %q: no such shape", b)
	}
	*s = Scene{Name: parts[0], Seed: n, Shape: parts[2], Crop: len(parts) == 4}
	return nil
}

// String is the scene as content files write it.
func (s Scene) String() string {
	text := fmt.Sprintf("%s/%d/%s", s.Name, s.Seed, s.Shape)
	if s.Crop {
		text += "/crop"
	}
	return text
}

var shapes = map[string]image.Point{"tall": {1080, 1440}, "square": {1080, 1080}, "wide": {1440, 1080}}

// Draw draws the scene.
func (s Scene) Draw() *image.RGBA {
	size := shapes[s.Shape]
	return image.NewRGBA(image.Rectangle{Max: size})
}
