package label

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"

	"loam"
	"loam/internal/media"
)

// Match looks up a content number this installation gave out and compares the file it was
// given to, and those handed out without a visible label, with src. A picture that was made
// smaller or compressed again looks alike (PDQ, 31 of 256 bits), and so does one in which little
// was changed; one that was cropped or lies on a card may look like another.
func (l *Labeller) Match(ctx context.Context, src media.Source, id string) (Match, error) {
	version, field, _ := strings.Cut(id, ".")
	v, err := l.Store.Version(ctx, version)
	if loam.KindOf(err) == loam.NotFound {
		return NoRecord, nil
	}
	if err != nil {
		return NoRecord, err
	}
	i := slices.IndexFunc(v.Labels, func(of loam.Label) bool { return of.Field == field })
	if i < 0 {
		return NoRecord, nil
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(src, 0, src.Size())); err != nil {
		return NoRecord, err
	}
	hash := hex.EncodeToString(sum.Sum(nil))
	if delivered, err := l.Store.Delivered(ctx, version, hash); err != nil || delivered || hash == v.Labels[i].Result {
		return SameFile, err
	}
	if field == TextField || field == loam.SoundField || src.Size() > media.MaxBytes {
		return OtherFile, nil
	}
	return l.alike(ctx, src, v.Labels[i].Result)
}

// alike compares what a file and a picture of ours look like.
func (l *Labeller) alike(ctx context.Context, src media.Source, ours string) (Match, error) {
	sent := make([]byte, src.Size())
	if _, err := io.ReadFull(io.NewSectionReader(src, 0, src.Size()), sent); err != nil {
		return NoRecord, err
	}
	kept, err := l.Blobs.Read(ours)
	if err != nil {
		return NoRecord, err
	}
	match := OtherFile
	err = l.Gate(ctx, func() error {
		a, _, broken := media.Decode(sent)
		b, _, err := media.Decode(kept)
		if broken != nil || err != nil { // no picture at all, or a broken one, is not the one on record
			return err
		}
		x, y := media.PDQOf(a), media.PDQOf(b)
		switch {
		case x.Plain() && y.Plain():
			match = NoRecord // nothing on either to tell them apart by
		case x.Hash.Distance(y.Hash) <= media.HashNear:
			match = Alike
		}
		return nil
	})
	return match, err
}
