package main

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"time"

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
			Protection: f.Of.ID, Kind: f.Of.Kind, Name: f.Of.Names[0], Seconds: f.Seconds(), Errors: f.Errors,
		})
	}
	return out, nil
}

// shortest is how long a sound must be for ten seconds of it to be compared at all.
const shortest = 10 * time.Second

// errUnheard is a sound whose fingerprint is not as long as the sound says it is.
var errUnheard = errors.New("it sounds longer or shorter than it says")

// soundPrint is the acoustic fingerprint of a sound that an account has, taken once and kept. One
// that is too short to have any is empty. What says another length than it has is Invalid,
// "film.failed": a part of it was not compared.
func (n *node) soundPrint(ctx context.Context, hash string) (subject.Print, error) {
	text, millis, err := n.db.SoundPrint(ctx, hash)
	if err != nil {
		return nil, err
	}
	if text != "" {
		return subject.ParsePrint(text)
	}
	data, err := n.blobs.Read(hash)
	if err != nil {
		return nil, err
	}
	p, ok, err := hearing{n}.printOf(ctx, data)
	if !ok && err == nil {
		err = loam.Fail(loam.Invalid, "film.failed")
	}
	length := time.Duration(millis) * time.Millisecond
	if loam.KindOf(err) == loam.Invalid && errors.Is(err, parts.ErrTooShort) && length < shortest {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if off := p.Lasts() - length.Seconds(); math.Abs(off) > 5+length.Seconds()/50 {
		return nil, loam.Fail(loam.Invalid, "film.failed").Because(errUnheard)
	}
	return p, n.db.SetSoundPrint(ctx, hash, p.String())
}

// cueTime is how long the audible label of one sound may take to be written.
const cueTime = time.Minute

// cued is a sound with an audible label before it, written by ffmpeg.
func (n *node) cued(ctx context.Context, data []byte) (out []byte, err error) {
	typ, err := media.Identify(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "loam-cue-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	in, made := filepath.Join(dir, "in"), filepath.Join(dir, "made")
	if err := os.WriteFile(in, data, 0o600); err != nil {
		return nil, err
	}
	if err := (parts.Films{Longest: cueTime}).Mark(ctx, in, made, typ, parts.Visible{Cue: parts.RhythmCue}); err != nil {
		return nil, err
	}
	return os.ReadFile(made)
}
