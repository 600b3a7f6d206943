// Package render draws covers and carousel pages: words on a designed ground, 1080×1440,
// with Chinese line breaking and colour emoji.
//
// It stands apart because it is pure: fonts, the dictionary and photos come in as values,
// nothing is read, no clock is asked, and the same page in the same style is the same
// picture on every machine. No AI mark is drawn here: a person's title in a template is
// not generated; package label marks what is.
//
// Invariant: no line starts with a closing mark or ends with an opening one, no word is
// cut that fits a line, text never leaves its box, and every text has a contrast of at
// least 4.5:1 with its ground.
package render

import (
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"
	"strings"

	"loam"
	"loam/internal/fonts"
)

// Width and Height are a page's size in pixels, the community's 3:4.
const (
	Width  = 1080
	Height = 1440
)

// MinBody is the smallest size of running text in pixels; on a phone it is read at a
// third of that.
const MinBody = 44

// mostItems bounds the lines and rows that are laid out: a page shows half as many.
const mostItems = 40

// Renderer draws pages with a set of faces. It is safe for concurrent use.
type Renderer struct {
	Faces *fonts.Set
	Words Breaker // nil: Runs
}

// Drawing is one page of a carousel to be drawn.
type Drawing struct {
	Style Style
	Brand *loam.Brand // nil: the style's own colours, no sign
	Page  loam.Page
	Index int // from 0
	Total int // pages; no number is shown where there is only one
	// Photos are the page's, each cropped, printed and scaled to the size Frames gives for it.
	// A photo of another size is cut to it; one that is missing leaves its frame empty.
	Photos []image.Image
}

// Cover draws a cover by itself, without a page number.
func (r *Renderer) Cover(style Style, page loam.Page) (*image.RGBA, error) {
	page.Kind = loam.PageCover
	return r.Page(Drawing{Style: style, Page: page, Total: 1})
}

// Page draws one page. Text that does not fit ends in an ellipsis; see Fits. A page kind
// it does not know is Invalid, "page.kind".
func (r *Renderer) Page(l Drawing) (*image.RGBA, error) {
	s, err := r.draw(l)
	if err != nil {
		return nil, err
	}
	return s.img, nil
}

// Fits reports whether the whole text of a page is seen in a style.
func (r *Renderer) Fits(style Style, page loam.Page) (bool, error) {
	s, err := r.draw(Drawing{Style: style, Page: page, Total: 1})
	if err != nil {
		return false, err
	}
	return !s.cut, nil
}

// Encode writes a page as PNG, at the fastest level: text on flat colour stays small.
func Encode(w io.Writer, img image.Image) error {
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	return e.Encode(w, img)
}

// sheet is one page being drawn.
type sheet struct {
	*canvas
	look
	Drawing
	words    Breaker
	page     loam.Page
	cut      bool // some text was shortened
	ellipsis map[fonts.Name]cluster
	taken    []room // places on a photo that a word or a number already has
}

func (r *Renderer) draw(l Drawing) (*sheet, error) {
	return r.drawOn(newCanvas(Width, Height, &shaper{set: r.Faces}), l)
}

func (r *Renderer) drawOn(c *canvas, l Drawing) (*sheet, error) {
	s := &sheet{canvas: c, look: l.Style.look, Drawing: l, words: r.Words, page: l.Page, ellipsis: map[fonts.Name]cluster{}}
	if s.words == nil {
		s.words = Runs
	}
	if s.cover == nil {
		return nil, loam.Fail(loam.Invalid, "style.unknown", l.Style.Name)
	}
	s.page.Lines = l.Page.Lines[:min(len(l.Page.Lines), mostItems)]
	s.page.Rows = slices.DeleteFunc(slices.Clone(l.Page.Rows[:min(len(l.Page.Rows), mostItems)]), func(row []string) bool { // begun, not written yet
		return strings.TrimSpace(strings.Join(row[:min(len(row), mostItems)], "")) == ""
	})
	s.cut = len(l.Page.Lines) > mostItems || len(l.Page.Rows) > mostItems
	s.take(l.Brand)
	frames := Frames(l.Style, l.Page)
	switch {
	case len(frames) > 0:
		s.pictured(frames)
	case l.Page.Kind == loam.PageCover:
		s.cover(s)
	default:
		if err := s.inner(); err != nil {
			return nil, err
		}
	}
	s.sign(l.Brand)
	return s, s.err
}

// paragraph shapes text for a face; line breaks the author wrote are kept.
func (s *sheet) paragraph(text string, face fonts.Name) *paragraph {
	text = clean(text, true)
	cs, err := s.sh.shape(text, face)
	if err != nil {
		s.fail(err)
		return newParagraph(nil, nil)
	}
	if _, ok := s.ellipsis[face]; !ok {
		if e, err := s.sh.shape("…", face); err == nil && len(e) == 1 {
			s.ellipsis[face] = e[0]
		}
	}
	return newParagraph(cs, s.words(text))
}

// set lays text out in a box without drawing it.
func (s *sheet) set(text string, face fonts.Name, b box) *block {
	return s.fitted(s.paragraph(text, face), face, b)
}

func (s *sheet) fitted(p *paragraph, face fonts.Name, b box) *block {
	out := fit(p, s.ellipsis[face], b)
	s.cut = s.cut || out.cut
	return out
}

// text is set and lay in one.
func (s *sheet) text(text string, face fonts.Name, b box, x, y, align float64, col color.RGBA) *block {
	out := s.set(text, face, b)
	s.lay(out, x, y, b.w, align, col)
	return out
}
