package main

import (
	"bytes"
	"context"
	"errors"

	"loam"
	"loam/internal/media"
	"loam/internal/parts"
	"loam/internal/screen"
	"loam/internal/subject"
)

// bodies takes what faces and voices are compared by, for screening and for web.
type bodies struct{ n *node }

var _ screen.Bodies = bodies{}

// Model names what takes a kind of Biometric here.
func (b bodies) Model(kind loam.BiometricKind) string {
	if kind == loam.BiometricVoice {
		return b.n.parts.VoiceModel()
	}
	return b.n.parts.FaceModel()
}

func (b bodies) of(kind loam.BiometricKind, vectors ...[]float32) loam.Biometric {
	return loam.Biometric{Kind: kind, Model: b.Model(kind), Vectors: vectors}
}

// promised is the error of a part that is not installed: who agreed to be compared was promised that
// it is, so what cannot be compared counts as missing, not as absent.
func promised(err error) error {
	if errors.Is(err, screen.ErrAbsent) {
		return loam.Fail(loam.Unavailable, "compare.absent")
	}
	return err
}

// Faces gives a Biometric for each face of a picture, the largest first.
func (b bodies) Faces(ctx context.Context, picture []byte) ([]loam.Biometric, error) {
	list, err := b.n.parts.Faces(ctx, picture)
	out := make([]loam.Biometric, len(list))
	for i, f := range list {
		out[i] = b.of(loam.BiometricFace, f.Vector)
	}
	return out, promised(err)
}

// Voices gives a Biometric for each stretch of a sound that an account has.
func (b bodies) Voices(ctx context.Context, hash string) (of []loam.Biometric, seconds []float64, err error) {
	data, err := b.n.blobs.Read(hash)
	if err != nil {
		return nil, nil, err
	}
	list, err := b.heard(ctx, data)
	for _, v := range list {
		of, seconds = append(of, b.of(loam.BiometricVoice, v.Vector)), append(seconds, v.Second)
	}
	return of, seconds, err
}

func (b bodies) heard(ctx context.Context, data []byte) (list []parts.Voice, err error) {
	typ, err := media.Identify(bytes.NewReader(data))
	if err != nil || !(parts.Films{}).Takes(typ) {
		return nil, loam.Fail(loam.Invalid, "inspect.file")
	}
	err = b.n.gate.run(ctx, func() error {
		list, err = b.n.parts.Voices(ctx, typ, data)
		return err
	})
	return list, promised(err)
}

// Ready is nil where faces and voices can be compared.
func (b bodies) Ready(ctx context.Context) error { return promised(b.n.parts.Health(ctx)) }

// Why nothing was taken of a file.
const (
	nobodyThere  = "none"
	severalThere = "several"
)

// OfFace is what a picture of one person alone is compared by; of any other it is nil, and why.
func (b bodies) OfFace(ctx context.Context, picture []byte) (*loam.Biometric, string, error) {
	list, err := b.Faces(ctx, picture)
	switch {
	case err != nil:
		return nil, "", err
	case len(list) == 0:
		return nil, nobodyThere, nil
	case len(list) > 1:
		return nil, severalThere, nil
	}
	return &list[0], "", nil
}

// stretches of a recording are kept, spread evenly: what is found in a sound of many stretches was
// measured with so many (docs/detectors/voices.md).
const stretches = 3

// OfVoice is what a recording of one person alone is compared by; of any other it is nil, and why.
func (b bodies) OfVoice(ctx context.Context, sound []byte) (*loam.Biometric, string, error) {
	list, err := b.heard(ctx, sound)
	if err != nil {
		return nil, "", err
	}
	if len(list) == 0 {
		return nil, nobodyThere, nil
	}
	every := make([][]float32, len(list))
	for i, v := range list {
		every[i] = v.Vector
	}
	kept := make([][]float32, min(stretches, len(every)))
	for i := range kept {
		kept[i] = every[i*len(every)/len(kept)]
	}
	if !subject.OneVoice(kept, every) {
		return nil, severalThere, nil
	}
	of := b.of(loam.BiometricVoice, kept...)
	return &of, "", nil
}
