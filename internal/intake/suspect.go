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
		if i := pictureOf(*c, f); i >= 0 {
			a := &c.Assets[i]
			state, err := d.ruled(ctx, owner, a.Hash, loam.SuspectedAI)
			if err != nil {
				return err
			}
			a.AI = a.AI.Stronger(state)
			continue
		}
		state, err := d.ruled(ctx, owner, digest(c.Markdown()), loam.SuspectedAI)
		if err != nil {
			return err
		}
		c.TextAI = c.TextAI.Stronger(state)
	}
	return nil
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
