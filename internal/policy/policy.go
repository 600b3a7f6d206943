package policy

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"io"

	"gopkg.in/yaml.v3"

	"loam"
)

// defaultText is the policy Loam starts with.
//
//go:embed default.yaml
var defaultText string

// Default is the text of the policy Loam starts with.
func Default() string { return defaultText }

const (
	maxText  = 1 << 20 // bytes of a policy
	maxRules = 500
)

// Policy is a policy in force: read, checked, never changed. Safe for concurrent use.
type Policy struct {
	Name    string
	text    string
	hash    string
	missing loam.Action
	phrases []loam.Phrase
	allowed []string
	rules   []rule
}

// document is a policy as it is written.
type document struct {
	Version int          `yaml:"version"`
	Name    string       `yaml:"name"`
	Missing loam.Action  `yaml:"missing"`
	Phrases []phraseText `yaml:"phrases"`
	Allow   []string     `yaml:"allow"`
	Rules   []ruleText   `yaml:"rules"`
}

type phraseText struct {
	Text string    `yaml:"text"`
	Risk loam.Risk `yaml:"risk"`
	Tier loam.Tier `yaml:"tier"`
}

type ruleText struct {
	Name   string      `yaml:"name"`
	Of     string      `yaml:"of"`
	When   string      `yaml:"when"`
	Then   loam.Action `yaml:"then"`
	Reason string      `yaml:"reason"`
	Zh     string      `yaml:"zh"`
	En     string      `yaml:"en"`
}

// Parse reads a policy and checks everything in it. Any mistake is Invalid and named:
// "policy.syntax" with the reader's words, "policy.rule" with the rule and what is wrong.
func Parse(text string) (*Policy, error) {
	if len(text) > maxText {
		return nil, loam.Fail(loam.TooLarge, "policy.too_large", maxText)
	}
	var d document
	dec := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	dec.KnownFields(true)
	if err := dec.Decode(&d); err != nil {
		return nil, loam.Fail(loam.Invalid, "policy.syntax", err)
	}
	if err := dec.Decode(new(document)); !errors.Is(err, io.EOF) {
		return nil, loam.Fail(loam.Invalid, "policy.syntax", "more than one document")
	}
	sum := sha256.Sum256([]byte(text))
	p := &Policy{Name: d.Name, text: text, hash: hex.EncodeToString(sum[:]), missing: d.Missing, allowed: d.Allow}
	if err := p.head(d); err != nil {
		return nil, err
	}
	return p, p.compile(d.Rules)
}

func (p *Policy) head(d document) error {
	if d.Version != 1 {
		return loam.Fail(loam.Invalid, "policy.version", d.Version)
	}
	if p.missing == "" {
		p.missing = loam.Review
	}
	if p.missing.Severity() < 0 {
		return loam.Fail(loam.Invalid, "policy.action", "missing", p.missing)
	}
	for _, t := range d.Phrases {
		if !KnownRisk(t.Risk) || !KnownTier(t.Tier) {
			return loam.Fail(loam.Invalid, "policy.phrase", t.Text, t.Risk, t.Tier)
		}
		p.phrases = append(p.phrases, loam.Phrase{Text: t.Text, Risk: t.Risk, Tier: t.Tier, Source: "policy"})
	}
	if len(d.Rules) > maxRules {
		return loam.Fail(loam.TooLarge, "policy.rules", maxRules)
	}
	return nil
}

// KnownRisk reports whether r is one of the root package's risks.
func KnownRisk(r loam.Risk) bool {
	for _, k := range loam.Risks() {
		if r == k {
			return true
		}
	}
	return false
}

// KnownTier reports whether t is block, review or signal.
func KnownTier(t loam.Tier) bool {
	return t == loam.TierBlock || t == loam.TierReview || t == loam.TierSignal
}

// Hash names the policy in a Verdict: SHA-256 of its text, hex.
func (p *Policy) Hash() string { return p.hash }

// Text is the policy as it was written.
func (p *Policy) Text() string { return p.text }

// Phrases are the policy's own phrases; an installation's lists are added to them.
func (p *Policy) Phrases() []loam.Phrase { return p.phrases }

// Allowed are everyday words that take back shorter phrases found inside them.
func (p *Policy) Allowed() []string { return p.allowed }

// Sentence is a rule's words for the creator, in lang "en" or else in Chinese; "" for a
// rule the policy does not have.
func (p *Policy) Sentence(rule, lang string) string {
	for _, r := range p.rules {
		if r.Name != rule {
			continue
		}
		if lang == "en" {
			return r.En
		}
		return r.Zh
	}
	if rule != missingRule {
		return ""
	}
	if lang == "en" {
		return "A check did not answer, so a person will look at it."
	}
	return "有一项检查没有完成，先由人看一看。"
}
