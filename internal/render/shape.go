package render

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"github.com/rivo/uniseg"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"

	"loam/internal/fonts"
)

// What one text may cost: a title of 5 MB is cut long before it is shaped. A picture
// never shows as much as this.
const (
	maxBytes    = 32 << 10
	maxClusters = 3000
	maxRunes    = 24 // of one cluster; the longest emoji sequence has 10
)

// class is what the line breaker must know of a cluster.
type class int

const (
	classWord  class = iota // letters and digits of scripts that write spaces
	classHan                // characters that stand alone
	classOpen               // may not end a line
	classClose              // may not start a line
	classSpace
	classEmoji
	classBreak // a line break the author wrote
)

// cluster is one grapheme cluster, the smallest thing a line may be cut at.
type cluster struct {
	text   string
	class  class
	width  float64 // in em; kerning with the cluster before is included
	glyphs []glyph
}

// glyph is one outline or emoji bitmap of a cluster.
type glyph struct {
	font  *sfnt.Font // nil for an emoji
	face  fonts.Name
	id    uint32
	shift float64 // from the cluster's left edge, in em
}

// emojiEm is the advance of an emoji; its picture is 0.1 em narrower.
const emojiEm = 1.2

// shaper turns text into clusters with glyphs. It belongs to one drawing: its buffers
// are not safe for concurrent use.
type shaper struct {
	set   *fonts.Set
	buf   sfnt.Buffer
	emoji *font.Face // opened by the first emoji
	hb    shaping.HarfbuzzShaper
}

// clean makes text drawable: NFC, valid UTF-8, without controls, direction marks and
// other invisible characters; runs of spaces become one. Line breaks stay if lines is set.
func clean(s string, lines bool) string {
	if len(s) > maxBytes {
		s = s[:maxBytes]
		for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
			s = s[:len(s)-1]
		}
		s = s[:max(len(s)-1, 0)] // the start of a character that may be cut
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, ""))
	var b strings.Builder
	last := '\n'
	for _, r := range s {
		switch {
		case r == '\n' && lines:
			if last == '\n' {
				continue
			}
		case unicode.IsSpace(r):
			if last == ' ' || last == '\n' {
				continue
			}
			r = ' '
		case invisible(r):
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return strings.TrimRight(b.String(), " \n")
}

// invisible tells the characters that draw nothing and may deceive; the joiner and the
// variation selectors of emoji, and the tags of flags, are not among them.
func invisible(r rune) bool {
	switch {
	case r == '\u200d', r == '\ufe0e', r == '\ufe0f', 0xE0020 <= r && r <= 0xE007F:
		return false
	case r == unicode.ReplacementChar, r == '\u00ad', r == '\u3164', r == '\u2800':
		return true
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r)
}

// shape splits cleaned text into clusters drawn with face. If face lacks one of its Han
// the whole text is drawn with the sans of the same weight: mixed hands look broken.
func (s *shaper) shape(text string, face fonts.Name) ([]cluster, error) {
	main, err := s.set.Text(face)
	if err != nil {
		return nil, err
	}
	name, second := face, fonts.Sans
	if face == fonts.Serif || face == fonts.Heavy {
		second = fonts.Heavy
	}
	back, err := s.set.Text(second)
	if err != nil {
		return nil, err
	}
	if main != back && s.lacksHan(main, text) {
		main, name = back, second
	}
	var out []cluster
	var prev sfnt.GlyphIndex
	for rest, state := text, -1; rest != "" && len(out) < maxClusters; {
		var c cluster
		c.text, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		c.class = classify(c.text)
		switch {
		case c.text == "\n":
		case s.isEmoji(c.text, main, back):
			if err := s.shapeEmoji(&c); err != nil {
				return nil, err
			}
			prev = 0
		default:
			if !s.shapeText(&c, main, name, prev) && !s.shapeText(&c, back, second, 0) {
				s.shapeText(&cluster{}, back, second, 0)
				c.glyphs, c.width = s.tofu(back, second)
			}
			prev = sfnt.GlyphIndex(c.glyphs[len(c.glyphs)-1].id)
		}
		out = append(out, c)
	}
	squeeze(out)
	return out, nil
}

func (s *shaper) lacksHan(f *sfnt.Font, text string) bool {
	for _, r := range text[:min(len(text), maxBytes)] {
		if unicode.Is(unicode.Han, r) {
			if g, _ := f.GlyphIndex(&s.buf, r); g == 0 {
				return true
			}
		}
	}
	return false
}

// upem is the size metrics are asked at; widths are its fractions.
const upem = 1000

// shapeText sets the cluster's glyphs from one font; false if the font lacks one. Marks
// that the font cannot place are left out.
func (s *shaper) shapeText(c *cluster, f *sfnt.Font, face fonts.Name, prev sfnt.GlyphIndex) bool {
	c.glyphs, c.width = nil, 0
	for i, r := range c.text {
		if i > 0 && (len(c.glyphs) >= maxRunes || unicode.Is(unicode.Variation_Selector, r) || r == '\u200d') {
			continue
		}
		id, err := f.GlyphIndex(&s.buf, r)
		if err != nil || id == 0 {
			if i > 0 {
				continue
			}
			return false
		}
		w, err := f.GlyphAdvance(&s.buf, id, fixed.I(upem), 0)
		if err != nil {
			return false
		}
		if i == 0 && prev != 0 && c.class == classWord {
			if k, err := f.Kern(&s.buf, prev, id, fixed.I(upem), 0); err == nil {
				c.width += em(k)
			}
		}
		c.glyphs = append(c.glyphs, glyph{font: f, face: face, id: uint32(id), shift: c.width})
		c.width += em(w)
	}
	return len(c.glyphs) > 0
}

// tofu is the box drawn for what no face has.
func (s *shaper) tofu(f *sfnt.Font, face fonts.Name) ([]glyph, float64) {
	id, _ := f.GlyphIndex(&s.buf, '□')
	return []glyph{{font: f, face: face, id: uint32(id)}}, 1
}

func em(v fixed.Int26_6) float64 { return float64(v) / 64 / upem }

// isEmoji decides as UTS #51 does: by the variation selector if there is one, else by
// whether the character is in the emoji planes or no text face has it.
func (s *shaper) isEmoji(text string, main, back *sfnt.Font) bool {
	r, n := utf8.DecodeRuneInString(text)
	switch {
	case strings.ContainsRune(text, '\ufe0e'), unicode.IsSpace(r), unicode.IsLetter(r), unicode.IsMark(r):
		return false
	case strings.ContainsRune(text[n:], '\ufe0f'), strings.ContainsRune(text[n:], '\u20e3'):
		return true
	case r >= 0x1F000:
		return s.hasEmoji(r)
	case r < 0x2000:
		return false
	}
	if g, _ := main.GlyphIndex(&s.buf, r); g != 0 && r < 0x2600 {
		return false
	}
	if g, _ := back.GlyphIndex(&s.buf, r); g != 0 {
		return false
	}
	return s.hasEmoji(r)
}

func (s *shaper) hasEmoji(r rune) bool {
	if s.openEmoji() != nil {
		return false
	}
	_, ok := s.emoji.NominalGlyph(r)
	return ok
}

func (s *shaper) openEmoji() error {
	if s.emoji != nil {
		return nil
	}
	f, err := s.set.Emoji()
	if err != nil {
		return err
	}
	s.emoji = font.NewFace(f)
	return nil
}

// shapeEmoji lets the font's own tables join the sequence; one it does not know is drawn
// as its parts side by side.
func (s *shaper) shapeEmoji(c *cluster) error {
	if err := s.openEmoji(); err != nil {
		return err
	}
	c.class = classEmoji
	runes := []rune(c.text)
	runes = runes[:min(len(runes), maxRunes)]
	out := s.hb.ShapeNoExtents(shaping.Input{
		Text: runes, RunEnd: len(runes), Direction: di.DirectionLTR, Face: s.emoji,
		Size: fixed.I(upem), Script: language.Common, Language: language.NewLanguage("zh"),
	})
	for _, g := range out.Glyphs {
		if g.GlyphID == 0 || g.Advance == 0 {
			continue
		}
		c.glyphs = append(c.glyphs, glyph{face: fonts.Emoji, id: uint32(g.GlyphID), shift: c.width})
		c.width += emojiEm
	}
	return nil
}

const (
	opens  = "（「『【《〈〔［｛“‘([{«〖"
	closes = "，。！？、：；）」』】》〉〕］｝”’…‥·—～〜%％‰℃°,.!?:;)]}»〗ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
	// halves are the closing marks whose right half is empty in a full-width face.
	halves = "，。、：；）」』】》〉〕］｝〗"
)

func classify(text string) class {
	r, _ := utf8.DecodeRuneInString(text)
	switch {
	case r == '\n':
		return classBreak
	case unicode.IsSpace(r):
		return classSpace
	case strings.ContainsRune(opens, r):
		return classOpen
	case strings.ContainsRune(closes, r):
		return classClose
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana), r > 0x2E80:
		return classHan
	default:
		return classWord
	}
}

// squeeze takes the double blank out of neighbouring full-width marks, as 」， or ：「.
func squeeze(cs []cluster) {
	for i := 1; i < len(cs); i++ {
		a, b := &cs[i-1], &cs[i]
		if half(a) && (b.class == classClose || fullOpen(b)) && b.width > 0.9 {
			a.width -= 0.5
		} else if fullOpen(a) && fullOpen(b) {
			b.glyphs[0].shift -= 0.5
			b.width -= 0.5
		}
	}
}

func half(c *cluster) bool {
	return c.width > 0.9 && c.class == classClose && strings.Contains(halves, c.text)
}

func fullOpen(c *cluster) bool { return c.width > 0.9 && c.class == classOpen }
