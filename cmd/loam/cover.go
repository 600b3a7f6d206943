package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"loam"
	"loam/internal/fonts"
	"loam/internal/render"
	"loam/internal/text"
)

// coverCmd draws a cover. It writes no AI mark: a person's title in a template is not
// generated.
type coverCmd struct {
	Title  string `help:"The words of the cover." placeholder:"TEXT"`
	Sub    string `help:"Smaller words below." placeholder:"TEXT"`
	Style  string `help:"One of --list; the first of them if not given." placeholder:"NAME"`
	Output string `short:"o" help:"PNG to write; - is standard output." placeholder:"FILE.png"`
	List   bool   `help:"List the styles instead, a name a line."`
	JSON   bool   `help:"One JSON object; with --list JSON Lines."`
}

// covered is what was drawn. Fits is false if the title had to be cut.
type covered struct {
	File   string `json:"file"`
	Style  string `json:"style"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Bytes  int    `json:"bytes"`
	Fits   bool   `json:"fits"`
}

// styled is one line of --list --json.
type styled struct {
	Name string `json:"name"`
	Zh   string `json:"zh"`
	En   string `json:"en"`
}

// Run draws the cover, or lists the styles.
func (c *coverCmd) Run(a *app) error {
	if c.List {
		return c.list(a)
	}
	if err := c.check(); err != nil {
		return err
	}
	style := render.Styles()[0]
	if c.Style != "" {
		var err error
		if style, err = render.Find(c.Style); err != nil {
			return fmt.Errorf("%w: no style is called %q; they are %s", errUse, c.Style, strings.Join(styleNames(), ", "))
		}
	}
	pen, err := newPen()
	if err != nil {
		return err
	}
	b, fits, err := drawCover(pen, style, loam.Page{Kind: loam.PageCover, Title: c.Title, Sub: c.Sub})
	if err != nil {
		return err
	}
	if err := a.write(c.Output, b); err != nil {
		return err
	}
	if !fits {
		fmt.Fprintln(a.err, "loam: the words do not all fit and end in …")
	}
	if !c.JSON {
		return nil
	}
	return a.json(covered{c.Output, style.Name, render.Width, render.Height, len(b), fits})
}

func (c *coverCmd) check() error {
	switch {
	case strings.TrimSpace(c.Title) == "":
		return fmt.Errorf("%w: --title is missing or empty", errUse)
	case !utf8.ValidString(c.Title) || !utf8.ValidString(c.Sub):
		return fmt.Errorf("%w: the words are not UTF-8", errUse)
	case c.Output == "":
		return fmt.Errorf("%w: say with -o where the picture goes", errUse)
	case c.Output == "-" && c.JSON:
		return fmt.Errorf("%w: picture and --json cannot share standard output", errUse)
	}
	return nil
}

func (c *coverCmd) list(a *app) error {
	for _, s := range render.Styles() {
		var err error
		if c.JSON {
			err = a.json(styled{s.Name, s.Zh, s.En})
		} else {
			_, err = fmt.Fprintln(a.out, s.Name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func styleNames() []string {
	var names []string
	for _, s := range render.Styles() {
		names = append(names, s.Name)
	}
	return names
}

// newPen is the renderer with the embedded faces and the dictionary, as the server has it.
func newPen() (*render.Renderer, error) {
	faces, err := fonts.Load()
	if loam.CodeOf(err) == "fonts.missing" {
		return nil, errors.New("this loam was built without its fonts; build it with `make build`")
	}
	return &render.Renderer{Faces: faces, Words: text.Words}, err
}

// drawCover gives the PNG of a cover, and whether all its words are seen.
func drawCover(pen *render.Renderer, style render.Style, page loam.Page) ([]byte, bool, error) {
	fits, err := pen.Fits(style, page)
	if err != nil {
		return nil, false, err
	}
	img, err := pen.Cover(style, page)
	if err != nil {
		return nil, false, err
	}
	var b bytes.Buffer
	err = render.Encode(&b, img)
	return b.Bytes(), fits, err
}
