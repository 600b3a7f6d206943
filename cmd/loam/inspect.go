package main

import (
	"fmt"
	"strings"

	"loam"
	"loam/internal/media"
)

// inspectCmd says what a file's AI labels say, however dirty they are.
type inspectCmd struct {
	JSON bool   `help:"One JSON object, as whenever the output is not a terminal."`
	File string `arg:"" help:"A picture (PNG, JPEG, WebP, GIF) or a text; - is standard input."`
}

// inspected is what a file says of its making.
type inspected struct {
	State loam.AIState `json:"state"`
	Marks []mark       `json:"marks"`
}

type mark struct {
	Kind      string         `json:"kind"`
	State     loam.AIState   `json:"state"`
	Producer  string         `json:"producer"`
	ContentID string         `json:"content_id"`
	Place     string         `json:"place"`
	Defects   []media.Defect `json:"defects"`
}

// Run prints the marks; a readable file without any is state none, and no failure.
func (c *inspectCmd) Run(a *app) error {
	b, err := a.read(c.File, media.MaxBytes)
	if err != nil {
		return err
	}
	found, err := media.Read(b)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	out := inspected{State: media.State(found), Marks: []mark{}}
	for _, f := range found {
		out.Marks = append(out.Marks, mark{
			Kind: f.Kind, State: f.State, Producer: f.Mark.ContentProducer, ContentID: f.Mark.ProduceID,
			Place: f.Place, Defects: append([]media.Defect{}, f.Defects...),
		})
	}
	if c.JSON || !a.terminal() {
		return a.json(out)
	}
	var w strings.Builder
	fmt.Fprintln(&w, out.State)
	for _, m := range out.Marks {
		fmt.Fprintf(&w, "%s %s at %s", m.Kind, m.State, m.Place)
		if m.Producer != "" {
			fmt.Fprintf(&w, ", producer %q, content %q", m.Producer, m.ContentID)
		}
		fmt.Fprintln(&w)
		for _, d := range m.Defects {
			fmt.Fprintf(&w, "  %s: %s\n", d.Level, d.Code)
		}
	}
	_, err = fmt.Fprint(a.out, w.String())
	return err
}
