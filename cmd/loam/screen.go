package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
	"unicode/utf8"

	"loam"
	"loam/internal/policy"
	"loam/internal/screen"
)

// screenCmd screens texts without a server: JSON Lines in, JSON Lines out, one at a time.
type screenCmd struct {
	Policy  string `help:"Policy file (YAML); the default is Loam's own." type:"path" placeholder:"FILE"`
	Phrases string `help:"Phrases to add: lines of phrase, risk, tier (block, review or signal) with tabs between." type:"path" placeholder:"FILE"`
	JSON    bool   `help:"JSON Lines; the output is never anything else."`
	File    string `arg:"" optional:"" default:"-" help:"JSON Lines of {\"id\",\"text\"}; - is standard input."`
}

// maxScreenLine bounds one line of input, in bytes.
const maxScreenLine = 16 << 20

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

// Run screens every line; a line that cannot be read ends it, by number.
func (c *screenCmd) Run(a *app) error {
	s, err := c.screener(a)
	if err != nil {
		return err
	}
	in := a.in
	if c.File != "-" {
		file, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	lines := bufio.NewReaderSize(in, 64<<10)
	out := bufio.NewWriter(a.out)
	defer func() { _ = out.Flush() }() // what was screened before a bad line; its error is the one that counts
	for number := 1; ; number++ {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err == nil {
			err = a.ctx.Err()
		}
		if err == nil {
			err = screenLine(s, line, number, out)
		}
		if err == nil && lines.Buffered() == 0 {
			err = out.Flush() // whoever waits for an answer to what she sent gets it
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
}

// screener reads the policy and the phrases.
func (c *screenCmd) screener(a *app) (*screen.Screener, error) {
	text := policy.Default()
	if c.Policy != "" {
		raw, err := os.ReadFile(c.Policy)
		if err != nil {
			return nil, err
		}
		text = string(raw)
	}
	p, err := policy.Parse(text)
	if err != nil {
		return nil, err
	}
	config := screen.Config{Policy: p, Clock: time.Now}
	if c.Phrases != "" {
		file, err := os.Open(c.Phrases)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		list, empty, err := screen.ReadPhrases(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Phrases, err)
		}
		for _, n := range empty {
			fmt.Fprintf(a.err, "loam: %s: line %d: skipped, nothing is left of the phrase once folded\n", c.Phrases, n)
		}
		config.Phrases = list
	}
	return screen.New(config), nil
}

// readLine gives the next line without its end; io.EOF after the last.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxScreenLine:
			return nil, fmt.Errorf("longer than %d bytes", maxScreenLine)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || len(line) == 0):
			return nil, err
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}

func screenLine(s *screen.Screener, line []byte, number int, out io.Writer) error {
	if number == 1 {
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	if len(bytes.TrimSpace(line)) == 0 {
		return nil
	}
	if !utf8.Valid(line) {
		return errors.New("not UTF-8")
	}
	var in struct {
		ID   json.RawMessage `json:"id"`
		Text *string         `json:"text"`
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return fmt.Errorf("not an object with id and text: %w", err)
	}
	if in.ID == nil || in.Text == nil {
		return errors.New("id or text is missing")
	}
	v := s.Text("", *in.Text)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return enc.Encode(screened{in.ID, v.Action, v.Findings, v.Rules, v.Policy, v.Missing, v.Absent})
}
