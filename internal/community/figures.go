package community

import (
	"context"
	"slices"
	"time"

	"loam"
)

const (
	figureDays = 28
	mostNotes  = 200 // notes figures are given of and the median rests on
	leastNotes = 3   // fewer make no median worth comparing with
)

// Median is what half of a creator's own notes have at least; Notes says how many it rests
// on, and Enough whether that is enough to compare with.
type Median struct {
	Notes    int     `json:"notes"`
	Enough   bool    `json:"enough"`
	Views    float64 `json:"views"`
	Likes    float64 `json:"likes"`
	Collects float64 `json:"collects"`
	Comments float64 `json:"comments"`
}

// DayViews are the views of one legal day.
type DayViews struct {
	Day   string `json:"day"`
	Views int64  `json:"views"`
}

// NoteFigures are what a creator's notes met with: each of her notes readers see, newest first,
// her own median, and the views of the last 28 legal days, today the last.
type NoteFigures struct {
	At      int64                     `json:"at"`
	Notes   []loam.Tally              `json:"notes"`
	Median  Median                    `json:"median"`
	Daily   []DayViews                `json:"daily"`
	Sources map[loam.ViewSource]int64 `json:"sources"` // of those days
}

// Figures gives a creator her figures; with a work, days and sources are that note's.
func (s Square) Figures(ctx context.Context, owner, work string) (NoteFigures, error) {
	if err := s.Flush(ctx); err != nil {
		return NoteFigures{}, err
	}
	now := s.Clock()
	f := NoteFigures{At: now.UnixMilli(), Sources: map[loam.ViewSource]int64{}}
	var err error
	if f.Notes, err = s.Store.Tallies(ctx, owner, mostNotes); err != nil {
		return f, err
	}
	if work != "" && !slices.ContainsFunc(f.Notes, func(t loam.Tally) bool { return t.Work == work }) {
		return f, loam.Fail(loam.NotFound, "work.not_found")
	}
	f.Median = median(f.Notes)
	days := lastDays(now, figureDays)
	views, err := s.Store.ViewsSince(ctx, owner, work, days[0])
	if err != nil {
		return f, err
	}
	count := map[string]int64{}
	for _, v := range views {
		count[v.Day] += v.Count
		f.Sources[v.Source] += v.Count
	}
	for _, d := range days {
		f.Daily = append(f.Daily, DayViews{d, count[d]})
	}
	return f, nil
}

// lastDays are n legal days, the last that of now.
func lastDays(now time.Time, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = loam.Day(now.AddDate(0, 0, i-n+1).UnixMilli())
	}
	return out
}

func median(notes []loam.Tally) Median {
	m := Median{Notes: len(notes), Enough: len(notes) >= leastNotes}
	for _, f := range []struct {
		to *float64
		of func(loam.Tally) int64
	}{
		{&m.Views, func(t loam.Tally) int64 { return t.Views }},
		{&m.Likes, func(t loam.Tally) int64 { return t.Likes }},
		{&m.Collects, func(t loam.Tally) int64 { return t.Collects }},
		{&m.Comments, func(t loam.Tally) int64 { return t.Comments }},
	} {
		list := make([]int64, len(notes))
		for i, n := range notes {
			list[i] = f.of(n)
		}
		*f.to = middle(list)
	}
	return m
}

// middle is the median of a list, 0 of an empty one.
func middle(list []int64) float64 {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	n := len(list)
	return float64(list[(n-1)/2]+list[n/2]) / 2
}
