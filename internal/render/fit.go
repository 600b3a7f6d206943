package render

import (
	"math"
	"strings"
)

// box is how a text may lie: its room in pixels and the sizes it may have.
type box struct {
	w, h     float64
	max, min float64 // font size in px
	leading  float64 // line height in font sizes
	lines    int     // at most; 0: as many as h holds
	balanced bool
}

// block is a text laid out: lines of one size.
type block struct {
	para    *paragraph
	lines   []line
	size    float64
	leading float64
	room    float64 // em a line may have
	cut     bool    // an ellipsis stands for the rest
}

// height is from the top of the first line's em box to the bottom of the last one's.
func (b *block) height() float64 {
	if len(b.lines) == 0 {
		return 0
	}
	return b.size * (1 + b.leading*float64(len(b.lines)-1))
}

// width is that of the widest line.
func (b *block) width() float64 {
	w := 0.0
	for _, l := range b.lines {
		w = max(w, l.width)
	}
	return w * b.size
}

// text is what a line shows.
func (b *block) text(l line) string {
	var s strings.Builder
	for _, c := range b.para.clusters[l.from:l.to] {
		s.WriteString(c.text)
	}
	return strings.TrimRight(s.String(), " \n")
}

// fit lays text out at the largest size at which it fits with its words whole; if none
// does, at the smallest, with words wider than a line cut, and the end too if need be.
func fit(p *paragraph, ellipsis cluster, b box) *block {
	for size := b.max; size > b.min; size = math.Max(b.min, math.Floor(size*0.95)) {
		if lines, whole := p.wrap(b.w/size, b.balanced); whole && b.holds(len(lines), size) {
			return &block{para: p, lines: lines, size: size, leading: b.leading, room: b.w / size}
		}
	}
	lines, _ := p.wrap(b.w/b.min, b.balanced)
	out := &block{para: p, lines: lines, size: b.min, leading: b.leading, room: b.w / b.min}
	if !b.holds(len(lines), b.min) {
		out.shorten(b.capacity(), b.w/b.min, ellipsis)
	}
	return out
}

func (b box) holds(lines int, size float64) bool {
	if b.lines > 0 && lines > b.lines {
		return false
	}
	return lines == 0 || size*(1+b.leading*float64(lines-1)) <= b.h
}

// capacity is how many lines of the smallest size there is room for, at least one.
func (b box) capacity() int {
	n := int((b.h/b.min-1)/b.leading) + 1
	if b.lines > 0 {
		n = min(n, b.lines)
	}
	return max(n, 1)
}

// shorten keeps n lines and ends the last with an ellipsis, cut between clusters and
// never after an opening mark or a space.
func (b *block) shorten(n int, width float64, ellipsis cluster) {
	if n >= len(b.lines) {
		return
	}
	b.lines = b.lines[:n]
	last := &b.lines[n-1]
	from, to := last.from, last.to
	// By the full widths: a closing mark that hangs at the end of a line no longer does.
	for to > from && (b.para.sums[to]-b.para.sums[from]+ellipsis.width > width || b.loose(to-1)) {
		to--
	}
	if to == from && n > 1 { // nothing of the line is left: the one before it ends the text
		b.shorten(n-1, width, ellipsis)
		return
	}
	cs := append(append([]cluster{}, b.para.clusters[:to]...), ellipsis)
	q := &paragraph{clusters: cs, breaks: append(append([]strength{}, b.para.breaks[:to]...), never)}
	q.sums = make([]float64, len(cs)+1)
	for i, c := range cs {
		q.sums[i+1] = q.sums[i] + c.width
	}
	b.para, b.cut = q, true
	*last = line{from, to + 1, q.visible(from, to+1)}
}

// loose tells a cluster that may not stand before an ellipsis.
func (b *block) loose(i int) bool {
	c := b.para.clusters[i]
	return c.class == classOpen || c.class == classSpace || c.class == classBreak ||
		c.class == classClose && strings.ContainsAny(c.text, "，、：；…,")
}
