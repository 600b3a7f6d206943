package screen

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"loam"
	"loam/internal/media"
)

// pictures compares the note's photos, and their mirror images, with what others published.
// Pages that Loam draws are left out: two notes in one style are alike without anybody
// copying. One is made per screening.
type pictures struct {
	local
	store   Store
	gallery *gallery
	hash    func(ctx context.Context, hash string) (string, error)
	own     map[string]string // hash by field
}

// maxSame bounds how many hashes near to a note's, and then notes that have one of them,
// are looked at.
const maxSame = 200

func (*pictures) About() About { return About{Name: "pictures", Version: "2"} }

// aim is one hash that is looked for: a photo's, or its mirror image's.
type aim struct {
	field    string
	mirrored bool
}

func (p *pictures) Detect(ctx context.Context, in Input) ([]loam.Finding, error) {
	aims, hashes, broken := p.take(ctx, in.Version.Content)
	if len(hashes) == 0 {
		return nil, broken
	}
	near, err := p.gallery.near(ctx, hashes)
	if err != nil || len(near) == 0 {
		return nil, errors.Join(broken, err)
	}
	found, err := p.shown(ctx, in.Version.Owner, aims, near[:min(len(near), maxSame)])
	return found, errors.Join(broken, err)
}

// take hashes the photos of a note, but for plain ones, and fills own. An error is about
// some of them; the others are there.
func (p *pictures) take(ctx context.Context, c loam.Content) (aims []aim, hashes []media.Hash, err error) {
	p.own = map[string]string{}
	if p.hash == nil {
		return nil, nil, nil
	}
	for _, a := range photos(c) {
		text, e := p.hash(ctx, a.Hash)
		var pdq media.PDQ
		if e == nil {
			pdq, e = media.ParsePDQ(text)
		}
		if e != nil {
			err = errors.Join(err, e)
			continue
		}
		if pdq.Plain() {
			continue
		}
		p.own[a.Field] = pdq.Hash.String()
		aims = append(aims, aim{a.Field, false}, aim{a.Field, true})
		hashes = append(hashes, pdq.Hash, pdq.Mirrored)
	}
	return aims, hashes, err
}

// shown asks which of the near hashes are of pictures that can be seen.
func (p *pictures) shown(ctx context.Context, owner string, aims []aim, near []media.Match) ([]loam.Finding, error) {
	var texts []string
	for _, m := range near {
		texts = append(texts, m.Hash.String())
	}
	others, err := p.store.PicturesOf(ctx, owner, slices.Compact(slices.Sorted(slices.Values(texts))), maxSame)
	if err != nil {
		return nil, err
	}
	var out []loam.Finding
	seen := map[[2]string]bool{} // a field and another's picture, which may be found by both hashes
	for i, m := range near {     // the nearest first
		for _, o := range others {
			pair := [2]string{aims[m.Of].field, o.Version + o.Field}
			if o.Hash != texts[i] || o.Owner == owner && o.Denied == "" || seen[pair] {
				continue
			}
			seen[pair] = true
			mirrored := "no"
			if aims[m.Of].mirrored {
				mirrored = "yes"
			}
			risk := loam.Copy
			facts := map[string]string{"version": o.Version, "work": o.Work, "picture": o.Field, "distance": strconv.Itoa(m.Distance), "mirrored": mirrored}
			if o.Denied != "" {
				risk, facts["denied"] = o.Denied.Risk(), string(o.Denied)
			}
			out = append(out, loam.Finding{
				Risk: risk, Tier: loam.TierReview, Field: pageOf(aims[m.Of].field), Score: math.Round(100-100*float64(m.Distance)/media.HashBits) / 100,
				Facts: facts,
			})
		}
	}
	slices.SortStableFunc(out, func(x, y loam.Finding) int { return cmp.Compare(x.Field, y.Field) })
	return nearest(out), nil
}

// photos are what was uploaded of a note's pictures, by field: photos shown as they are,
// and those a drawn page shows. picture.N belongs to page N, picture.N.2 is its second.
func photos(c loam.Content) []loam.AssetRef {
	var out []loam.AssetRef
	for _, a := range c.Assets {
		n, err := strconv.Atoi(strings.TrimPrefix(a.Field, "picture."))
		drawn := err == nil && n >= 1 && n <= len(c.Pages) && c.Pages[n-1].Drawn()
		if !drawn {
			out = append(out, a)
			continue
		}
		for k, hash := range a.Shows {
			shown := a
			if shown.Hash = hash; k > 0 {
				shown.Field += "." + strconv.Itoa(k+1)
			}
			out = append(out, shown)
		}
	}
	return out
}

// pageOf is the picture a photo's field belongs to.
func pageOf(field string) string {
	if parts := strings.Split(field, "."); len(parts) > 2 {
		return parts[0] + "." + parts[1]
	}
	return field
}
