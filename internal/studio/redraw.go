package studio

import (
	"context"
	"slices"
	"strings"

	"loam"
	"loam/internal/text"
)

// Again asks for one page anew, the others as they are. FromBody takes its words from the
// body as it reads now; else the same words get the next layout they can have.
type Again struct {
	Revision int64
	Page     int // from 0
	FromBody bool
}

// Redraw lays one page out anew; NotFound, "page.not_found" if there is none.
func (s *Studio) Redraw(ctx context.Context, owner, id string, a Again) (Sheet, error) {
	w, err := s.Store.Work(ctx, owner, id)
	if err != nil {
		return Sheet{}, err
	}
	d := &w.Draft
	if a.Page < 0 || a.Page >= len(d.Pages) {
		return Sheet{}, loam.Fail(loam.NotFound, "page.not_found")
	}
	d.Pages = slices.Clone(d.Pages)
	switch {
	case a.FromBody:
		d.Pages[a.Page] = fromBody(*d, a.Page)
	case d.Pages[a.Page].Kind == loam.PageCover && len(d.Pages[a.Page].Photos) == 0:
		d.Pages[a.Page] = s.nextCover(w)
	default:
		d.Pages[a.Page] = nextLayout(d.Pages[a.Page])
	}
	if _, err := s.Store.SaveDraft(ctx, owner, id, a.Revision, *d, loam.ActPage); err != nil {
		return Sheet{}, err
	}
	return s.Open(ctx, owner, id)
}

// coverSets is how many sets of titles a cover goes round through.
const coverSets = 6

// nextCover is the writer's next cover after the one that stands there.
func (s *Studio) nextCover(w loam.Work) loam.Page {
	now := w.Draft.Pages[0]
	var all []loam.Page
	for k := range coverSets {
		in := s.input(w)
		in.Attempt = k
		a, err := s.Try(in)
		if err != nil || len(a.Pages) == 0 {
			return now // an idea without words
		}
		if !slices.ContainsFunc(all, func(p loam.Page) bool { return samePages([]loam.Page{p}, a.Pages[:1]) }) {
			all = append(all, a.Pages[0])
		}
	}
	at := slices.IndexFunc(all, func(p loam.Page) bool { return p.Title == now.Title && p.Sub == now.Sub })
	return all[(at+1)%len(all)]
}

// nextLayout gives a page's words or photos their next layout.
func nextLayout(p loam.Page) loam.Page {
	if len(p.Photos) > 0 {
		ring := []loam.Layout{loam.LayoutFull, loam.LayoutFramed}
		if len(p.Photos) == 2 {
			ring = []loam.Layout{loam.LayoutGrid, loam.LayoutCompare}
		}
		if len(p.Photos) <= 2 {
			p.Layout = ring[(slices.Index(ring, p.Arrangement())+1)%len(ring)]
		}
		return p
	}
	if p.Kind == loam.PageTable {
		p.Rows = crossed(p.Rows)
		return p
	}
	ring := kindsFor(p)
	at := slices.Index(ring, p.Kind)
	if len(ring) == 0 {
		return p
	}
	return asKind(p, ring[(at+1)%len(ring)])
}

// widest is how many columns a table has room for.
const widest = 4

// crossed is a table with its rows as columns; one that would be too wide stays.
func crossed(rows [][]string) [][]string {
	if len(rows) == 0 || len(rows) > widest {
		return rows
	}
	cols := 0
	for _, r := range rows {
		cols = max(cols, len(r))
	}
	out := make([][]string, cols)
	for k := range out {
		out[k] = make([]string, len(rows))
		for i, r := range rows {
			if k < len(r) {
				out[k][i] = r[k]
			}
		}
	}
	return out
}

// kindsFor are the kinds a page's words can be laid out as without losing any.
func kindsFor(p loam.Page) []loam.PageKind {
	if slices.Contains([]loam.PageKind{loam.PageCover, loam.PagePhoto, loam.PageTable}, p.Kind) {
		return nil
	}
	lines := pageLines(p)
	out := []loam.PageKind{loam.PageText, loam.PageList, loam.PageChecklist}
	if p.Number > 0 {
		out = append(out, loam.PageStep)
	}
	if p.Title == "" && len(lines) <= 3 && width(strings.Join(lines, "")) <= 60 {
		out = append(out, loam.PageQuote)
	}
	if p.Title != "" && len(lines) > 0 && width(lines[0]) <= 60 {
		out = append(out, loam.PageQuestion)
	}
	if rows := pageRows(p); len(rows) > 0 {
		out = append(out, loam.PageFacts, loam.PageTimeline)
		if !slices.ContainsFunc(rows, func(r []string) bool { return width(r[1]) > 14 }) {
			out = append(out, loam.PageIngredients, loam.PageSize, loam.PagePrices)
		}
	}
	return out
}

// asKind is a page of another kind with the same words.
func asKind(p loam.Page, k loam.PageKind) loam.Page {
	out := loam.Page{Kind: k, Title: p.Title, Sub: p.Sub, Number: p.Number}
	switch k {
	case loam.PageFacts, loam.PageTimeline, loam.PageIngredients, loam.PageSize, loam.PagePrices:
		out.Rows = pageRows(p)
	default:
		out.Lines = pageLines(p)
	}
	return out
}

// pageLines are a page's words below its title, a row as one line.
func pageLines(p loam.Page) []string {
	var out []string
	for _, r := range p.Rows {
		cells := slices.DeleteFunc(slices.Clone(r), func(s string) bool { return strings.TrimSpace(s) == "" })
		if len(cells) > 0 {
			out = append(out, strings.Join(cells, "："))
		}
	}
	return append(out, p.Lines...)
}

// pageRows are a page's words as names and values; nil where one of them is not both.
func pageRows(p loam.Page) [][]string {
	if len(p.Rows) > 0 && len(p.Lines) > 0 {
		return nil
	}
	var out [][]string
	for _, r := range p.Rows {
		if len(r) != 2 {
			return nil
		}
		out = append(out, slices.Clone(r))
	}
	for _, l := range p.Lines {
		name, value, ok := strings.Cut(l, "：")
		if !ok {
			name, value, ok = strings.Cut(l, ": ")
		}
		if !ok || !hasWord(name) || !hasWord(value) {
			return nil
		}
		out = append(out, []string{name, value})
	}
	return out
}

// fromBody gives a page the lines of the body that it is of: each of its lines becomes the
// line of the body it is most like, and a page without words takes those no page shows.
func fromBody(d loam.Draft, n int) loam.Page {
	p := d.Pages[n]
	var body []string
	for line := range strings.SplitSeq(loam.Plain(d.Body), "\n") {
		if line = strings.TrimLeft(strings.TrimSpace(line), "·-•▪＋－▍【 0123456789."); hasWord(line) {
			body = append(body, line)
		}
	}
	if len(pageLines(p)) == 0 {
		p.Lines = unshown(body, d.Pages)
		return p
	}
	p.Lines, p.Rows = slices.Clone(p.Lines), slices.Clone(p.Rows)
	for i, l := range p.Lines {
		p.Lines[i] = nearestLine(body, l)
	}
	for i, r := range p.Rows {
		p.Rows[i] = slices.Clone(r)
		if k := len(r) - 1; k >= 0 && (p.Kind != loam.PageTable || i > 0) {
			p.Rows[i][k] = nearestLine(body, r[k])
		}
	}
	return p
}

// unshown are the lines of a body that no page shows, as many as one page takes.
func unshown(body []string, pages []loam.Page) []string {
	shown := ""
	for _, p := range pages {
		shown += pageText(p) + "\n"
	}
	var out []string
	wide := 0
	for _, l := range body {
		if strings.Contains(shown, l) {
			continue
		}
		if wide += width(l); wide > rooms[0] && len(out) > 0 {
			break
		}
		out = append(out, l)
	}
	return out
}

// nearestLine is the line of a body that shares most pairs of characters with another, or
// that other itself if none shares half of its own.
func nearestLine(body []string, like string) string {
	if slices.ContainsFunc(body, func(l string) bool { return strings.Contains(l, like) }) {
		return like // it still stands there as it is
	}
	want := pairsOf(like)
	best, most := like, 0
	for _, l := range body {
		shared := 0
		for pair := range pairsOf(l) {
			if want[pair] {
				shared++
			}
		}
		if shared > most && 2*shared >= len(want) {
			best, most = l, shared
		}
	}
	return best
}

func pairsOf(s string) map[string]bool {
	out := map[string]bool{}
	rs := []rune(text.Fold(s).String())
	for i := 1; i < len(rs); i++ {
		out[string(rs[i-1:i+1])] = true
	}
	return out
}
