package main

import (
	"fmt"
	"time"

	"loam"
	"loam/internal/label"
	"loam/internal/media"
)

// labelCmd writes the AI label of GB 45438-2025 into a file and reads it back.
type labelCmd struct {
	State     string `help:"What is known: is, may or suspected." enum:"is,may,suspected" required:"" placeholder:"STATE"`
	Producer  string `help:"A 27-character provider code, or a name in ASCII without spaces." env:"LOAM_LABEL_PRODUCER" placeholder:"NAME-OR-CODE"`
	ContentID string `name:"content-id" help:"The producer's number of the content; one is made if not given." placeholder:"ID"`
	Visible   bool   `help:"Draw the visible mark too, or put its words under a text."`
	JSON      bool   `help:"One JSON object: the label as written."`
	In        string `arg:"" help:"PNG, JPEG or text; - is standard input."`
	Output    string `short:"o" required:"" help:"File to write; - is standard output." placeholder:"OUT"`
}

// labelled is the label that is now in the file.
type labelled struct {
	File  string       `json:"file"`
	State loam.AIState `json:"state"`
	Mark  loam.Mark    `json:"mark"`
	Bytes int          `json:"bytes"`
}

// Run labels the file; nothing is written unless the label was read back.
func (c *labelCmd) Run(a *app) error {
	if c.Producer == "" {
		return fmt.Errorf("%w: say with --producer or LOAM_LABEL_PRODUCER who the label names", errUse)
	}
	if err := label.CheckProducer(c.Producer); err != nil {
		return fmt.Errorf("%w: --producer: %w", errUse, err)
	}
	if c.ContentID != "" && !media.IsID(c.ContentID) {
		return fmt.Errorf("%w: --content-id is not printable ASCII without spaces, quotes and backslashes", errUse)
	}
	if c.Output == "-" && c.JSON {
		return fmt.Errorf("%w: the file and --json cannot share standard output", errUse)
	}
	b, err := a.read(c.In, media.MaxBytes)
	if err != nil {
		return err
	}
	o := label.Options{State: loam.AIState(c.State), Producer: c.Producer, ContentID: c.ContentID}
	if o.ContentID == "" {
		o.ContentID = loam.NewID(time.Now())
	}
	if c.Visible {
		if o.Draw, err = newPen(); err != nil {
			return err
		}
	}
	out, mark, err := label.File(b, o)
	if err != nil {
		return fmt.Errorf("%s: %w", c.In, err)
	}
	if err := a.write(c.Output, out); err != nil {
		return err
	}
	if !c.JSON {
		return nil
	}
	state := loam.NotAI
	for _, s := range loam.AIStates() {
		if s.Wire() == mark.Label {
			state = s
		}
	}
	return a.json(labelled{c.Output, state, mark, len(out)})
}
