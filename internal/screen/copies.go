package screen

import (
	"context"
	"math"
	"strconv"

	"loam"
	"loam/internal/text"
)

// copies compares the note's text with what others published: as a whole, and passage by
// passage. One is made per screening.
type copies struct {
	local
	store  Store
	mine   text.Letters
	traits loam.Traits
}

const (
	// maxCandidates bounds how many notes a note is compared with for each way of meeting.
	maxCandidates = 30
	// leastCopy is the share of trigrams from which on a note is a copy as a whole: that of
	// texts that differ in one letter of seven. Unlike notes of one topic have a tenth.
	leastCopy = 0.4
	// An excerpt is a passage of so many letters, or a part of so much of the shorter text if
	// it is not just a phrase.
	leastExcerpt = 60
	leastShare   = 0.6
	leastPhrase  = 24
)

func (*copies) About() About { return About{Name: "copies", Version: "2"} }

func (c *copies) Detect(ctx context.Context, in Input) ([]loam.Finding, error) {
	near, err := c.store.NearTexts(ctx, in.Version.Owner, c.traits.Bands, maxCandidates)
	if err != nil {
		return nil, err
	}
	sharing, err := c.store.SharedPassages(ctx, in.Version.Owner, c.traits.Passages, maxCandidates)
	if err != nil {
		return nil, err
	}
	var out []loam.Finding
	seen := map[string]bool{}
	for _, v := range append(near, sharing...) {
		if seen[v.ID] || v.Owner == in.Version.Owner {
			continue
		}
		seen[v.ID] = true
		if f, ok := copied(in.Version.Content, c.mine, v); ok {
			out = append(out, f)
		}
	}
	return nearest(out), nil
}

// copied compares a note with an earlier one.
func copied(content loam.Content, mine text.Letters, earlier loam.Version) (loam.Finding, bool) {
	theirs := written(earlier.Content)
	same, part := mine.Similarity(theirs), mine.Copied(theirs)
	f := loam.Finding{Risk: loam.Copy, Tier: loam.TierReview, Facts: map[string]string{
		"version": earlier.ID, "work": earlier.Work, "share": share(part.Share), "length": strconv.Itoa(part.Length),
	}}
	switch {
	case same >= leastCopy:
		f.Facts["kind"], f.Score = "whole", round(same)
	case part.Length >= leastExcerpt || part.Share >= leastShare && part.Length >= leastPhrase:
		f.Facts["kind"], f.Score = "excerpt", round(part.Share)
		// The passage is looked for in title and body together; only what is of the body has a place.
		if before := len(content.Title) + len("\n"); part.Start >= before {
			f.Field, f.Start, f.End = "body", part.Start-before, part.End-before
			f.Text = excerpt(content.Body[f.Start:f.End])
		}
	default:
		return f, false
	}
	return f, true
}

func round(x float64) float64 { return math.Round(x*100) / 100 }

func share(x float64) string { return strconv.FormatFloat(round(x), 'f', 2, 64) }

// written is the text by which notes are compared.
func written(c loam.Content) text.Letters { return text.LettersOf(c.Title + "\n" + c.Body) }
