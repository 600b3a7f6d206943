package terms

import (
	"slices"

	"loam"
)

// Answer is what foreign terms say of a use.
type Answer uint8

// The answers, the more restrictive the greater.
const (
	Unknown Answer = iota
	Allow
	Deny
)

// String is the answer's name.
func (a Answer) String() string { return [...]string{"unknown", "allow", "deny"}[min(a, Deny)] }

// Source is where terms were found.
type Source string

// The sources.
const (
	FromCAWG          Source = "cawg"
	FromRSL           Source = "rsl"
	FromContentUsage  Source = "content_usage"
	FromContentSignal Source = "content_signal"
	FromRobots        Source = "robots"
	FromTDMRep        Source = "tdmrep"
)

// Signal is an answer and who gave it.
type Signal struct {
	Answer Answer
	Source Source
}

// Signals are what foreign terms say of a work, for every use of loam.Uses. They are evidence
// of level L0: see Permits.
type Signals map[loam.Use]Signal

// Permits reports whether a decision stands beside what foreign terms say: a foreign no closes
// the use, a foreign yes changes nothing.
func (s Signals) Permits(p loam.Permission) bool {
	return p.Allowed && s[p.Use].Answer != Deny
}

// Combine gives the most restrictive answer on each use, and the first that gave it.
func Combine(all ...Signals) Signals {
	out := silent("")
	for _, s := range all {
		for u, heard := range s {
			if heard.Answer > out[u].Answer {
				out[u] = heard
			}
		}
	}
	return out
}

// silent says nothing of any use.
func silent(from Source) Signals {
	s := Signals{}
	for _, u := range loam.Uses() {
		s[u] = Signal{Unknown, from}
	}
	return s
}

// word is a thing a vocabulary can say yes or no to. A no reaches further than a yes: what
// imitates a style, a voice or a face was trained on it, so a no to training is a no to them,
// while no yes ever opens them.
type word uint8

const (
	search word = iota
	input
	train
	ai         // everything that feeds a model
	everything //
	mining     // any analysis by anybody
)

// opens are the uses a yes is about. A work whose media are not known is not opened for
// training.
func (w word) opens(media []Medium) []loam.Use {
	switch w {
	case search:
		return []loam.Use{loam.UseIndex}
	case input:
		return []loam.Use{loam.UseRetrieve}
	case train:
		return training(media, nil)
	case mining:
		return append(training(media, nil), loam.UseRetrieve)
	case ai, everything: // only their no is heard
	}
	return nil
}

// closes are the uses a no is about.
func (w word) closes() []loam.Use {
	switch w {
	case search:
		return []loam.Use{loam.UseIndex}
	case input:
		return []loam.Use{loam.UseRetrieve}
	case train:
		return append(training(nil, Media()), loam.UseStyle, loam.UseVoice, loam.UseLikeness)
	case ai, mining:
		return append(train.closes(), loam.UseRetrieve)
	case everything:
		return loam.Uses()
	}
	return nil
}

// hear takes an answer to a word. A yes does not take a no back.
func (s Signals) hear(w word, a Answer, media []Medium, from Source) {
	switch a {
	case Deny:
		for _, u := range w.closes() {
			s[u] = Signal{Deny, from}
		}
	case Allow:
		for _, u := range w.opens(media) {
			if s[u].Answer < Allow {
				s[u] = Signal{Allow, from}
			}
		}
	case Unknown:
	}
}

// both is the answer to one thing that foreign terms have two words for: a yes needs both.
func both(a, b Answer) Answer {
	switch {
	case a == Deny || b == Deny:
		return Deny
	case a == b:
		return a
	}
	return Unknown
}

// refused is what terms that cannot be read say: no to all that their vocabulary speaks of.
func refused(from Source, words ...word) Signals {
	s := silent(from)
	for _, w := range words {
		s.hear(w, Deny, nil, from)
	}
	return s
}

// known drops media nobody knows: they open nothing.
func known(media []Medium) []Medium {
	var out []Medium
	for _, m := range media {
		if slices.Contains(Media(), m) && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}
