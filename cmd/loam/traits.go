package main

import (
	"context"

	"loam/internal/media"
	"loam/internal/screen"
)

// pictureHash is the PDQ of a picture that an account has. Where it is not recorded, as by an
// older build, it is taken of the bytes and kept.
func (n *node) pictureHash(ctx context.Context, hash string) (string, error) {
	text, err := n.db.PictureHash(ctx, hash)
	if err != nil {
		return "", err
	}
	if _, err := media.ParsePDQ(text); err == nil {
		return text, nil
	}
	data, err := n.blobs.Read(hash)
	if err != nil {
		return "", err
	}
	err = n.gate.run(ctx, func() error {
		img, _, err := media.Decode(data)
		if err == nil {
			text = media.PDQOf(img).String()
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return text, n.db.SetPictureHash(ctx, hash, text)
}

// retake takes the traits of released notes by today's rules where an older build did.
func (n *node) retake(ctx context.Context) error {
	const batch = 50
	for after := ""; ; {
		list, err := n.db.Untaken(ctx, screen.TraitRules, after, batch)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, v := range list {
			l, err := n.screen.Traits(ctx, v)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil { // a picture that cannot be read is not found again; the rest is
				n.log.WarnContext(ctx, "traits", "version", v.ID, "error", err)
			}
			if err := n.db.PutTraits(ctx, v.ID, l); err != nil {
				return err
			}
			after = v.ID
		}
	}
}
