package main

import (
	"bytes"
	"context"

	"loam"
	"loam/internal/media"
	"loam/internal/parts"
	"loam/internal/subject"
	"loam/internal/web"
)

// hearing takes and compares acoustic fingerprints for web.
type hearing struct{ n *node }

// printOf is the fingerprint of a sound; ok is false for what is none.
func (h hearing) printOf(ctx context.Context, data []byte) (p subject.Print, ok bool, err error) {
	typ, err := media.Identify(bytes.NewReader(data))
	if err != nil || !(parts.Films{}).Takes(typ) {
		return nil, false, nil // what nothing is known of is no sound
	}
	err = h.n.gate.run(ctx, func() error {
		p, err = parts.Fingerprint(ctx, typ, data)
		return err
	})
	return p, err == nil, err
}

// Print is a sound's fingerprint as it is stored. Without the program a recording is kept as any
// file is, and nothing is compared with it.
func (h hearing) Print(ctx context.Context, data []byte) (string, error) {
	p, ok, err := h.printOf(ctx, data)
	if k := loam.KindOf(err); err != nil && (k == loam.Unavailable || k == loam.Invalid) {
		h.n.log.WarnContext(ctx, "no fingerprint of a recording", "error", err)
		return "", nil
	}
	if err != nil || !ok {
		return "", err
	}
	return p.String(), nil
}

// wordsASecond is how many words of a fingerprint a second of sound has: one for each 1365
// samples at 11025 Hz (a third of a frame of 4096).
const wordsASecond = 11025.0 / 1365

// Match compares a sound with every registered recording.
func (h hearing) Match(ctx context.Context, data []byte) ([]web.HeardView, error) {
	p, ok, err := h.printOf(ctx, data)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, loam.Fail(loam.Invalid, "inspect.file")
	}
	out := []web.HeardView{}
	for _, f := range h.n.matcher().Sound(p) {
		out = append(out, web.HeardView{
			Protection: f.Of.ID, Kind: f.Of.Kind, Name: f.Of.Names[0], Seconds: float64(f.At) / wordsASecond, Errors: f.Errors,
		})
	}
	return out, nil
}
