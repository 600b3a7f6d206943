package intake

import (
	"context"

	"loam"
	"loam/internal/media"
)

// acceptSound takes one sound in for its owner, without its tags, pictures and whatever else stands
// beside it; its strongest label stays in it.
func (d *Desk) acceptSound(ctx context.Context, owner string, data []byte) (loam.Asset, error) {
	var r media.Recording
	err := d.Gate(ctx, func() (err error) {
		r, err = media.CleanSound(data)
		return err
	})
	if err != nil {
		return loam.Asset{}, err
	}
	credentials, err := d.credentials(data)
	if err != nil {
		return loam.Asset{}, err
	}
	hash, err := d.Blobs.Put(r.Data)
	if err != nil {
		return loam.Asset{}, err
	}
	return d.Store.CreateAsset(ctx, loam.Asset{
		Owner: owner, Hash: hash, Type: string(r.Type), Size: int64(len(r.Data)), Millis: r.Length.Milliseconds(),
		AI: r.AI, Signs: signsOf(r.Marks), Credentials: credentials,
	})
}

// sound freezes the sound of a draft, nil if it has none. Its state is the strongest of what was
// found in its file and what she declares (Labelling Measures Art. 6). One that is plainly AI is
// only taken where it can be heard to be: Conflict, "sound.cue_missing".
func (d *Desk) sound(ctx context.Context, w loam.Work, declared bool) (*loam.SoundRef, error) {
	s := w.Draft.Sound
	if s == nil {
		return nil, nil
	}
	a, err := d.Store.Asset(ctx, w.Owner, s.Asset)
	if err == nil && !a.Audio() {
		err = loam.Fail(loam.Invalid, "sound.type")
	}
	if err != nil {
		return nil, err
	}
	ai, err := d.ruled(ctx, w.Owner, a.Hash, a.AI)
	if err != nil {
		return nil, err
	}
	if ai == loam.IsAI && d.Cue != nil {
		if err := d.Cue(); err != nil {
			return nil, loam.Fail(loam.Conflict, "sound.cue_missing").Because(err)
		}
	}
	if declared {
		ai = ai.Stronger(loam.MayAI)
	}
	return &loam.SoundRef{Asset: a.ID, Hash: a.Hash, Type: a.Type, Millis: a.Millis, Name: s.Name, AI: ai}, nil
}
