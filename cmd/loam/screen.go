package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/blevesearch/mmap-go"

	"loam"
	"loam/internal/parts"
	"loam/internal/policy"
	"loam/internal/screen"
)

// screenCmd screens texts and pictures without a server: verdicts as JSON Lines, in the order
// of the input, at constant memory.
type screenCmd struct {
	partsFolder
	Policy  string `help:"Policy file (YAML); the default is Loam's own." type:"path" placeholder:"FILE"`
	Phrases string `help:"Phrases to add: lines of phrase, risk, tier (block, review or signal) with tabs between, or a list made by phrases compile." type:"path" placeholder:"FILE"`
	Format  string `help:"jsonl, csv, tsv, lines or pictures; by the name of the file if not given, JSON Lines from standard input." enum:",jsonl,csv,tsv,lines,pictures" default:""`
	Column  string `help:"Column of a table with the text; found by its usual names if not given." placeholder:"NAME"`
	IDs     string `name:"id-column" help:"Column of a table with ids; id if there is one, else rows are numbered." placeholder:"NAME"`
	Loose   bool   `name:"loose-quotes" help:"Take stray quotes in a table as they stand; one that is never closed then swallows the rows behind it."`
	Summary bool   `help:"Say on standard error what was found, and how fast; on a terminal that is always said."`
	JSON    bool   `help:"JSON Lines; the output is never anything else."`
	File    string `arg:"" optional:"" default:"-" help:"JSON Lines of {\"id\",\"text\"}, a table with a header, lines of text, or a folder of pictures; - is standard input."`
}

// screened is one line of output. Offsets are bytes of the original text.
type screened struct {
	ID       json.RawMessage `json:"id"`
	Action   loam.Action     `json:"action"`
	Findings []loam.Finding  `json:"findings"`
	Rules    []loam.RuleHit  `json:"rules"`
	Policy   string          `json:"policy"`
	Missing  []string        `json:"missing"`
	Absent   []string        `json:"absent"`
}

// Run screens every item; one that cannot be read ends it, by number.
func (c *screenCmd) Run(a *app) (err error) {
	s, done, err := c.screener(a)
	if err != nil {
		return err
	}
	defer done()
	src, size, err := c.source(a)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.close()) }()
	return c.all(a, s, src, size)
}

// screener reads the policy and the phrases.
func (c *screenCmd) screener(a *app) (s *screen.Screener, done func(), err error) {
	p, err := readPolicy(c.Policy)
	if err != nil {
		return nil, nil, err
	}
	eyes := parts.Open(parts.Config{Dir: c.Parts})
	config, unmap := screen.Config{Policy: p, Clock: time.Now}, func() {}
	config.Readers, config.More = lookers(eyes, newGate())
	if c.Phrases != "" {
		if config.Compiled, unmap, err = mapPhrases(c.Phrases, p); err == nil && config.Compiled == nil {
			config.Phrases, _, err = readPhrases(a, c.Phrases)
		}
		if err != nil {
			eyes.Close()
			return nil, nil, fmt.Errorf("%s: %w", c.Phrases, err)
		}
	}
	return screen.New(config), func() { eyes.Close(); unmap() }, nil
}

// lookers are what looks into pictures, for a server and for the command line.
func lookers(eyes *parts.Parts, g gate) ([]screen.Reader, []screen.Detector) {
	return []screen.Reader{screen.OCR{Eyes: eyes, Model: eyes.OCR()}},
		[]screen.Detector{screen.Codes(g.run), screen.Unsafe{Eyes: eyes, Model: eyes.Unsafe()}}
}

// readPolicy reads a policy file; "" is Loam's own.
func readPolicy(file string) (*policy.Policy, error) {
	text := policy.Default()
	if file != "" {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		text = string(raw)
	}
	return policy.Parse(text)
}

// readPhrases reads a phrases file, - for standard input, and says what of it can never be
// found.
func readPhrases(a *app, name string) (list []loam.Phrase, skipped int, err error) {
	in, done, err := a.open(name)
	if err != nil {
		return nil, 0, err
	}
	defer done()
	list, empty, err := screen.ReadPhrases(in)
	for _, n := range empty {
		fmt.Fprintf(a.err, "loam: %s: line %d: skipped, nothing is left of the phrase once folded\n", name, n)
	}
	return list, len(empty), err
}

// mapPhrases maps a compiled list into memory; nil for a file that is none. Done ends that.
func mapPhrases(name string, p *policy.Policy) (x *screen.Lexicon, done func(), err error) {
	done = func() {}
	file, err := os.Open(name)
	if err != nil {
		return nil, done, err
	}
	defer file.Close()
	head := make([]byte, 64)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, done, err
	}
	if !screen.IsCompiled(head[:n]) {
		return nil, done, nil
	}
	m, err := mmap.Map(file, mmap.RDONLY, 0)
	if err != nil {
		return nil, done, err
	}
	done = func() { _ = m.Unmap() } // only read; the process ends
	if x, err = screen.ReadLexicon(m); err == nil && !x.Allows(p.Allowed()) {
		err = loam.Fail(loam.Invalid, "phrases.allowed")
	}
	if err != nil {
		done()
		return nil, func() {}, err
	}
	return x, done, nil
}

// source opens what is screened, and gives its size in the unit of its progress, 0 if unknown.
func (c *screenCmd) source(a *app) (src source, size int64, err error) {
	format := c.Format
	if c.File == "-" {
		if format == "pictures" {
			return nil, 0, fmt.Errorf("%w: pictures are in a folder", errUse)
		}
		return c.reader(a.in, format, func() error { return nil })
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return nil, 0, err
	}
	if info.IsDir() {
		if format != "" && format != "pictures" {
			return nil, 0, fmt.Errorf("%w: %s is a folder, and only pictures are read from one", errUse, c.File)
		}
		return pictureSource(c.File)
	}
	file, err := os.Open(c.File)
	if err != nil {
		return nil, 0, err
	}
	if format == "" {
		format = formatOf(c.File)
	}
	src, _, err = c.reader(file, format, file.Close)
	return src, info.Size(), err
}

// formatOf is the format a file's name tells.
func formatOf(name string) string {
	for ending, format := range map[string]string{".csv": "csv", ".tsv": "tsv", ".txt": "lines", ".text": "lines"} {
		if strings.HasSuffix(strings.ToLower(name), ending) {
			return format
		}
	}
	return "jsonl"
}

func (c *screenCmd) reader(in io.Reader, format string, closer func() error) (source, int64, error) {
	r := &counted{in: in, closer: closer}
	switch format {
	case "csv", "tsv":
		src, err := newTable(r, format == "tsv", c.Loose, c.Column, c.IDs)
		if err != nil {
			return nil, 0, errors.Join(err, closer())
		}
		return src, 0, nil
	case "lines":
		return &lineSource{counted: r, lines: bufio.NewReaderSize(r, 64<<10)}, 0, nil
	case "pictures":
		return nil, 0, errors.Join(fmt.Errorf("%w: pictures are in a folder", errUse), closer())
	}
	return &jsonSource{lineSource{counted: r, lines: bufio.NewReaderSize(r, 64<<10)}}, 0, nil
}

// encoder writes verdicts as lines.
func encoder(out io.Writer) *json.Encoder {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return enc
}

func line(id json.RawMessage, v loam.Verdict) screened {
	return screened{id, v.Action, v.Findings, v.Rules, v.Policy, v.Missing, v.Absent}
}

// trimBOM takes a byte order mark off the first line.
func trimBOM(line []byte, number int) []byte {
	if number == 1 {
		return bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	return line
}
