package loam

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// PageKind is how a page of a carousel is laid out.
type PageKind string

// The page kinds.
const (
	PageCover       PageKind = "cover"       // Title, Sub
	PageText        PageKind = "text"        // Title, Lines
	PageFacts       PageKind = "facts"       // Title, Rows of name and value
	PageList        PageKind = "list"        // Title, Lines, each one item
	PageTable       PageKind = "table"       // Title, Rows; the first row is the head
	PageStep        PageKind = "step"        // Number, Title, Lines
	PageQuote       PageKind = "quote"       // Lines, large
	PagePrices      PageKind = "prices"      // Title, Rows of thing, price and a few words on it
	PageTimeline    PageKind = "timeline"    // Title, Rows of when and what
	PageIngredients PageKind = "ingredients" // Title, Rows of thing and amount
	PageSize        PageKind = "size"        // Title, Rows of name and measure, Lines of remarks
	PageChecklist   PageKind = "checklist"   // Title, Lines, each with a box
	PageQuestion    PageKind = "question"    // Title asks, the first of Lines answers, the others say why
	PagePhoto       PageKind = "photo"       // Asset as it is; or Photos, drawn with Title
)

// PageKinds lists the page kinds in the order a chooser shows them.
func PageKinds() []PageKind {
	return []PageKind{
		PageCover, PageText, PageList, PageChecklist, PageFacts, PagePrices, PageTable, PageStep, PageTimeline,
		PageIngredients, PageSize, PageQuestion, PageQuote, PagePhoto,
	}
}

// Layout is how photos lie on a page that is drawn.
type Layout string

// The layouts. An empty one is LayoutFull for one photo and LayoutGrid for several.
const (
	LayoutFull    Layout = "full"    // one photo fills the page, the title on a plate in its calmest ninth
	LayoutFramed  Layout = "framed"  // one photo on the style's own ground, the title below
	LayoutGrid    Layout = "grid"    // two, three or four photos
	LayoutCompare Layout = "compare" // two photos, Lines name them: before and after
)

// Layouts lists the layouts.
func Layouts() []Layout { return []Layout{LayoutFull, LayoutFramed, LayoutGrid, LayoutCompare} }

// Print is how photos are rendered: by rules of our own, learned from nobody's work.
type Print string

// The prints.
const (
	PrintRiso     Print = "riso"     // two inks, a little out of register
	PrintWoodcut  Print = "woodcut"  // cut lines that follow the light
	PrintPapercut Print = "papercut" // layers of coloured paper
	PrintLine     Print = "line"     // a pen's drawing
	PrintPixel    Print = "pixel"    // few squares of few colours
	PrintHalftone Print = "halftone" // dots of four inks
	PrintOil      Print = "oil"      // strokes along the forms
	PrintGlass    Print = "glass"    // panes of colour in lead
	PrintCyano    Print = "cyano"    // Prussian blue on paper
	PrintTorn     Print = "torn"     // scraps of paper laid over each other
)

// Prints lists the prints in the order a chooser shows them.
func Prints() []Print {
	return []Print{
		PrintRiso, PrintWoodcut, PrintPapercut, PrintLine, PrintPixel, PrintHalftone, PrintOil, PrintGlass, PrintCyano, PrintTorn,
	}
}

// Photo is one of her pictures on a drawn page. The stored picture is never changed.
type Photo struct {
	Asset string `json:"asset" maxLength:"64"`
	Crop  *Crop  `json:"crop,omitempty"` // nil: all of it
}

// Crop is a part of a picture in thousandths of its width and height, from the top left.
type Crop struct {
	X int `json:"x" minimum:"0" maximum:"999"`
	Y int `json:"y" minimum:"0" maximum:"999"`
	W int `json:"w" minimum:"1" maximum:"1000"`
	H int `json:"h" minimum:"1" maximum:"1000"`
}

// Callout is a numbered point on a page with a few words. X and Y are thousandths of the
// page's width and height.
type Callout struct {
	X    int    `json:"x" minimum:"0" maximum:"1000"`
	Y    int    `json:"y" minimum:"0" maximum:"1000"`
	Text string `json:"text" maxLength:"200"`
}

// Page is one picture of a carousel before it is drawn. The first page is the cover.
type Page struct {
	Kind     PageKind   `json:"kind"`
	Title    string     `json:"title,omitempty"`
	Sub      string     `json:"sub,omitempty"`
	Lines    []string   `json:"lines,omitempty"`
	Rows     [][]string `json:"rows,omitempty"`
	Number   int        `json:"number,omitempty"`
	Asset    string     `json:"asset,omitempty"`                 // of a photo shown as it is
	Photos   []Photo    `json:"photos,omitempty" maxItems:"4"`   // of a cover or photo page that is drawn
	Layout   Layout     `json:"layout,omitempty"`                // of Photos
	Callouts []Callout  `json:"callouts,omitempty" maxItems:"9"` // on Photos
	Print    Print      `json:"print,omitempty"`                 // of Photos; empty: as taken
}

// Drawn reports a page that the renderer draws; the others are a photo as it was stored.
func (p Page) Drawn() bool { return p.Kind != PagePhoto || len(p.Photos) > 0 || p.Asset == "" }

// Assets are the ids of the photos a page shows, in order.
func (p Page) Assets() []string {
	if !p.Drawn() {
		return []string{p.Asset}
	}
	var out []string
	if p.Kind == PageCover || p.Kind == PagePhoto {
		for _, f := range p.Photos {
			out = append(out, f.Asset)
		}
	}
	return out
}

// Arrangement is the layout Photos have, where Layout leaves it open or their number
// does not allow it.
func (p Page) Arrangement() Layout {
	switch n := len(p.Photos); {
	case n == 0:
		return ""
	case n == 1 && p.Layout == LayoutFramed:
		return LayoutFramed
	case n == 1:
		return LayoutFull
	case n == 2 && p.Layout == LayoutCompare:
		return LayoutCompare
	default:
		return LayoutGrid
	}
}

// Words are all texts a page shows, in reading order.
func (p Page) Words() []string {
	out := append([]string{p.Title, p.Sub}, p.Lines...)
	for _, row := range p.Rows {
		out = append(out, row...)
	}
	for _, c := range p.Callouts {
		out = append(out, c.Text)
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

const (
	maxPhotos   = 4
	maxCallouts = 9
	maxCallout  = 40
)

// Check refuses a page whose pictures cannot be drawn as it says: Invalid, "page.kind",
// "page.layout", "page.photos", "page.crop", "page.callout" or "page.print".
func (p Page) Check() error {
	switch {
	case !slices.Contains(PageKinds(), p.Kind):
		return Fail(Invalid, "page.kind", short(string(p.Kind)))
	case p.Layout != "" && !slices.Contains(Layouts(), p.Layout):
		return Fail(Invalid, "page.layout", short(string(p.Layout)))
	case p.Print != "" && !slices.Contains(Prints(), p.Print):
		return Fail(Invalid, "page.print", short(string(p.Print)))
	case len(p.Photos) > maxPhotos:
		return Fail(Invalid, "page.photos", maxPhotos)
	case len(p.Callouts) > maxCallouts:
		return Fail(Invalid, "page.callout", maxCallouts, maxCallout)
	}
	for _, c := range p.Callouts {
		if c.X < 0 || c.Y < 0 || c.X > 1000 || c.Y > 1000 || utf8.RuneCountInString(c.Text) > maxCallout {
			return Fail(Invalid, "page.callout", maxCallouts, maxCallout)
		}
	}
	for _, f := range p.Photos {
		if c := f.Crop; c != nil && (c.X < 0 || c.Y < 0 || c.W < 1 || c.H < 1 || c.W > 1000 || c.H > 1000 || c.X > 1000-c.W || c.Y > 1000-c.H) {
			return Fail(Invalid, "page.crop")
		}
	}
	return nil
}

// Brand is what makes a creator's pages hers in every style.
type Brand struct {
	Accent string `json:"accent,omitempty" maxLength:"7"` // #rrggbb; a style darkens or lightens it until it can be read
	Sign   string `json:"sign,omitempty" maxLength:"80"`  // her name or sign, at most 20 characters
}

const maxSign = 20

// Check refuses a brand that cannot be drawn: Invalid, "brand.accent" or "brand.sign".
func (b Brand) Check() error {
	if b.Accent != "" {
		if len(b.Accent) != 7 || b.Accent[0] != '#' {
			return Fail(Invalid, "brand.accent")
		}
		if _, err := strconv.ParseUint(b.Accent[1:], 16, 32); err != nil {
			return Fail(Invalid, "brand.accent")
		}
	}
	if utf8.RuneCountInString(b.Sign) > maxSign {
		return Fail(Invalid, "brand.sign", maxSign)
	}
	return nil
}

// short bounds what an error repeats of what came in.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40])
	}
	return s
}

// Drawing is one page of a carousel that is to be drawn. Photos are the Assets of the
// page's Assets, in their order; Index counts from 0.
type Drawing struct {
	Style  string
	Brand  *Brand
	Page   Page
	Index  int
	Total  int
	Photos []Asset
}
