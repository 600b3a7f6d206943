// Package terms says a work's terms to machines and reads what machines say of a work: CAWG
// training and data mining 1.1, RSL 1.0, AIPREF, Content-Signal, robots.txt and TDMRep.
//
// It stands apart because six vocabularies share one rule and none may bend it. Out: what a
// vocabulary cannot say is a no; a word that stands for several uses is a yes only where every
// one of them is; a condition the vocabulary cannot carry is a no; every key is written. In:
// whatever is broken, repeated or at odds is a no, a no always counts, and a yes opens nothing
// by itself. So what is read back is never wider than what was decided.
package terms

import (
	"slices"
	"time"

	"loam"
)

// Medium is a kind of content a work has.
type Medium string

// The media: each has a use that trains models on it.
const (
	Text  Medium = "text"
	Image Medium = "image"
	Video Medium = "video"
	Audio Medium = "audio"
)

// Media lists every medium.
func Media() []Medium { return []Medium{Text, Image, Video, Audio} }

// Work is what there is to say of one work. URLs are absolute.
type Work struct {
	URL     string // where readers see it
	Owner   string // the name she publishes under
	Licence string // the page that says its terms to people, "" for none
	Contact string // a URL to ask for more at, "" for none
	// Media are what the work consists of. With none, a word about training is a yes only if
	// training on every medium is.
	Media []Medium
	// Permissions are the ledger's decisions, at the moment of writing. A use that is not among
	// them is a no; of two for one use the no counts.
	Permissions []loam.Permission
	// Attribution and Paid are the uses that are allowed on condition that the creator is
	// named, or paid.
	Attribution, Paid []loam.Use
	// Domain is the installation's own name in reverse ("cn.example.loam"): CAWG entries for
	// style, voice and likeness are named under it. With "" there are none.
	Domain string
}

// grant is what the decisions on some uses have in common: all of them allowed, and every
// condition of any of them.
type grant struct {
	allowed           bool
	until             int64 // the first end, 0 for none
	attribution, paid bool
}

// free reports whether nothing is attached to a yes.
func (g grant) free() bool { return g == grant{allowed: true} }

// named reports whether the only condition of a yes is that the creator be named.
func (g grant) named() bool { return g == grant{allowed: true, attribution: true} }

// end is the day of a grant's end in UTC. It is cut down to the day, so that what is said ends
// no later than what was granted.
func (g grant) end() string { return time.UnixMilli(g.until).UTC().Format(time.DateOnly) }

func (w *Work) grant(uses ...loam.Use) grant {
	g := grant{allowed: len(uses) > 0}
	for _, u := range uses {
		found := false
		for i := range w.Permissions {
			p := &w.Permissions[i]
			if p.Use != u {
				continue
			}
			found = true
			g.allowed = g.allowed && p.Allowed
			if p.Until != 0 && (g.until == 0 || p.Until < g.until) {
				g.until = p.Until
			}
		}
		g.allowed = g.allowed && found
		g.attribution = g.attribution || slices.Contains(w.Attribution, u)
		g.paid = g.paid || slices.Contains(w.Paid, u)
	}
	return g
}

// search, input, train and mining are what the vocabularies have words for. Mining is any
// analysis by anybody for any purpose, so it is everything at once.
func (w *Work) search() grant { return w.grant(loam.UseIndex) }
func (w *Work) input() grant  { return w.grant(loam.UseRetrieve) }
func (w *Work) train() grant  { return w.grant(training(w.Media, Media())...) }
func (w *Work) mining() grant { return w.grant(loam.Uses()...) }

// training are the uses that train on media, or on those in place of none.
func training(media, none []Medium) []loam.Use {
	if len(media) == 0 {
		media = none
	}
	uses := make([]loam.Use, 0, len(media))
	for _, m := range media {
		uses = append(uses, loam.Use("train."+string(m)))
	}
	return uses
}
