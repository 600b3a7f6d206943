package studio

import (
	"strconv"

	"loam/internal/text"
)

// body writes sections into a body within the limit. What does not fit stays on the pages,
// and a last line says on which: first(section, line) is the page a line stands on.
func (n *note) body(sections []section, limit int, first func(int, int) int) []Part {
	w := writer{look: n.look()}
	total := writer{look: w.look}
	for _, s := range sections {
		total.section(s, len(s.lines))
	}
	if total.units <= limit {
		return total.parts
	}
	room := limit - text.BodyLength("\n\n"+n.tongue.see+"18")
	rest := 0
	for i, s := range sections {
		if len(s.lines) == 0 && w.units+text.BodyLength(flat(s.heading))+8 > room {
			continue
		}
		k := w.fitting(s, room)
		w.section(s, k)
		if k < len(s.lines) && rest == 0 {
			rest = first(i, k)
			if s.place == placeText || s.place == placeList {
				room = w.units // nothing may overtake a story
			}
		}
	}
	if rest > 0 {
		w.gap("\n\n")
		w.put(scaffold(n.tongue.see), scaffold(strconv.Itoa(rest)))
	}
	return w.parts
}

// writer collects parts and counts their UTF-16 units.
type writer struct {
	look  look
	parts []Part
	units int
	last  place
	any   bool
}

func (w *writer) put(parts ...Part) {
	for _, p := range parts {
		if p.Text == "" {
			continue
		}
		w.parts = append(w.parts, p)
		w.units += text.BodyLength(p.Text)
	}
}

// gap is a break between lines, unless nothing stands before it.
func (w *writer) gap(s string) {
	if len(w.parts) > 0 {
		w.put(scaffold(s))
	}
}

// section writes the first k lines of a section. The subject, the facts and plain lines
// under it stand close; a heading stands alone.
func (w *writer) section(s section, k int) {
	if len(s.lines) == 0 && s.place != placeDay && s.place != placeItem || k == 0 && len(s.lines) > 0 {
		return
	}
	switch {
	case w.any && len(s.heading) == 0 && (w.last == placeHead || w.last == placeFacts) && s.place <= placeText:
		w.gap("\n")
	default:
		w.gap("\n\n")
	}
	w.any, w.last = true, s.place
	if len(s.heading) > 0 {
		w.put(scaffold(w.look.heading[0]))
		w.put(s.heading...)
		w.put(scaffold(w.look.heading[1]))
		if k > 0 {
			w.put(scaffold("\n"))
		}
	}
	for i, l := range s.lines[:k] {
		if i > 0 {
			w.put(scaffold("\n"))
		}
		w.line(l, i+1)
	}
}

func (w *writer) line(l line, number int) {
	switch l.mark {
	case "":
	case "*":
		w.put(scaffold(w.look.bullet))
	case "#":
		w.put(scaffold(strconv.Itoa(number)), scaffold(". "))
	default:
		w.put(scaffold(l.mark))
	}
	w.put(l.parts...)
}

// fitting is how many lines of a section still fit into the room.
func (w *writer) fitting(s section, room int) int {
	if len(s.lines) == 0 {
		return 0
	}
	try := writer{look: w.look, units: w.units, any: w.any, last: w.last, parts: w.parts[:len(w.parts):len(w.parts)]}
	try.section(s, 1)
	for k := 1; ; k++ {
		if try.units > room {
			return k - 1
		}
		if k == len(s.lines) {
			return k
		}
		try.put(scaffold("\n"))
		try.line(s.lines[k], k+1)
	}
}
