package parts

import (
	"context"
	"errors"
	"fmt"
	"image"
)

const (
	maxFaces   = 16         // answered of one picture
	faceVector = 128        // numbers of a face
	maxPlace   = 50_000_000 // pixels: no picture Loam takes in is longer
)

// Face is a face found in a picture.
type Face struct {
	Box    image.Rectangle // in pixels of the picture as it is stored, which is upright
	Score  float64         // how surely it is a face, from 0.5 to 1
	Vector []float32       // 128 numbers from -1 to 1: the nearer two lie (Euclid), the more alike the faces
}

// Faces finds the faces of a picture's file, the largest first, at most 16; those less than
// 48 pixels wide are left out. Errors are those of Words.
func (p *Parts) Faces(ctx context.Context, picture []byte) ([]Face, error) {
	a, err := p.look(ctx, wantFaces, picture)
	var out []Face
	for _, f := range a.Faces {
		out = append(out, Face{f.rectangle(), f.Score, f.Vector})
	}
	return out, err
}

// faceTaking is raised whenever the worker takes other numbers of the same face: who is registered
// by them has to register anew.
const faceTaking = "1"

// FaceModel names the models that find and tell faces. Vectors of different ones are not comparable.
func (p *Parts) FaceModel() string { return "dlib-ResNet " + faceTaking + " " + p.sumOf("", "face-") }

// found is a face as a child tells it.
type found struct {
	Box    []int     `json:"box"` // left, top, right, bottom
	Score  float64   `json:"score"`
	Vector []float32 `json:"vector"`
}

func (f found) rectangle() image.Rectangle {
	return image.Rectangle{image.Pt(f.Box[0], f.Box[1]), image.Pt(f.Box[2], f.Box[3])}
}

// believable says what is wrong with the faces of an answer.
func believable(faces []found) error {
	if len(faces) > maxFaces {
		return fmt.Errorf("%d faces", len(faces))
	}
	largest := 0
	for i, f := range faces {
		if len(f.Box) != 4 || !f.rectangle().In(image.Rect(0, 0, maxPlace, maxPlace)) || f.rectangle().Empty() {
			return fmt.Errorf("a face at %v", f.Box)
		}
		area := f.rectangle().Dx() * f.rectangle().Dy()
		if i > 0 && area > largest {
			return errors.New("a larger face after a smaller one")
		}
		largest = area
		if !probable(f.Score) {
			return fmt.Errorf("a face's score is %v", f.Score)
		}
		if len(f.Vector) != faceVector {
			return fmt.Errorf("a face of %d numbers", len(f.Vector))
		}
		for _, v := range f.Vector {
			if !(v >= -1 && v <= 1) {
				return fmt.Errorf("a face's number is %v", v)
			}
		}
	}
	return nil
}
