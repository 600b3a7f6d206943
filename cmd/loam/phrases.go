package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"loam"
	"loam/internal/policy"
	"loam/internal/screen"
	"loam/internal/store"
)

// addPhrases checks phrases and puts them into the standing list. One that folds to
// nothing can never be found and is refused, as are unknown risks and tiers.
func addPhrases(ctx context.Context, db *store.DB, by string, list []loam.Phrase) (int64, error) {
	for i := range list {
		p := &list[i]
		p.Text = strings.TrimSpace(p.Text)
		switch {
		case !screen.Findable(p.Text):
			return 0, loam.Fail(loam.Invalid, "phrase.empty", i+1)
		case !policy.KnownRisk(p.Risk):
			return 0, loam.Fail(loam.Invalid, "phrase.risk", p.Risk)
		case !policy.KnownTier(p.Tier):
			return 0, loam.Fail(loam.Invalid, "phrase.tier", p.Tier)
		}
	}
	var n int64
	for chunk := range slices.Chunk(list, 1000) { // a transaction of its own each: readers go on
		m, err := db.AddPhrases(ctx, by, chunk)
		if err != nil {
			return n, err
		}
		n += m
	}
	return n, nil
}

type phrasesCmd struct {
	Import phrasesImportCmd `cmd:"" help:"Add a phrases file to the standing list."`
	List   phrasesListCmd   `cmd:"" help:"List the standing phrases with their evidence."`
	Export phrasesExportCmd `cmd:"" help:"Write the standing list as a phrases file."`

	Compile phrasesCompileCmd `cmd:"" help:"Compile a phrases file into the form that loam screen reads in no time."`
}

type phrasesImportCmd struct {
	place
	File   string `arg:"" optional:"" default:"-" help:"Lines of phrase, risk, tier (block, review or signal) with tabs between; - is standard input."`
	Source string `help:"Where the list comes from, kept as its evidence." default:"file"`
	JSON   bool   `help:"One JSON object."`
}

// Run adds the file's phrases; a running server has them in force within a second.
func (c *phrasesImportCmd) Run(a *app) (err error) {
	list, skipped, err := readPhrases(a, c.File)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].Source = c.Source
	}
	db, _, err := c.place.open(a.ctx, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	n, err := addPhrases(a.ctx, db, "command line", list)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(a.out).Encode(map[string]int64{"read": int64(len(list)), "changed": n, "skipped": int64(skipped)})
	}
	_, err = fmt.Fprintf(a.out, "%d phrases read, %d new or changed, %d skipped\n", len(list), n, skipped)
	return err
}

type phrasesListCmd struct {
	place
	JSON bool `help:"JSON Lines."`
}

// Run lists phrases as JSON Lines or a table.
func (c *phrasesListCmd) Run(a *app) error {
	return eachPhrase(a, c.place, func(p loam.Phrase) error {
		if c.JSON {
			return json.NewEncoder(a.out).Encode(p)
		}
		_, err := fmt.Fprintf(a.out, "%s\t%s\t%s\t%s\t%s\n", p.Text, p.Risk, p.Tier, p.Source, time.UnixMilli(p.At).UTC().Format(time.DateOnly))
		return err
	})
}

type phrasesExportCmd struct{ place }

// Run writes what import reads.
func (c *phrasesExportCmd) Run(a *app) error {
	return eachPhrase(a, c.place, func(p loam.Phrase) error {
		_, err := fmt.Fprintf(a.out, "%s\t%s\t%s\n", p.Text, p.Risk, p.Tier)
		return err
	})
}

func eachPhrase(a *app, p place, f func(loam.Phrase) error) (err error) {
	db, _, err := p.open(a.ctx, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	list, err := db.Phrases(a.ctx)
	for _, ph := range list {
		err = errors.Join(err, f(ph))
	}
	return err
}

// open opens a named file, or standard input for "-".
func (a *app) open(name string) (io.Reader, func(), error) {
	if name == "-" {
		return a.in, func() {}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	return f, func() { _ = f.Close() }, nil // only read
}

type phrasesCompileCmd struct {
	File   string `arg:"" optional:"" default:"-" help:"A phrases file; - is standard input."`
	Output string `short:"o" required:"" help:"The compiled list to write." placeholder:"FILE"`
	Policy string `help:"The policy it will be used with: its allowed words are compiled in." type:"path" placeholder:"FILE"`
	JSON   bool   `help:"One JSON object."`
}

// Run compiles. It opens no data folder.
func (c *phrasesCompileCmd) Run(a *app) error {
	p, err := readPolicy(c.Policy)
	if err != nil {
		return err
	}
	list, skipped, err := readPhrases(a, c.File)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := screen.NewLexicon(list, p.Allowed()).Save(&b); err != nil {
		return err
	}
	if err := a.write(c.Output, b.Bytes()); err != nil {
		return err
	}
	if c.JSON {
		return a.json(map[string]int64{"phrases": int64(len(list)), "skipped": int64(skipped), "bytes": int64(b.Len())})
	}
	_, err = fmt.Fprintf(a.out, "%d phrases compiled, %d skipped, %d bytes\n", len(list), skipped, b.Len())
	return err
}
