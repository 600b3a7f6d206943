package screen

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"loam"
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

// nearest keeps the three findings of the highest score for people to look at; the works of the
// others stand in the last one's fact "others", since a denial follows all of them.
func nearest(f []loam.Finding) []loam.Finding {
	const shown = 3
	slices.SortStableFunc(f, func(x, y loam.Finding) int { return cmp.Compare(y.Score, x.Score) })
	if len(f) <= shown {
		return f
	}
	var others []string
	for _, x := range f[shown:] {
		if work := x.Facts["work"]; work != "" && !slices.Contains(others, work) {
			others = append(others, work)
		}
	}
	f[shown-1].Facts["others"] = strings.Join(others, " ")
	return f[:shown]
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
