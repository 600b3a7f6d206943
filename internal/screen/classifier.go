package screen

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"loam"
	"loam/internal/classify"
)

// classifier reads each text with the learned model: one finding a risk it finds likelier
// than not, where it stands clearest. docs/data-card.md says what it was taught and how
// little a probability means outside of that.
type classifier struct {
	local
	model *classify.Model
}

// likely is the probability from which a reading is worth a finding.
const likely = 0.5

func (c classifier) About() About {
	return About{Name: "classifier", Version: c.model.Hash()[:min(12, len(c.model.Hash()))]}
}

func (c classifier) Detect(_ context.Context, in Input) ([]loam.Finding, error) {
	best := map[loam.Risk]loam.Finding{}
	for _, f := range in.Fields {
		for _, r := range c.model.Score(f.Text) {
			if r.P < likely || r.P <= best[r.Risk].Score {
				continue
			}
			best[r.Risk] = loam.Finding{
				Risk: r.Risk, Tier: loam.TierSignal, Field: f.Name, Start: r.Start, End: r.End, Text: excerpt(f.Text[r.Start:r.End]),
				Score: r.P, Facts: map[string]string{"p": strconv.FormatFloat(r.P, 'f', 2, 64)},
			}
		}
	}
	var out []loam.Finding
	for _, risk := range loam.Risks() {
		if f, ok := best[risk]; ok {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(x, y loam.Finding) int { return cmp.Compare(y.Score, x.Score) })
	return out, nil
}
