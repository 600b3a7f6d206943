package studio

import (
	"slices"
	"unicode/utf8"

	"loam"
)

// pageLimit is how many pages the writer lays out; the platform takes as many.
const pageLimit = 18

// rooms are the widths of text one page may carry, in Han: airy first, denser where the
// note would need too many pages.
var rooms = [...]int{110, 160, 240}

// sheet is a page before its parts become text.
type sheet struct {
	kind   loam.PageKind
	title  []Part
	sub    []Part
	lines  [][]Part
	rows   [][][]Part
	number int
}

// width is that of all a page's rows.
func (s sheet) width() int {
	w := 0
	for _, r := range s.rows {
		for _, cell := range r {
			w += width(flat(cell)) + 1
		}
	}
	return w
}

// carousel is the pages of a note and where each line of each section went: its page
// number as readers count, 0 if it found no room.
type carousel struct {
	sheets []sheet
	at     map[[2]int]int
	left   int // characters that found no room
}

// layOut makes the pages of sections; the cover first.
func (n *note) layOut(sections []section, title Title) carousel {
	var c carousel
	if n.form == formArticle {
		c, n.rest = n.layArticle(title)
		if n.rest > 0 {
			n.unread = utf8.RuneCountInString(n.ideas.text[n.rest:])
		}
		return c
	}
	k := n.again(PartPages) % len(rooms)
	for _, room := range slices.Concat(rooms[k:], rooms[:k]) {
		c = n.layWith(sections, title, room)
		if len(c.sheets) <= pageLimit {
			return c
		}
	}
	c.sheets = c.sheets[:pageLimit]
	for k, page := range c.at {
		if page > pageLimit {
			c.left += width(flat(sections[k[0]].lines[k[1]].parts))
			c.at[k] = 0
		}
	}
	return c
}

func (n *note) layWith(sections []section, title Title, room int) carousel {
	c := carousel{at: map[[2]int]int{}}
	c.sheets = append(c.sheets, n.cover(title))
	for i, s := range sections {
		if s.place == placeSteps {
			n.layTaken(&c, sections)
		}
		n.lay(&c, i, s, room, sections)
	}
	return c
}

// cover sets a title's weightier half large and the other under it.
func (n *note) cover(title Title) sheet {
	s := sheet{kind: loam.PageCover, title: title.Parts}
	for i, p := range title.Parts {
		if p.Text != n.tongue.bar || p.From != "" || i == 0 {
			continue
		}
		s.title, s.sub = title.Parts[:i], title.Parts[i+1:]
		if width(flat(s.title)) < 4 && width(flat(s.sub)) <= 14 {
			s.title, s.sub = s.sub, s.title
		}
		break
	}
	return s
}

// subjectShort is the subject as a page's title has room for it.
func (n *note) subjectShort() []Part {
	for _, v := range n.subject.variants {
		if width(flat(v)) <= 14 {
			return v
		}
	}
	return nil
}

// pages turns sheets into pages.
func (c carousel) pages() []loam.Page {
	out := make([]loam.Page, 0, len(c.sheets))
	for _, s := range c.sheets {
		p := loam.Page{Kind: s.kind, Title: flat(s.title), Sub: flat(s.sub), Number: s.number}
		for _, l := range s.lines {
			p.Lines = append(p.Lines, flat(l))
		}
		for _, r := range s.rows {
			var row []string
			for _, cell := range r {
				row = append(row, flat(cell))
			}
			p.Rows = append(p.Rows, row)
		}
		out = append(out, p)
	}
	return out
}
