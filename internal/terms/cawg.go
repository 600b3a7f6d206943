package terms

import (
	"cmp"
	"strings"

	"loam"
	"loam/internal/c2pa"
)

// CAWG gives the entries of an assertion cawg.training-mining (CAWG Training and Data Mining
// 1.1), as c2pa.Claim.TrainingMining takes them; with a Domain those of style, voice and
// likeness as well. A use with a condition is constrained, which whoever does not understand
// the condition must read as notAllowed.
func (w *Work) CAWG() map[string]c2pa.Use {
	train := w.train()
	entries := map[string]c2pa.Use{
		c2pa.UseInference:  w.entry(w.input()),
		c2pa.UseGenerative: w.entry(train),
		c2pa.UseTraining:   w.entry(train),
		c2pa.UseMining:     w.entry(w.mining()),
	}
	if w.Domain != "" {
		for _, u := range own() {
			entries[w.Domain+"."+string(u)] = w.entry(w.grant(u))
		}
	}
	return entries
}

// own are the uses no vocabulary has a word for and CAWG lets a domain name.
func own() []loam.Use { return []loam.Use{loam.UseStyle, loam.UseVoice, loam.UseLikeness} }

func (w *Work) entry(g grant) c2pa.Use {
	switch {
	case g.free():
		return c2pa.Use{Use: c2pa.Allowed}
	case !g.allowed:
		return c2pa.Use{Use: c2pa.NotAllowed}
	}
	var conditions []string
	if g.until != 0 {
		conditions = append(conditions, "before "+g.end())
	}
	if g.attribution {
		conditions = append(conditions, "attribution to "+cmp.Or(w.Owner, "the creator"))
	}
	if g.paid {
		conditions = append(conditions, "paid")
	}
	if w.Licence != "" {
		conditions = append(conditions, w.Licence)
	}
	return c2pa.Use{Use: c2pa.Constrained, Constraints: strings.Join(conditions, "; ")}
}

// Bound of what is read of one assertion.
const maxEntries = 1000

// ReadCAWG reads entries as c2pa.Inspect gives them, under the prefix cawg. or c2pa., which
// came before. Constrained is a no: nobody here weighs the condition. Entries under the domain
// of this installation are read as well.
func ReadCAWG(entries map[string]c2pa.Use, media []Medium, domain string) Signals {
	s := silent(FromCAWG)
	if len(entries) > maxEntries {
		return refused(FromCAWG, ai)
	}
	for _, u := range own() {
		if e, ok := entries[domain+"."+string(u)]; ok && domain != "" {
			s[u] = Signal{weigh(e), FromCAWG}
		}
	}
	s.hear(input, label(entries, "ai_inference"), known(media), FromCAWG)
	s.hear(train, both(label(entries, "ai_generative_training"), label(entries, "ai_training")), known(media), FromCAWG)
	return s
}

// label is the answer to a label under either prefix.
func label(entries map[string]c2pa.Use, name string) Answer {
	a := Unknown
	for _, prefix := range []string{"cawg.", "c2pa."} {
		if e, ok := entries[prefix+name]; ok {
			a = max(a, weigh(e))
		}
	}
	return a
}

func weigh(e c2pa.Use) Answer {
	if e.Use == c2pa.Allowed && e.Constraints == "" {
		return Allow
	}
	return Deny
}
