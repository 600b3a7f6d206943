package demo

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"loam"
)

// Series is one person's notes of one kind of event, again and again: the form is hers, the
// facts are each time others. They lie deep in the feed, where a community's weight is.
type Series struct {
	Key   string
	By    string
	Kind  loam.NoteKind
	Style string
	Tags  []string
	Idea  string // {name} stands for a fact
	Title string
	Body  string
	Facts map[string][]string // by name, one value a note; all lists are of one length
}

const (
	// seriesFrom and seriesTo are between which ages the notes of a series lie: below most of
	// what is written by hand, and longer back than the four weeks a creator is new for.
	seriesFrom = 15 * 24 * time.Hour
	seriesTo   = 70 * 24 * time.Hour
)

// Notes writes the series out; nth of total series, so that no two notes share a moment.
func (s Series) Notes(nth, total int) ([]Note, error) {
	names := slices.Sorted(maps.Keys(s.Facts))
	if len(names) == 0 {
		return nil, fmt.Errorf("series %s has no facts", s.Key)
	}
	count := len(s.Facts[names[0]])
	for _, name := range names {
		if len(s.Facts[name]) != count {
			return nil, fmt.Errorf("series %s: %d values of %s, %d of %s", s.Key, len(s.Facts[name]), name, count, names[0])
		}
	}
	out := make([]Note, 0, count)
	for i := range count {
		pairs := []string{}
		for _, name := range names {
			pairs = append(pairs, "{"+name+"}", s.Facts[name][i])
		}
		say := strings.NewReplacer(pairs...).Replace
		step := (seriesTo - seriesFrom) / time.Duration(count)
		n := Note{
			Key: fmt.Sprintf("%s-%d", s.Key, i+1), By: s.By, Kind: s.Kind, Style: s.Style, Tags: s.Tags, Series: true,
			Idea: say(s.Idea), Title: say(s.Title), Body: say(s.Body),
			Ago: (seriesTo - step*time.Duration(i) - step*time.Duration(nth)/time.Duration(total)).Round(time.Minute),
		}
		if left := n.Idea + n.Title + n.Body; strings.ContainsAny(left, "{}") {
			return nil, fmt.Errorf("%s: a fact is missing: %s", n.Key, left)
		}
		out = append(out, n)
	}
	return out, nil
}
