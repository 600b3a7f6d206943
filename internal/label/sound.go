package label

import (
	"bytes"
	"context"

	"loam"
)

// CueWords is what an audible label says as a rhythm: 短长 短短, Morse for "AI" (GB 45438-2025,
// 5.3).
const CueWords = "短长 短短"

// sound labels a note's sound. One that is plainly AI begins with an audible label in the file that
// readers play and take away; beside the player stands the notice in any case.
func (l *Labeller) sound(ctx context.Context, v loam.Version, s loam.SoundRef) (loam.Label, []loam.Asset, error) {
	data, err := l.Blobs.Read(s.Hash)
	if err != nil {
		return loam.Label{}, nil, err
	}
	label := loam.Label{Field: loam.SoundField, State: s.AI, Source: digest(data)}
	out := data
	if s.AI != loam.NotAI {
		if out, label, err = l.marked(ctx, v, s, label, data); err != nil {
			return label, nil, err
		}
	}
	hash, err := l.Blobs.Put(out)
	label.Result = hash
	return label, []loam.Asset{{Hash: hash, Type: s.Type, Size: int64(len(out))}}, err
}

// marked is a sound with its label. An upload whose own label cannot be rewritten strictly goes out
// with that label as it stands, as a picture does, and without a cue: a program that writes the
// sound anew would lose it.
func (l *Labeller) marked(ctx context.Context, v loam.Version, s loam.SoundRef, label loam.Label, data []byte) ([]byte, loam.Label, error) {
	o, err := l.soundOptions(ctx, v, s)
	if err != nil {
		return nil, label, err
	}
	out, mark, err := soundFile(data, data, o)
	if loam.CodeOf(err) == "label.unclear" {
		return data, label, nil
	}
	if err == nil && s.AI == loam.IsAI {
		if l.Cue == nil {
			return nil, label, loam.Fail(loam.Unavailable, "sound.cue_missing")
		}
		var heard []byte
		if heard, err = l.Cue(ctx, data); err == nil {
			out, mark, err = soundFile(data, heard, o)
			label.Visible = CueWords
		}
	}
	label.Mark = mark
	return out, label, err
}

// soundOptions are what a sound carries beside its label.
func (l *Labeller) soundOptions(ctx context.Context, v loam.Version, s loam.SoundRef) (Options, error) {
	if l.Producer == "" {
		return Options{}, loam.Fail(loam.Invalid, "label.producer_missing")
	}
	_, origin, err := l.origin(ctx, v.Owner, s.Asset)
	if err != nil {
		return Options{}, err
	}
	o, err := l.beside(v, loam.AssetRef{Field: loam.SoundField, AI: s.AI}, false, "", origin)
	o.State, o.Producer, o.ContentID, o.Seal, o.Unnamed = s.AI, l.Producer, v.ID+"."+loam.SoundField, l.Seal, l.Unnamed
	return o, err
}

// soundFile labels a copy of a sound, given the labels the sound has, and reads it back.
func soundFile(data, heard []byte, o Options) ([]byte, loam.Mark, error) {
	e, mark, err := PlanCopy(bytes.NewReader(data), bytes.NewReader(heard), o)
	if err != nil {
		return nil, mark, err
	}
	out, err := e.Bytes()
	if err != nil {
		return nil, mark, err
	}
	return out, mark, Verify(bytes.NewReader(out), mark)
}
