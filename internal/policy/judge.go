package policy

import (
	"slices"

	"cel.dev/cel-go/cel"

	"loam"
)

// missingRule is the name under which a Verdict shows that detectors were missing.
const missingRule = "missing"

// Input is all a Verdict depends on beside the policy.
type Input struct {
	Findings []loam.Finding
	Note     Note
	Missing  []string // detectors that did not answer
	Absent   []string // detectors that would have looked, were they installed
}

// Judge gives the Verdict of the input: the same input gives the same Verdict. Rules that
// failed are listed in Missing as "rule:" and their name. Id, cost and times are the
// caller's to fill.
func (p *Policy) Judge(in Input) loam.Verdict {
	v := loam.Verdict{
		Action: loam.Allow, Rules: []loam.RuleHit{}, Policy: p.hash,
		Findings: append([]loam.Finding{}, in.Findings...), Missing: append([]string{}, in.Missing...),
		Absent: append([]string{}, in.Absent...), Looks: []loam.Look{},
	}
	slices.Sort(v.Missing)
	slices.Sort(v.Absent)
	c := newCourt(in)
	for i := range p.rules {
		r := &p.rules[i]
		fired, on, err := c.try(r)
		switch {
		case err != nil:
			v.Missing = append(v.Missing, "rule:"+r.Name)
			v.Rules = append(v.Rules, loam.RuleHit{Rule: r.Name, Action: loam.Review, Reason: r.reason(v.Findings, on), Findings: on})
		case fired:
			v.Rules = append(v.Rules, loam.RuleHit{Rule: r.Name, Action: r.Then, Reason: r.reason(v.Findings, on), Findings: on})
		}
	}
	if len(in.Missing) > 0 {
		v.Rules = append(v.Rules, loam.RuleHit{Rule: missingRule, Action: p.missing, Reason: string(loam.Quality), Findings: []int{}})
	}
	for _, hit := range v.Rules {
		if hit.Action.Severity() > v.Action.Severity() {
			v.Action = hit.Action
		}
	}
	return v
}

// reason is the rule's own, or the risk of the surest finding it rests on.
func (r *rule) reason(all []loam.Finding, on []int) string {
	if r.Reason != "" {
		return r.Reason
	}
	best := -1
	for _, i := range on {
		if best < 0 || all[i].Score > all[best].Score {
			best = i
		}
	}
	if best < 0 {
		return string(loam.Quality)
	}
	return string(all[best].Risk)
}

// court holds one input in the form expressions read.
type court struct {
	views []*finding
	vars  map[string]any
}

func newCourt(in Input) *court {
	c := &court{views: make([]*finding, len(in.Findings))}
	for i, f := range in.Findings {
		c.views[i] = &finding{
			Risk: string(f.Risk), Detector: f.Detector, Field: f.Field, Text: f.Text, Score: f.Score,
			Tier: string(f.Tier), Layers: f.Layers, Facts: f.Facts,
		}
	}
	missing := append([]string{}, in.Missing...)
	slices.Sort(missing)
	c.vars = map[string]any{"findings": c.views, "note": &in.Note, "missing": missing, "absent": append([]string{}, in.Absent...), "found": []*finding{}}
	return c
}

// try runs a rule and gives the findings it rests on, never nil: those `of` chose; all of
// them where it has no `of`.
func (c *court) try(r *rule) (fired bool, on []int, err error) {
	on = []int{}
	found := make([]*finding, 0)
	for i, f := range c.views {
		if r.of != nil {
			c.vars["finding"] = f
			ok, err := holds(r.of, c.vars)
			if err != nil {
				return false, append(on, i), err
			}
			if !ok {
				continue
			}
		}
		on, found = append(on, i), append(found, f)
	}
	if r.of != nil && len(found) == 0 {
		return false, on, nil
	}
	if r.when == nil {
		return true, on, nil
	}
	c.vars["found"] = found
	fired, err = holds(r.when, c.vars)
	return fired, on, err
}

func holds(p cel.Program, vars map[string]any) (bool, error) {
	out, _, err := p.Eval(vars)
	if err != nil {
		return false, err
	}
	yes, _ := out.Value().(bool)
	return yes, nil
}
