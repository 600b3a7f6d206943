package screen

import (
	"context"
	"math"
	"strconv"

	"loam"
	"loam/internal/subject"
)

// sounds compares a note's sound with those that upheld claims removed: the same bytes, or ten
// seconds that sound alike. It names the nearest.
type sounds struct {
	local
	store Store
	print func(ctx context.Context, hash string) (subject.Print, error)
}

func (*sounds) About() About { return About{Name: "sounds", Version: "1"} }

func (s *sounds) Detect(ctx context.Context, in Input) ([]loam.Finding, error) {
	if in.Version == nil || in.Version.Content.Sound == nil {
		return nil, nil
	}
	denied, err := s.store.DeniedSounds(ctx)
	if err != nil || len(denied) == 0 {
		return nil, err
	}
	hash := in.Version.Content.Sound.Hash
	for _, d := range denied {
		if d.Hash == hash {
			return []loam.Finding{deniedSound(d, subject.Alike{})}, nil
		}
	}
	if s.print == nil {
		return nil, nil
	}
	heard, err := s.print(ctx, hash)
	if err != nil {
		return nil, err
	}
	var out []loam.Finding
	best := subject.Alike{Errors: 1}
	for _, d := range denied {
		other, err := s.printOf(ctx, d)
		if loam.KindOf(err) == loam.Invalid {
			continue // it never had a fingerprint: every sound would go to people because of it
		}
		if err != nil {
			return nil, err
		}
		if a, ok := heard.Alike(other); ok && a.Errors < best.Errors {
			best, out = a, []loam.Finding{deniedSound(d, a)}
		}
	}
	return out, nil
}

// printOf is the fingerprint of a denied sound, taken now if it was not when it came.
func (s *sounds) printOf(ctx context.Context, d loam.DeniedSound) (subject.Print, error) {
	if d.Print != "" {
		return subject.ParsePrint(d.Print)
	}
	return s.print(ctx, d.Hash)
}

func deniedSound(d loam.DeniedSound, a subject.Alike) loam.Finding {
	return loam.Finding{
		Risk: d.Denied.Risk(), Tier: loam.TierReview, Field: loam.SoundField, Score: math.Round(100-100*a.Errors) / 100,
		Facts: map[string]string{
			"version": d.Version, "work": d.Work, "denied": string(d.Denied), "by": loam.SightedSound, "second": strconv.Itoa(int(a.Seconds())),
		},
	}
}
