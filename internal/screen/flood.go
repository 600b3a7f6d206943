package screen

import (
	"context"
	"math"
	"strconv"

	"loam"
	"loam/internal/text"
)

// flood finds a note that is built as those of many other accounts of the last day, whatever
// they talk about. What the offline writer puts into everybody's notes does not count.
type flood struct {
	local
	store Store
	bands []uint64
}

const (
	floodWithin = 24 * 60 * 60 * 1000 // ms
	// floodBands is how many of the 16 bands tell that two notes are built alike: with 85 % of
	// the steps in common 99 in 100 pairs share so many, with half of them 4.
	floodBands = 5
	// leastFlood is how many other accounts are worth a word.
	leastFlood = 3
)

func (*flood) About() About { return About{Name: "flood", Version: "1"} }

func (d *flood) Detect(ctx context.Context, in Input) ([]loam.Finding, error) {
	if d.bands == nil {
		return nil, nil
	}
	alike, err := d.store.SameStructure(ctx, in.Version.Owner, d.bands, in.Version.SubmittedAt-floodWithin, floodBands)
	if err != nil {
		return nil, err
	}
	accounts := map[string]bool{}
	oldest, shared := in.Version.SubmittedAt, 0
	for _, a := range alike {
		accounts[a.Owner] = true
		oldest, shared = min(oldest, a.At), shared+a.Bands
	}
	if len(accounts) < leastFlood {
		return nil, nil
	}
	share := float64(shared) / float64(len(alike)*len(d.bands))
	hours := math.Ceil(float64(in.Version.SubmittedAt-oldest) / (60 * 60 * 1000))
	return []loam.Finding{{
		Risk: loam.Quality, Tier: loam.TierSignal, Score: min(round(float64(len(accounts))/10), 1),
		Facts: map[string]string{
			"accounts": strconv.Itoa(len(accounts)), "notes": strconv.Itoa(len(alike)), "hours": strconv.Itoa(int(max(hours, 1))),
			"similarity": strconv.FormatFloat(round(math.Cbrt(share)), 'f', 2, 64), // a band is three steps in common
		},
	}}, nil
}

// built is how the note's body is built, without what own leaves out.
func built(c loam.Content, own func(string) string) []uint64 {
	body := c.Body
	if own != nil {
		body = own(body)
	}
	return text.Structure(body)
}
