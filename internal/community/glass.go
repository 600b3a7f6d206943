package community

import (
	"context"
	"math"
	"sync"
	"time"

	"loam"
	"loam/internal/text"
)

const (
	glassLife   = time.Minute
	glassDays   = 28
	glassPages  = 10  // pages of the feed its shares are measured over
	glassTitles = 500 // titles the pattern share is measured over
	wornPercent = 3   // a structure of more titles than this is worn out
	wornLeast   = 3   // and of no fewer than this
)

// The units of a Measure.
const (
	Percent = "percent"
	Count   = "count"
	Minutes = "minutes"
)

// Measure is one public figure. Base is how many things it rests on; where that is 0 there is
// nothing to say and Value is 0. From and To are the moments it is about.
type Measure struct {
	Code  string  `json:"code"`
	Unit  string  `json:"unit"`
	Value float64 `json:"value"`
	Base  int64   `json:"base"`
	From  int64   `json:"from"`
	To    int64   `json:"to"`
}

// Glass keeps the public figures for a minute, so that reading them costs nothing.
type Glass struct {
	mu   sync.Mutex
	at   time.Time
	list []Measure
}

// Transparency gives the public figures, at most a minute old.
func (s Square) Transparency(ctx context.Context) ([]Measure, error) {
	s.Glass.mu.Lock()
	defer s.Glass.mu.Unlock()
	now := s.Clock()
	if s.Glass.list != nil && now.Sub(s.Glass.at) < glassLife {
		return s.Glass.list, nil
	}
	list, err := s.measure(ctx, now)
	if err == nil {
		s.Glass.at, s.Glass.list = now, list
	}
	return list, err
}

func (s Square) measure(ctx context.Context, now time.Time) ([]Measure, error) {
	since := now.AddDate(0, 0, -glassDays)
	var out []Measure
	add := func(code, unit string, value float64, base int64, from time.Time) {
		if base == 0 {
			value = 0
		}
		out = append(out, Measure{Code: code, Unit: unit, Value: math.Round(value*10) / 10, Base: base, From: from.UnixMilli(), To: now.UnixMilli()})
	}
	notes, err := s.front(ctx)
	if err != nil {
		return nil, err
	}
	oldest, total := now, int64(len(notes))
	var made, fresh int64
	authors := []string{}
	for _, n := range notes {
		if modelMade(n) {
			made++
		}
		authors = append(authors, n.Version.Owner)
		if at := time.UnixMilli(n.ReleasedAt); at.Before(oldest) {
			oldest = at
		}
	}
	first, err := s.Store.FirstReleases(ctx, distinct(authors))
	if err != nil {
		return nil, err
	}
	for _, a := range authors {
		if first[a] >= since.UnixMilli() {
			fresh++
		}
	}
	share, err := s.Share(ctx)
	if err != nil {
		return nil, err
	}
	add("feed.made", Percent, percent(made, total), total, oldest)
	add("feed.limit", Percent, float64(share), 1, now)
	if err := s.Flush(ctx); err != nil {
		return nil, err
	}
	views, human, err := s.Store.Exposure(ctx, loam.Day(since.UnixMilli()))
	if err != nil {
		return nil, err
	}
	add("human.exposure", Percent, percent(human, views), views, since)
	titles, err := s.Store.RecentTitles(ctx, glassTitles)
	if err != nil {
		return nil, err
	}
	add("title.pattern", Percent, percent(worn(titles), int64(len(titles))), int64(len(titles)), oldest)
	add("creator.new", Percent, percent(fresh, total), total, oldest)
	r, err := s.Store.Record(ctx, since.UnixMilli())
	if err != nil {
		return nil, err
	}
	known := func(minutes, base int64) int64 {
		if minutes < 0 {
			return 0
		}
		return base
	}
	add("reports", Count, float64(r.Reports), max(1, r.Reports), since)
	add("reports.minutes", Minutes, float64(r.ReportMinutes), known(r.ReportMinutes, r.Reports), since)
	add("decisions", Count, float64(r.Decisions), max(1, r.Decisions), since)
	add("decisions.removed", Percent, percent(r.Removed, r.Decisions), r.Decisions, since)
	add("decisions.minutes", Minutes, float64(r.DecisionMinutes), known(r.DecisionMinutes, r.Decisions), since)
	add("appeals", Count, float64(r.Appeals), max(1, r.Appeals), since)
	add("appeals.upheld", Percent, percent(r.Upheld, r.Appeals), r.Appeals, since)
	add("appeals.minutes", Minutes, float64(r.AppealMinutes), known(r.AppealMinutes, r.Appeals), since)
	n, err := s.Store.NoticeFigures(ctx)
	if err != nil {
		return nil, err
	}
	begun := time.UnixMilli(0)
	add("notices", Count, float64(n.Notices), max(1, n.Notices), begun)
	add("notices.minutes", Minutes, float64(n.Minutes), n.Acted, begun)
	add("notices.upheld", Percent, percent(n.Upheld, n.Decided), n.Decided, begun)
	return out, nil
}

// front is what readers see on the first pages of the feed.
func (s Square) front(ctx context.Context) ([]loam.Release, error) {
	var out []loam.Release
	at := Cursor{}
	for range glassPages {
		page, next, err := s.Feed(ctx, at)
		if err != nil {
			return nil, err
		}
		out = append(out, page...)
		if next == nil {
			break
		}
		at = *next
	}
	return out, nil
}

func percent(part, of int64) float64 {
	if of == 0 {
		return 0
	}
	return float64(part) * 100 / float64(of)
}

func distinct(list []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// worn counts the titles whose structure more than three in a hundred share. A title that is
// nothing but its own words and numbers has none.
func worn(titles []string) int64 {
	count := map[string]int{}
	skeletons := make([]string, len(titles))
	for i, t := range titles {
		skeletons[i] = text.Skeleton(t)
		count[skeletons[i]]++
	}
	var n int64
	for _, s := range skeletons {
		if s != "" && s != "·" && s != "·0" && s != "0·" && s != "·0·" && s != "0" && count[s] >= wornLeast && count[s]*100 > wornPercent*len(titles) {
			n++
		}
	}
	return n
}
