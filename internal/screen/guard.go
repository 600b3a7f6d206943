package screen

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"loam"
)

// Guard asks a guard model in the answer form of Qwen3Guard-Gen: a line "Safety:" with Safe,
// Controversial or Unsafe, and a line "Categories:" with what it is about. The text goes to
// the model as data and nothing else; an answer that is not of the form is no opinion, and a
// Finding of its own. Off unless an operator configures an endpoint.
type Guard struct {
	// Ask gives the model's answer to a text; nil for a guard that is not configured, which
	// looks at nothing.
	Ask   func(ctx context.Context, text string) (string, error)
	Model string
	Cost  int64 // micro-yuan a look, as the operator's contract says
}

const (
	guardWithin = 10 * time.Second
	guardSlice  = 3000 // code points a question: what guard models are trained for
	guardSlices = 4    // a longer text is not judged, and the Verdict says so
)

// About names the model: another model is another version.
func (g Guard) About() About {
	return About{Name: "guard", Version: g.Model, Cost: g.Cost, Within: guardWithin}
}

// Health says whether there is a model to ask: asking it would cost a look.
func (g Guard) Health(context.Context) error {
	if g.Ask == nil {
		return ErrAbsent
	}
	return nil
}

// Detect asks about all words of the note together, in slices.
func (g Guard) Detect(ctx context.Context, in Input) ([]loam.Finding, error) {
	if g.Ask == nil {
		return nil, errOff
	}
	var all strings.Builder
	for _, f := range in.Fields {
		if strings.TrimSpace(f.Text) != "" {
			all.WriteString(f.Text + "\n")
		}
	}
	parts := cut(all.String(), guardSlice)
	if len(parts) > guardSlices {
		return nil, fmt.Errorf("longer than %d code points", guardSlice*guardSlices)
	}
	var out []loam.Finding
	for _, s := range parts {
		answer, err := g.Ask(ctx, s)
		if err != nil {
			return out, err
		}
		out = append(out, readGuard(answer).findings(answer)...)
	}
	return out, nil
}

// cut gives the slices of a text, each of at most n code points.
func cut(s string, n int) []string {
	var out []string
	for s != "" {
		end := 0
		for range n {
			_, size := utf8.DecodeRuneInString(s[end:])
			end += size
		}
		out, s = append(out, s[:end]), s[end:]
	}
	return out
}

// guardAnswer is an answer that was read.
type guardAnswer struct {
	safety string
	risks  []loam.Risk
}

const (
	guardSafe          = "safe"
	guardControversial = "controversial"
	guardUnsafe        = "unsafe"
	guardUnsure        = "unsure"
)

// guardCategories are Qwen3Guard's nine, as its model card names them, in Loam's words. It has
// none for gambling, fraud or advertising: those are among the illegal acts.
var guardCategories = map[string]loam.Risk{
	"violent":                             loam.Violence,
	"non-violent illegal acts":            loam.Fraud,
	"sexual content or sexual acts":       loam.Porn,
	"pii":                                 loam.Privacy,
	"personally identifiable information": loam.Privacy,
	"suicide & self-harm":                 loam.Violence,
	"unethical acts":                      loam.Abuse,
	"politically sensitive topics":        loam.Politics,
	"copyright violation":                 loam.IP,
	"jailbreak":                           loam.Injection,
}

// readGuard reads an answer; anything but the form, and anything that contradicts itself, is
// unsure.
func readGuard(answer string) guardAnswer {
	out := guardAnswer{safety: guardUnsure}
	unsure := guardAnswer{safety: guardUnsure}
	if len(answer) > 2000 {
		return unsure
	}
	said := 0
	for line := range strings.Lines(answer) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		value = strings.TrimSpace(strings.ToLower(value))
		switch {
		case !ok:
		case strings.EqualFold(name, "Safety"):
			said++
			out.safety = value
		case strings.EqualFold(name, "Categories"):
			for c := range strings.SplitSeq(value, ",") {
				if r, known := guardCategories[strings.TrimSpace(c)]; known && !slices.Contains(out.risks, r) {
					out.risks = append(out.risks, r)
				}
			}
		}
	}
	if said != 1 || !slices.Contains([]string{guardSafe, guardControversial, guardUnsafe}, out.safety) || out.safety == guardSafe && len(out.risks) > 0 {
		return unsure
	}
	return out
}

// findings are what an answer says. The model gives no probability: the scores are Loam's
// reading of its three words, and a policy should look at the fact.
func (a guardAnswer) findings(answer string) []loam.Finding {
	score := map[string]float64{guardControversial: 0.5, guardUnsafe: 0.8, guardUnsure: 0.5}[a.safety]
	if a.safety == guardSafe {
		return nil
	}
	risks := a.risks
	if len(risks) == 0 {
		risks = []loam.Risk{loam.Quality} // unsafe without a word why, or no opinion
	}
	var out []loam.Finding
	for _, r := range risks {
		out = append(out, loam.Finding{Risk: r, Tier: loam.TierSignal, Score: score, Facts: map[string]string{"safety": a.safety, "answer": excerpt(answer)}})
	}
	return out
}
