package studio

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"loam"
	"loam/internal/text"
)

// Repair brings a note within the profile's limits: open blanks go, too much is cut at the
// border of a sentence or clause, of a word if there is none, and a missing title, body or
// page is taken from the words that are there. What it gives has no check of level fix,
// unless no text was given at all.
func Repair(p text.Profile, title, body string, tags []string, pages []loam.Page) (string, string, []string, []loam.Page) {
	title = mendTitle(p, strings.Join(strings.Fields(cleaned(title)), " "))
	body = mendBody(p, cleaned(body))
	pages = mendPages(p, pages)
	if title == "" {
		title = mendTitle(p, firstWords(body, pages))
	}
	if body == "" {
		body = mendBody(p, title)
	}
	if len(pages) < p.PagesMin && title != "" {
		pages = append([]loam.Page{{Kind: loam.PageCover, Title: title}}, pages...)
	}
	return title, body, mendTags(p, tags), pages
}

// cleaned is a text without what cannot be shown, open blanks, and lines that held nothing
// else.
func cleaned(s string) string {
	s = text.Showable(s)
	if !strings.Contains(s, "〔") {
		return s
	}
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		kept := line
		for blankPattern.MatchString(kept) { // a blank within a blank needs a second look
			kept = blankPattern.ReplaceAllString(kept, "")
		}
		if kept == line || hasWord(kept) {
			out = append(out, kept)
		}
	}
	s = strings.Join(out, "\n")
	for blankPattern.MatchString(s) {
		s = blankPattern.ReplaceAllString(s, "")
	}
	return s
}

func mendTitle(p text.Profile, s string) string {
	return cutAt(s, func(t string) bool { return text.TitleLength(t) <= p.TitleMax }, "｜|。！？!?；;…", "，,、： ·")
}

func mendBody(p text.Profile, s string) string {
	if text.BodyLength(s) <= p.BodyMax {
		if strings.TrimSpace(s) == "" {
			return ""
		}
		return s
	}
	return cutAt(s, func(t string) bool { return text.BodyLength(t) <= p.BodyMax }, "\n。！？!?；;…", "，,、 ")
}

// cutAt cuts s to what fits: after the last mark of the first set that leaves more than
// half, else of the second, else between words.
func cutAt(s string, fits func(string) bool, sets ...string) string {
	s = strings.TrimSpace(s)
	if fits(s) {
		return s
	}
	whole := clusters(s, fits)
	for _, set := range sets {
		k := strings.LastIndexAny(whole, set)
		if k < len(whole)/2 {
			continue
		}
		end := k
		if r, size := utf8.DecodeRuneInString(whole[k:]); isStop(r) && r != '\n' {
			end += size
		}
		if t := strings.TrimSpace(whole[:end]); t != "" {
			return t
		}
	}
	t := strings.TrimRightFunc(cutWords(s, fits), func(r rune) bool { return unicode.IsSpace(r) || isBreak(r) && !isStop(r) || r == '、' || r == '｜' })
	if t == "" {
		return whole
	}
	return t
}

func mendTags(p text.Profile, tags []string) []string {
	out := []string{}
	for _, t := range tags {
		t = strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || r == '#' || r == '＃' {
				return -1
			}
			return r
		}, text.Showable(t))
		if t = cutWords(t, func(s string) bool { return text.BodyLength(s) <= p.TagMax }); goodTag(t) && len(out) < p.TagsMax && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func mendPages(p text.Profile, pages []loam.Page) []loam.Page {
	out := []loam.Page{}
	for _, page := range pages {
		page = cleanPage(page)
		if len(page.Assets()) == 0 && strings.TrimSpace(pageText(page)) == "" {
			continue
		}
		out = append(out, splitPage(p, page)...)
	}
	return out[:min(len(out), p.PagesMax)]
}

// cleanPage takes open blanks out of a page, as a copy.
func cleanPage(page loam.Page) loam.Page {
	page.Title, page.Sub = cleaned(page.Title), cleaned(page.Sub)
	page.Lines = slices.Clone(page.Lines)
	for i := range page.Lines {
		page.Lines[i] = cleaned(page.Lines[i])
	}
	page.Lines = slices.DeleteFunc(page.Lines, func(s string) bool { return strings.TrimSpace(s) == "" })
	rows := make([][]string, 0, len(page.Rows))
	for _, r := range page.Rows {
		r = slices.Clone(r)
		for k := range r {
			r[k] = cleaned(r[k])
		}
		if strings.TrimSpace(strings.Join(r, "")) != "" {
			rows = append(rows, r)
		}
	}
	if page.Rows = rows; len(rows) == 0 {
		page.Rows = nil
	}
	if len(page.Lines) == 0 {
		page.Lines = nil
	}
	page.Callouts = slices.Clone(page.Callouts)
	for i := range page.Callouts {
		page.Callouts[i].Text = cleaned(page.Callouts[i].Text)
	}
	return page
}

// splitPage parts a page that holds too much: its lines and rows go on to further pages,
// a single one that is too long goes on as text.
func splitPage(p text.Profile, page loam.Page) []loam.Page {
	if width(pageText(page)) <= p.PageMax {
		return []loam.Page{page}
	}
	quarter := p.PageMax / 4
	short := func(s string) bool { return width(s) <= quarter }
	page.Title, page.Sub = cutAt(page.Title, short, "。！？\n", "，、 "), cutAt(page.Sub, short, "。！？\n", "，、 ")
	room := p.PageMax - width(page.Title) - width(page.Sub) - 2
	like := page
	like.Lines, like.Rows, like.Sub = nil, nil, ""
	now := page
	now.Lines, now.Rows = nil, nil
	var out []loam.Page
	used := 0
	next := func(wide int) {
		if used > 0 && used+wide > room {
			out, now, used = append(out, now), like, 0
			now.Asset, now.Photos, now.Callouts = "", nil, nil
		}
		used += wide
	}
	for _, l := range page.Lines {
		for l != "" {
			s := cutAt(l, func(s string) bool { return width(s)+1 <= room }, "。！？\n", "，、 ")
			if s == "" {
				break
			}
			next(width(s) + 1)
			now.Lines = append(now.Lines, s)
			l = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(l), s))
		}
	}
	for _, r := range page.Rows {
		cells := slices.Clone(r)
		most := max(1, (room-2*len(cells))/max(1, len(cells)))
		wide := 0
		for k := range cells {
			cells[k] = cutAt(cells[k], func(s string) bool { return width(s) <= most }, "。！？\n", "，、 ")
			wide += width(cells[k]) + 1
		}
		next(wide)
		now.Rows = append(now.Rows, cells)
	}
	return append(out, now)
}

// firstWords is the first line that says something.
func firstWords(body string, pages []loam.Page) string {
	for _, p := range pages {
		body += "\n" + pageText(p)
	}
	for line := range strings.SplitSeq(body, "\n") {
		if hasWord(line) {
			return strings.Join(strings.Fields(line), " ")
		}
	}
	return strings.Join(strings.Fields(body), " ")
}
