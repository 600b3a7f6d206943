package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"loam"
)

// example is one text to learn from or to measure with.
type example struct {
	text   string
	group  string // texts of one group are held out together
	topic  string // of COLD: race, gender or region
	cold   bool
	harm   []loam.Risk // what it is
	unsure []loam.Risk // what it may be as well: neither taught nor counted
	fold   int
	mixed  int // the fold where only the variants of one line are held out together
	vector vector
}

// groupText is a group of a file in examples/: what belongs together in subject, harmful
// sentences and ordinary ones that share their words.
type groupText struct {
	Group  string      `yaml:"group"`
	Also   []loam.Risk `yaml:"also"`
	Unsure []loam.Risk `yaml:"unsure"`
	Harm   []string    `yaml:"harm"`
	Fine   []string    `yaml:"fine"`
}

// ordinary is the file whose sentences are no risk at all.
const ordinary = "ordinary"

// folds is the number of parts for cross-validation: no file has more groups with harm, so
// that each is left out by itself.
const folds = 8

// ownExamples reads every file of a folder, in the order of their names.
func ownExamples(dir string) ([]example, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	var out []example
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		more, err := parseExamples(name, raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		out = append(out, more...)
	}
	return out, nil
}

func parseExamples(name string, raw []byte) ([]example, error) {
	d := yaml.NewDecoder(bytes.NewReader(raw))
	d.KnownFields(true)
	var groups []groupText
	if err := d.Decode(&groups); err != nil {
		return nil, err
	}
	risk := loam.Risk(name)
	if name != ordinary && !slices.Contains(loam.Risks(), risk) {
		return nil, fmt.Errorf("%q is no risk", name)
	}
	var out []example
	lines := 0
	for i, g := range groups {
		add := func(line string, harm, unsure []loam.Risk) {
			for _, text := range expand(line) {
				out = append(out, example{text: text, group: name + "/" + g.Group, harm: harm, unsure: unsure, fold: i % folds, mixed: lines % folds})
			}
			lines++
		}
		for _, line := range g.Harm {
			add(line, append([]loam.Risk{risk}, g.Also...), g.Unsure)
		}
		for _, line := range g.Fine {
			add(line, nil, nil)
		}
	}
	return out, nil
}

// mostVariants bounds what one line stands for.
const mostVariants = 12

// expand writes a line with choices 〔a|b|c〕 out: as many texts as two choices of its
// longest have together, at most mostVariants, each choice in turn.
func expand(line string) []string {
	var parts [][]string
	longest, choices := 1, 0
	for rest := line; rest != ""; {
		before, after, ok := strings.Cut(rest, "〔")
		parts = append(parts, []string{before})
		if !ok {
			break
		}
		choice, after, _ := strings.Cut(after, "〕")
		options := strings.Split(choice, "|")
		parts = append(parts, options)
		longest, choices, rest = max(longest, len(options)), choices+1, after
	}
	n := longest
	if choices > 1 {
		n = min(longest*longest, mostVariants)
	}
	var out []string
	for i := range n {
		var b strings.Builder
		k := 0
		for _, options := range parts {
			if len(options) == 1 {
				b.WriteString(options[0])
				continue
			}
			b.WriteString(options[(i+k*(i/longest))%len(options)])
			k++
		}
		if s := b.String(); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
