package intake

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"loam"
)

// suspect raises the state of every part in which something protected was found (Labelling
// Measures Art. 6 (3)), unless a reviewer ruled on an appeal of exactly these bytes.
func (d *Desk) suspect(ctx context.Context, owner string, c *loam.Content) error {
	if d.Suspect == nil {
		return nil
	}
	fields, err := d.Suspect(ctx, owner, *c)
	if err != nil {
		return err
	}
	for _, f := range fields {
		state, source := partOf(c, f)
		suspected, err := d.ruled(ctx, owner, source, loam.SuspectedAI)
		if err != nil {
			return err
		}
		*state = state.Stronger(suspected)
	}
	return nil
}

// partOf is the state of the part of a note that a field of a finding is about, and the SHA-256 of
// the part's bytes.
func partOf(c *loam.Content, field string) (*loam.AIState, string) {
	if field == loam.SoundField && c.Sound != nil {
		return &c.Sound.AI, c.Sound.Hash
	}
	if i := pictureOf(*c, field); i >= 0 {
		return &c.Assets[i].AI, c.Assets[i].Hash
	}
	return &c.TextAI, digest(c.Markdown())
}

// pictureOf is the picture a field of a finding belongs to, -1 for the note's own words.
func pictureOf(c loam.Content, field string) int {
	parts := strings.Split(field, ".")
	if len(parts) < 2 || parts[0] != "picture" && parts[0] != "page" {
		return -1
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return -1
	}
	return slices.IndexFunc(c.Assets, func(a loam.AssetRef) bool { return a.Field == loam.PictureField(n) })
}
