package screen

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"loam"
	"loam/internal/media"
	"loam/internal/text"
)

// contacts finds ways to reach somebody outside the community.
type contacts struct{ local }

func (contacts) About() About { return About{Name: "contacts", Version: "1"} }

func (contacts) Detect(_ context.Context, in Input) ([]loam.Finding, error) {
	var out []loam.Finding
	for _, f := range in.Fields {
		for _, c := range text.Contacts(f.Text) {
			if len(out) == maxFindings {
				return out, errTooMany
			}
			disguised := "no"
			if c.Disguised {
				disguised = "yes"
			}
			out = append(out, loam.Finding{
				Risk: loam.Diversion, Tier: loam.TierSignal, Field: f.Name, Start: c.Start, End: c.End, Text: excerpt(f.Text[c.Start:c.End]),
				Score: c.Score, Layers: c.Layers.Names(), Facts: map[string]string{"kind": string(c.Kind), "disguised": disguised},
			})
		}
	}
	return out, nil
}

// hidden counts invisible characters between letters: none are needed there, and many are
// a sign of hiding.
type hidden struct{ local }

func (hidden) About() About { return About{Name: "hidden", Version: "1"} }

func (hidden) Detect(_ context.Context, in Input) ([]loam.Finding, error) {
	var out []loam.Finding
	for _, f := range in.Fields {
		if n := text.Fold(f.Text).Hidden; n >= 2 {
			out = append(out, loam.Finding{
				Risk: loam.Quality, Tier: loam.TierSignal, Field: f.Name, Score: float64(n) / float64(n+2), // 8 of them: 0.8
				Facts: map[string]string{"count": strconv.Itoa(n)},
			})
		}
	}
	return out, nil
}

// limits asks the platform's limits.
type limits struct {
	local
	find func(loam.Content) []loam.Finding
}

func (limits) About() About { return About{Name: "limits", Version: "1"} }

func (l limits) Detect(_ context.Context, in Input) ([]loam.Finding, error) {
	return l.find(in.Version.Content), nil
}

// copies compares the note's text with what others published. One is made per screening.
type copies struct {
	local
	store  Store
	sketch text.Sketch
}

const (
	maxCandidates = 100
	leastCopy     = 0.5 // similarity below which a copy is not worth a word
)

func (*copies) About() About { return About{Name: "copies", Version: "1"} }

func (c *copies) Detect(ctx context.Context, in Input) ([]loam.Finding, error) {
	c.sketch = sketched(in.Version.Content)
	if c.sketch == nil {
		return nil, nil
	}
	near, err := c.store.NearTexts(ctx, in.Version.Owner, c.sketch.Bands(), maxCandidates)
	if err != nil {
		return nil, err
	}
	var out []loam.Finding
	for _, v := range near {
		s := c.sketch.Similarity(sketched(v.Content))
		if s < leastCopy || v.Owner == in.Version.Owner {
			continue
		}
		out = append(out, loam.Finding{
			Risk: loam.Copy, Tier: loam.TierReview, Score: math.Round(s*100) / 100,
			Facts: map[string]string{"version": v.ID, "work": v.Work},
		})
	}
	return nearest(out), nil
}

// nearest keeps the three surest.
func nearest(f []loam.Finding) []loam.Finding {
	slices.SortStableFunc(f, func(x, y loam.Finding) int { return cmp.Compare(y.Score, x.Score) })
	return f[:min(len(f), 3)]
}

// pictures compares the note's photos with what others published. Pages that Loam draws
// are left out: two notes in one style are alike without anybody copying. One is made per
// screening.
type pictures struct {
	local
	store Store
	hash  func(ctx context.Context, hash string) (string, error)
	own   map[string]string // perceptual hash by field
}

const (
	maxPictures = 20_000
	farthest    = 20 // bits of media.HashBits
)

func (*pictures) About() About { return About{Name: "pictures", Version: "1"} }

func (p *pictures) Detect(ctx context.Context, in Input) ([]loam.Finding, error) {
	p.own = map[string]string{}
	if p.hash == nil {
		return nil, nil
	}
	mine := map[string]media.Hash{}
	for _, a := range photos(in.Version.Content) {
		text, err := p.hash(ctx, a.Hash)
		if err != nil {
			return nil, err
		}
		if mine[a.Field], err = media.ParseHash(text); err != nil {
			return nil, err
		}
		p.own[a.Field] = text
	}
	if len(mine) == 0 {
		return nil, nil
	}
	others, err := p.store.PictureHashes(ctx, in.Version.Owner, maxPictures)
	if err != nil {
		return nil, err
	}
	var out []loam.Finding
	for _, o := range others {
		h, err := media.ParseHash(o.Hash)
		if err != nil || o.Owner == in.Version.Owner {
			continue // a broken record must not hide the others
		}
		out = append(out, alike(mine, h, o)...)
	}
	return nearest(out), nil
}

func alike(mine map[string]media.Hash, h media.Hash, o loam.PictureHash) []loam.Finding {
	var out []loam.Finding
	for field, m := range mine {
		d := m.Distance(h)
		if d > farthest {
			continue
		}
		out = append(out, loam.Finding{
			Risk: loam.Copy, Tier: loam.TierReview, Field: pageOf(field), Score: math.Round(100-100*float64(d)/media.HashBits) / 100,
			Facts: map[string]string{"version": o.Version, "work": o.Work, "picture": o.Field, "distance": strconv.Itoa(d)},
		})
	}
	slices.SortFunc(out, func(x, y loam.Finding) int { return strings.Compare(x.Field, y.Field) })
	return out
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

const (
	accountDetector = "account"
	newDays         = 7
)

// account puts on record what the policy knows of the note's owner.
type account struct {
	local
	store Store
}

func (*account) About() About { return About{Name: accountDetector, Version: "1"} }

func (a *account) Detect(ctx context.Context, in Input) ([]loam.Finding, error) {
	who, err := a.store.Account(ctx, in.Version.Owner)
	if err != nil {
		return nil, err
	}
	released, refused, err := a.store.History(ctx, in.Version.Owner)
	if err != nil {
		return nil, err
	}
	fresh := in.Version.SubmittedAt-who.Created < newDays*24*60*60*1000
	if !fresh && refused == 0 {
		return nil, nil
	}
	facts := map[string]string{"new": "no", "released": strconv.Itoa(released), "refused": strconv.Itoa(refused)}
	if fresh {
		facts["new"] = "yes"
	}
	return []loam.Finding{{Risk: loam.Quality, Tier: loam.TierSignal, Facts: facts}}, nil
}
