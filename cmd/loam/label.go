package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"loam"
	"loam/internal/c2pa"
	"loam/internal/label"
	"loam/internal/media"
	"loam/internal/parts"
	"loam/internal/render"
)

// labelCmd writes the AI label of GB 45438-2025 into a file and reads it back.
type labelCmd struct {
	State     string `help:"What is known: is, may or suspected." enum:"is,may,suspected" required:"" placeholder:"STATE"`
	Producer  string `help:"A 27-character provider code, or a name in ASCII without spaces." env:"LOAM_LABEL_PRODUCER" placeholder:"NAME-OR-CODE"`
	ContentID string `name:"content-id" help:"The producer's number of the content; one is made if not given." placeholder:"ID"`
	Visible   bool   `help:"Make the mark visible too: drawn on a picture and a film's opening, words under a text or on a page, a cue in a sound."`
	Words     string `help:"What the visible mark says: short, with AI or 人工智能 and 生成 or 合成." placeholder:"WORDS"`
	Closing   bool   `help:"Show it on a film's last two seconds too."`
	Cue       string `help:"What is heard in a sound: rhythm, or spoken words (needs espeak-ng)." enum:"rhythm,spoken" default:"rhythm"`
	CueAt     string `help:"Where it is heard: start or end." enum:"start,end" default:"start"`
	CueGap    int    `help:"How long the rhythm pauses between its letters, in units of 120 ms: 1 to 7." default:"1" placeholder:"UNITS"`
	Corner    string `help:"Where it stands on a picture or film: bottom-left, bottom-right, top-left or top-right." enum:"bottom-left,bottom-right,top-left,top-right" default:"bottom-left"`
	Source    string `help:"IPTC digital source type to state in a picture, or in an MP4 that is signed: trainedAlgorithmicMedia, compositeWithTrainedAlgorithmicMedia or algorithmicallyEnhanced." placeholder:"TERM"`
	Cert      string `help:"Certificate chain (PEM) to sign Content Credentials with, in JPEG, PNG, WebP and MP4." type:"existingfile" placeholder:"FILE"`
	Key       string `help:"Its private key (PEM)." type:"existingfile" placeholder:"FILE"`
	JSON      bool   `help:"One JSON object a file: the label as written."`
	In        string `arg:"" help:"A picture, video, sound, document or text, or a folder of them; - is standard input."`
	Output    string `short:"o" required:"" help:"File to write, or the folder; - is standard output." placeholder:"OUT"`
}

// labelled is the label that is now in the file.
type labelled struct {
	File  string       `json:"file"`
	State loam.AIState `json:"state"`
	Mark  loam.Mark    `json:"mark"`
	Bytes int64        `json:"bytes"`
}

// Run labels the file, or every file of a folder; nothing is written unless the label was
// read back.
func (c *labelCmd) Run(a *app) error {
	if err := c.check(); err != nil {
		return err
	}
	o := label.Options{State: loam.AIState(c.State), Producer: c.Producer, ContentID: c.ContentID, Words: c.Words, Corner: render.Corner(c.Corner), Source: c.Source}
	if err := c.sign(&o); err != nil {
		return err
	}
	if c.Visible {
		var err error
		if o.Draw, err = newPen(); err != nil {
			return err
		}
	}
	if isFolder(c.In) {
		return c.folder(a, o)
	}
	mark, err := c.one(a, c.In, c.Output, o, func(err error) error { return err })
	c.warn(a, mark)
	return err
}

// warn says that a label just written names a propagator as who made the content.
func (c *labelCmd) warn(a *app, mark loam.Mark) bool {
	if mark.ContentProducer != c.Producer || !label.IsPropagator(c.Producer) {
		return false
	}
	fmt.Fprintf(a.err, "loam: %s\n", propagatorSaid("--producer", c.Producer))
	return true
}

// propagatorSaid warns of a setting that names a propagator where content is made.
func propagatorSaid(setting, code string) string {
	return fmt.Sprintf("%s %s is a distribution service's code (service type 2 in place 23); labels on content made here should name a generation service's (1)", setting, code)
}

func (c *labelCmd) check() error {
	if c.Producer == "" {
		return fmt.Errorf("%w: say with --producer or LOAM_LABEL_PRODUCER who the label names", errUse)
	}
	if err := label.CheckProducer(c.Producer); err != nil {
		return fmt.Errorf("%w: --producer: %w", errUse, err)
	}
	if c.ContentID != "" && !media.IsID(c.ContentID) {
		return fmt.Errorf("%w: --content-id is not printable ASCII without spaces, quotes and backslashes", errUse)
	}
	if c.Words != "" && label.CheckWords(c.Words) != nil {
		return fmt.Errorf("%w: --words does not say AI or 人工智能 and 生成 or 合成 on one short line", errUse)
	}
	if c.CueGap < 1 || c.CueGap > 7 {
		return fmt.Errorf("%w: --cue-gap is 1 to 7 units", errUse)
	}
	if c.Output == "-" && c.JSON {
		return fmt.Errorf("%w: the file and --json cannot share standard output", errUse)
	}
	return nil
}

// sign has Content Credentials written, where a certificate is given.
func (c *labelCmd) sign(o *label.Options) error {
	if c.Cert == "" && c.Key == "" {
		return nil
	}
	if c.Cert == "" || c.Key == "" {
		return fmt.Errorf("%w: --cert and --key go together", errUse)
	}
	pair := config{LabelCert: c.Cert, LabelKey: c.Key}
	now := time.Now()
	chain, key, err := pair.labelPair(now)
	if err != nil {
		return err
	}
	agent := c2pa.Agent{Name: "Loam", Version: version}
	claim := c2pa.Claim{Generator: agent, Agent: agent, Created: c.Source != ""}
	if c.Source != "" {
		claim.SourceType = media.SourceURI + c.Source
	}
	o.Manifest = &label.Manifest{Claim: claim, Signer: c2pa.Signer{Chain: chain, Key: key, Rand: rand.Reader, Now: now}}
	return nil
}

// folder labels every file below In into the same place below Output. One that cannot be
// labelled is told and left out; the others go on.
func (c *labelCmd) folder(a *app, o label.Options) error {
	if c.Output == "-" || c.ContentID != "" {
		return fmt.Errorf("%w: a folder needs a folder to write to, and a content id for each file", errUse)
	}
	var names []string
	failed, others, warned := 0, 0, false
	err := walkFiles(c.In, func(path string) error { names = append(names, path); return nil }, func(err error) { failed++; others++; a.missed(err) })
	if err != nil {
		return err
	}
	bar := newBar(a, len(names))
	for i, name := range names {
		if err := a.ctx.Err(); err != nil {
			bar.clear()
			return err
		}
		bar.show(i)
		below, err := filepath.Rel(c.In, name)
		to := filepath.Join(c.Output, below)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(to), 0o777)
		}
		var mark loam.Mark
		if err == nil {
			mark, err = c.one(a, name, to, o, func(err error) error {
				bar.clear()
				a.missed(err)
				return nil
			})
		}
		if !warned && err == nil {
			bar.clear()
			warned = c.warn(a, mark)
		}
		if err != nil {
			failed++
			bar.clear()
			a.missed(err)
		}
	}
	bar.clear()
	if failed > 0 {
		return fmt.Errorf("%d of %d files were not labelled and not written", failed, len(names)+others)
	}
	return nil
}

// one labels a file and gives the label that is now in it. What is asked for and cannot stand
// beside the label is told to without, whose error stops it.
func (c *labelCmd) one(a *app, in, out string, o label.Options, without func(error) error) (loam.Mark, error) {
	if o.ContentID == "" {
		o.ContentID = loam.NewID(time.Now())
	}
	src, done, err := a.source(in)
	if err != nil {
		return loam.Mark{}, err
	}
	defer done()
	t, err := media.Identify(src)
	if err == nil && t == media.Markdown && !proseName(in) {
		return loam.Mark{}, fmt.Errorf("%s: %w", in, loam.Fail(loam.Invalid, "file.type"))
	}
	if err == nil && o.Manifest != nil && !label.Carries(t) {
		if err := without(fmt.Errorf("%s: %w", in, loam.Fail(loam.Invalid, "label.unsigned", string(t)))); err != nil {
			return loam.Mark{}, err
		}
	}
	plan, mark, clean, err := c.plan(a, src, in, out, o)
	if err != nil {
		return loam.Mark{}, fmt.Errorf("%s: %w", in, err)
	}
	defer clean()
	if err := a.put(out, plan, func(written media.Source) error { return label.Verify(written, mark) }); err != nil {
		return loam.Mark{}, err
	}
	if !c.JSON {
		return mark, nil
	}
	return mark, a.json(labelled{out, stateOf(mark), mark, plan.Size()})
}

// proseName reports whether a text may be Markdown by its name: a label put before a program,
// a table or a drawing would break it.
func proseName(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case "", ".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd", ".txt", ".text":
		return true
	}
	return false
}

// plan is the labelled file; clean is called when it is written. What can carry a visible
// mark of ours is drawn and compared in memory, a film or sound is written by ffmpeg; everything
// else is edited where it lies.
func (c *labelCmd) plan(a *app, src media.Source, in, out string, o label.Options) (plan, loam.Mark, func(), error) {
	nothing := func() {}
	if !c.Visible {
		p, mark, err := label.Plan(src, o)
		return p, mark, nothing, err
	}
	typ, err := media.Identify(src)
	if err != nil {
		return nil, loam.Mark{}, nil, err
	}
	if (parts.Films{}).Takes(typ) {
		return c.film(a, src, in, out, typ, o)
	}
	b, err := io.ReadAll(io.NewSectionReader(src, 0, min(src.Size(), media.MaxBytes+1)))
	if err == nil && len(b) > media.MaxBytes {
		err = loam.Fail(loam.TooLarge, "file.too_large", "40 MB")
	}
	if err != nil {
		return nil, loam.Mark{}, nil, err
	}
	made, mark, err := label.File(b, o)
	return bytes.NewReader(made), mark, nothing, err
}

// plan is a file as it is to be written.
type plan interface {
	media.Source
	io.WriterTo
}

func stateOf(m loam.Mark) loam.AIState {
	for _, s := range loam.AIStates() {
		if s.Wire() == m.Label {
			return s
		}
	}
	return loam.NotAI
}

// bar shows on a terminal how many of a number of files are done.
type bar struct {
	out   io.Writer // nil where nobody looks
	of    int
	begun time.Time
}

func newBar(a *app, of int) *bar {
	if file, ok := a.err.(*os.File); ok && isTerminal(file) {
		return &bar{file, of, time.Now()}
	}
	return &bar{}
}

func (b *bar) show(done int) {
	if b.out == nil {
		return
	}
	fmt.Fprintf(b.out, "\r\x1b[K%s %d of %d, %.0f a second", meter(float64(done)/float64(max(b.of, 1))), done, b.of, float64(done)/max(time.Since(b.begun).Seconds(), 1e-9))
}

func (b *bar) clear() {
	if b.out != nil {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}
